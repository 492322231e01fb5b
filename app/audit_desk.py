"""`audit`: who did what in a shop, and whether anybody changed what is written of it."""

import json
from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.desk import known_shop, opened
from config.settings import Settings
from store.audit import AuditEvent, Wanted, check, events, hash_of


async def show(
    settings: Settings, shop: str, wanted: tuple[str, str, int], *, as_json: bool
) -> None:
    actor, action, limit = wanted
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        async with desk.store.tenant(found.id) as session:
            which = Wanted(actor=actor, action=action)
            listed = await events(session, found.id, which, limit=limit)
    if as_json:
        emit([_brief(one) for one in listed])
        return
    if not listed:
        result.print("Nothing yet: entering, inviting, keys and changes are written here.")
        return
    table = Table("", "at", "who", "did", "to", "before", "after", box=None)
    for one in listed:
        cells = (one.actor, one.action, one.object, _text(one.before), _text(one.after))
        table.add_row(str(one.number), f"{one.at:%Y-%m-%d %H:%M}", *map(escape, cells))
    result.print(table)


async def verify(settings: Settings, shop: str, noted: str, *, as_json: bool) -> int:
    """The exit code: 1 when something was changed or removed."""
    number, _, digest = noted.partition(":")
    if noted and not (number.isdigit() and len(number) < 16 and digest):  # noqa: PLR2004  a bigint
        refuse(f"{noted!r} is no note", hint="give NUMBER:HASH as printed", code=USAGE)
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        async with desk.store.tenant(found.id) as session:
            talk.print("  reading every entry…", markup=False)
            checked = await check(session, found.id)
            kept = not noted or await hash_of(session, found.id, int(number)) == digest
    good = checked.broken is None and kept
    last = (checked.first or 1) + checked.count - 1
    head = f"{last}:{checked.head}" if checked.count and good else None
    if as_json:
        told = {"good": good, "entries": checked.count, "first": checked.first}
        emit({**told, "broken": checked.broken, "noted_is_there": kept, "note": head})
    elif checked.broken is not None:
        talk.print(f"[bold red]broken[/] at entry {checked.broken}: it or the one before changed")
    elif not kept:
        talk.print(f"[bold red]cut off[/]: entry {number} is not the one that was noted")
    else:
        result.print(f"{checked.count} entries hold. Note this elsewhere: {head or 'none yet'}")
    return 0 if good else FAILED


def _brief(one: AuditEvent) -> dict[str, Any]:
    fields = ("number", "at", "actor", "action", "object", "before", "after", "request_id")
    return {field: getattr(one, field) for field in fields}


def _text(values: dict[str, Any] | None) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False)
