"""What waits for somebody's yes before it is written down, and what they say to it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

import msgspec

from events.contents import Choice
from handlers.takeover import INTERRUPTED

NOTE: Final = "ledger"
KEPT: Final = timedelta(days=1)
"""A proposal that nobody answered for so long is none any more."""
Kind: TypeAlias = Literal["expense", "income"]
Lacking: TypeAlias = Literal["", "amount", "category"]


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: Kind
    amount: int | None = None
    currency: str
    category: str = ""
    account: str = ""
    on: date
    note: str = ""


class Entries(msgspec.Struct, frozen=True, tag="entries"):
    items: tuple[Entry, ...]


class Limit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="budget"):
    amount: int | None = None
    currency: str
    category: str = ""
    period: Literal["month", "week"] = "month"


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="goal"):
    amount: int | None = None
    currency: str
    name: str
    by: date | None = None


class Removal(msgspec.Struct, frozen=True, tag="cancel"):
    """`said` is how the entry was told when its removal was proposed."""

    entry: UUID
    said: str


Wish: TypeAlias = Entries | Limit | Target | Removal


class Pending(msgspec.Struct, frozen=True):
    """What waits for a yes; its id derives from the turn that proposed it, and so do its rows'."""

    id: UUID
    turn: UUID
    at: datetime
    wish: Wish

    def written(self) -> str:
        return msgspec.json.encode(self).decode()


def pending_in(notes: Mapping[str, str], at: datetime) -> Pending | None:
    """None where a person has spoken since it was proposed."""
    try:
        found = msgspec.json.decode(notes.get(NOTE, ""), type=Pending)
    except msgspec.DecodeError:
        return None
    spoken = notes.get(INTERRUPTED)
    if spoken and found.at < datetime.fromisoformat(spoken):
        return None
    return found if at - found.at < KEPT else None


def tapped(action: str) -> tuple[bool, str] | None:
    """`ledger:yes:<turn>`: whether it is a yes, and to what."""
    name, _, rest = action.partition(":")
    verb, _, target = rest.partition(":")
    return (verb == "yes", target) if name == NOTE and verb in {"yes", "no"} else None


def buttons(pending: Pending, locale: str) -> tuple[Choice, ...]:
    yes = "Yes" if locale == "en" else "Sí"
    return (
        Choice(id=f"{NOTE}:yes:{pending.id}", title=yes),
        Choice(id=f"{NOTE}:no:{pending.id}", title="No"),
    )


def together(pending: Pending | None, wish: Wish) -> Wish:
    """What was not yet confirmed is asked for again with what is new, so that nothing gets lost."""
    if pending is None or not isinstance(pending.wish, Entries) or not isinstance(wish, Entries):
        return wish
    if lacking(pending.wish) or lacking(wish):
        return wish
    return Entries((*pending.wish.items, *wish.items))


def lacking(wish: Wish) -> Lacking:
    """The first thing that has to be asked for; "" where nothing is missing."""
    match wish:
        case Entries(items):
            return "" if all(item.amount for item in items) else "amount"
        case Limit():
            return "amount" if not wish.amount else "" if wish.category else "category"
        case Target():
            return "" if wish.amount else "amount"
        case _:
            return ""


def categories(wish: Wish) -> set[str]:
    """Whose budgets a confirmed wish has moved."""
    items = wish.items if isinstance(wish, Entries) else ()
    return {item.category for item in items if item.kind == "expense" and item.category}
