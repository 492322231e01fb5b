"""Who a WhatsApp customer is: a phone number, a business-scoped id (BSUID), or both.

People with a username hide their phone, so neither name is sure to be there.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from bot.channels.fields import name_of, table, words
from bot.channels.whatsapp_cloud.items import Item
from events.contents import Alias, Sender
from events.happened import named
from text.phones import matching_key

_BSUID = re.compile(r"[A-Z]{2}\.")


def is_bsuid(name: str) -> bool:
    return _BSUID.match(name) is not None


@dataclass(frozen=True, slots=True)
class CloudAccount:
    """One phone number of ours."""

    shop: UUID
    key: str
    phone_id: str

    def conversation(self, *parts: str) -> UUID:
        return named(self.key, "conversation", *parts)

    def customer(self, name: str) -> UUID:
        return named(str(self.shop), self.key.partition(":")[0], "customer", name)


@dataclass(frozen=True, slots=True)
class Person:
    """`known` are the names that are the person's own, the oldest and most reliable one first.

    `address` is where to write: the phone when the network tells it. `parent` is a BSUID that
    several businesses of one owner share. `renamed` when the network itself says that all these
    names are one person's.
    """

    address: str
    known: tuple[Alias, ...] = ()
    parent: str | None = None
    name: str | None = None
    username: str | None = None
    renamed: bool = False

    @property
    def phones(self) -> tuple[str, ...]:
        """Those of the names that may be somebody else's one day."""
        return () if self.renamed else tuple(name for name in self.names if not is_bsuid(name))

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask the directory for; spellings of one phone number are one chat."""
        phones = (alias.id for alias in self.aliases if alias.kind == "phone")
        return tuple(dict.fromkeys((*(alias.id for alias in self.known), *phones)))

    @property
    def aliases(self) -> tuple[Alias, ...]:
        keys = (matching_key(alias.id) for alias in self.known if alias.kind == "wa_id")
        phones = [Alias("phone", key) for key in keys if key is not None]
        parents = [Alias("bsuid", self.parent)] if self.parent is not None else []
        return tuple(dict.fromkeys((*self.known, *phones, *parents)))

    @property
    def sender(self) -> Sender:
        return Sender(id=self.address, aliases=self.aliases, name=self.name, username=self.username)


NOBODY = Person("")


def person_of(item: Item) -> Person:
    """The customer an item is about: who wrote, to whom a person of ours wrote, who received."""
    data = item.data
    match item.kind:
        case "message" if words(data.get("type")) == "system":
            return _renamed(item)
        case "message":
            return _met(item, *_ids(data, "from", "from_user_id"))
        case "echo":
            ours = item.line is not None and name_of(data.get("to")) == item.line
            return _met(item, *_ids(data, *(("from", "") if ours else ("to", "to_user_id"))))
        case "status" if words(data.get("recipient_type")) == "group":
            fields = ("recipient_participant_id", "recipient_participant_user_id")
            return _met(item, *_ids(data, *fields))
        case "status":
            return _met(item, *_ids(data, "recipient_id", "recipient_user_id"))
        case _:
            return NOBODY


def group_of(item: Item) -> str | None:
    if item.kind == "status":
        told = words(item.data.get("recipient_type")) == "group"
        return name_of(item.data.get("recipient_id")) if told else None
    return name_of(item.data.get("group_id"))


def _ids(data: dict[str, Any], phone: str, bsuid: str) -> tuple[str | None, str | None]:
    number, scoped = name_of(data.get(phone)), name_of(data.get(bsuid))
    if number is not None and is_bsuid(number):
        return None, scoped or number
    return number, scoped


def _met(item: Item, number: str | None, bsuid: str | None) -> Person:
    contact = _contact(item, number, bsuid)
    told_number, told_bsuid = _ids(contact, "wa_id", "user_id")
    number, bsuid = number or told_number, bsuid or told_bsuid
    profile = table(contact.get("profile"))
    return Person(
        address=number or bsuid or "",
        known=_aliases(("bsuid", bsuid), ("wa_id", number)),
        parent=name_of(contact.get("parent_user_id")),
        name=words(profile.get("name")),
        username=words(profile.get("username")),
    )


def _renamed(item: Item) -> Person:
    """The network tells old and new names of one person together, which is proof enough."""
    told = table(item.data.get("system"))
    was = _met(item, *_ids(item.data, "from", "from_user_id"))
    number = name_of(told.get("wa_id")) or name_of(told.get("new_wa_id"))
    bsuid = name_of(told.get("user_id"))
    earlier, customer = name_of(told.get("previous_user_id")), name_of(told.get("customer"))
    known = (
        *_aliases(("bsuid", earlier), ("wa_id", customer)),
        *was.known,
        *_aliases(("bsuid", bsuid), ("wa_id", number)),
    )
    address = number or bsuid or was.address
    names = tuple(dict.fromkeys(known))
    return Person(address, names, was.parent, was.name, was.username, renamed=True)


def _aliases(*told: tuple[Literal["bsuid", "wa_id"], str | None]) -> tuple[Alias, ...]:
    return tuple(Alias(kind, id_) for kind, id_ in told if id_ is not None)


def _contact(item: Item, number: str | None, bsuid: str | None) -> dict[str, Any]:
    """The contact that shares a name with them; a single one also when it shares none, unless it
    says otherwise: to take a stranger's for theirs would join two people."""
    for contact in item.contacts:
        other_number, other_bsuid = _ids(contact, "wa_id", "user_id")
        if _same(number, other_number) or (bsuid is not None and bsuid == other_bsuid):
            return contact
    if len(item.contacts) != 1:
        return {}
    (contact,) = item.contacts
    other_number, other_bsuid = _ids(contact, "wa_id", "user_id")
    strange = (number and other_number) or (bsuid and other_bsuid)
    return {} if strange else contact


def _same(number: str | None, other: str | None) -> bool:
    if number is None or other is None:
        return False
    return number == other or (
        (key := matching_key(number)) is not None and key == matching_key(other)
    )
