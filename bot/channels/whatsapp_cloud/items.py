"""Takes a webhook of the Cloud API apart: one item for each thing it tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bot.channels.fields import entries, name_of, table, words

Kind: TypeAlias = Literal["message", "echo", "status", "change", "malformed"]

LISTS: tuple[tuple[str, Kind], ...] = (
    ("messages", "message"),
    ("message_echoes", "echo"),
    ("statuses", "status"),
)
FIELDS = frozenset({"messages", "smb_message_echoes", "message_echoes", ""})
"""Changes whose lists speak to us; in others (`standby`, `history`) they only let us watch."""


@dataclass(frozen=True, slots=True)
class Item:
    """`data` is what it tells; `contacts` the people told of beside it, `errors` what went wrong.

    `phone_id` is the number of ours it is about; "" when it is about the whole account. `line` is
    that number as people see it.
    """

    kind: Kind
    whole: object
    data: dict[str, Any]
    field: str = ""
    phone_id: str = ""
    line: str | None = None
    contacts: tuple[dict[str, Any], ...] = ()
    errors: tuple[dict[str, Any], ...] = ()
    time: object = None


def split(body: object) -> Iterator[Item]:
    """Whatever the body is, nothing of it is left out: what cannot be read is an item too."""
    listed = _listed(table(body).get("entry"))
    if not listed:
        yield _malformed(body)
    for entry in listed:
        changes = _listed(table(entry).get("changes"))
        if not changes:
            yield _malformed(entry)
        for change in changes:
            yield from _items(table(entry), change)


def _items(entry: dict[str, Any], change: object) -> Iterator[Item]:
    contents = table(change)
    value, field = table(contents.get("value")), words(contents.get("field")) or ""
    if not value and not field:
        yield _malformed(change)
        return
    meta = table(value.get("metadata"))
    told: dict[str, Any] = {
        "field": field,
        "phone_id": name_of(meta.get("phone_number_id")) or "",
        "line": name_of(meta.get("display_phone_number")),
        "contacts": tuple(entries(value.get("contacts"))),
        "errors": tuple(entries(value.get("errors"))),
        "time": entry.get("time"),
    }
    beside: dict[str, Any] = {name: value[name] for name in ("metadata", "errors") if name in value}
    several = False
    for name, kind in LISTS if field in FIELDS else ():
        for data in _listed(value.get(name)):
            several = True
            contacts = _about(table(data), told["contacts"])
            whole = {"field": field, **beside, "contacts": contacts, name: [data]}
            read: Kind = kind if isinstance(data, dict) else "malformed"
            yield Item(read, whole, table(data), **told)
    if not several:
        whole = {"id": entry.get("id"), "time": entry.get("time"), "changes": [change]}
        yield Item("change", whole, value, **told)


def _about(data: dict[str, Any], contacts: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """A batch names everybody who wrote; what we keep of a message names its own people."""
    ids = [value for value in data.values() if isinstance(value, str)]
    theirs = [one for one in contacts if one.get("wa_id") in ids or one.get("user_id") in ids]
    return theirs or list(contacts[:1] if len(contacts) == 1 else ())


def _malformed(whole: object) -> Item:
    return Item("malformed", whole, {})


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
