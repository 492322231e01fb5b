"""A conversation with the bot that nobody has: kept on the server for whoever tries it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid4

import msgspec

from events.manners import OrderChanged
from events.vocabulary import ReplyDrafted
from services.wire import Wire

KEPT_S: Final = 2 * 3600
MOST: Final = 30
"""So many exchanges are kept; the oldest go first."""
Network: TypeAlias = Literal["web", "telegram", "whatsapp_cloud"]
When: TypeAlias = Literal["ahora", "abierta", "cerrada"]


class Scene(msgspec.Struct, frozen=True):
    """Where and when a message is said, and which version answers: "" is whoever answers customers
    now. `against` answers beside it."""

    network: Network = "web"
    when: When = "ahora"
    model: str = ""
    against: str = ""


class Exchange(msgspec.Struct, frozen=True):
    """What was said and answered: without a `draft` the bot had nothing to say. `notes` are those
    of the conversation after it, `orders` what became of orders in it."""

    asked: str
    at: datetime
    scene: Scene
    draft: ReplyDrafted | None = None
    rival: ReplyDrafted | None = None
    action: str = ""
    notes: Mapping[str, str] = {}
    orders: tuple[OrderChanged, ...] = ()
    id: UUID = msgspec.field(default_factory=uuid4)


class Rehearsal(msgspec.Struct, frozen=True):
    """`known`: the customer is one of the shop's."""

    conversation: UUID
    customer: UUID
    known: bool = False
    exchanges: tuple[Exchange, ...] = ()

    @property
    def notes(self) -> Mapping[str, str]:
        return self.exchanges[-1].notes if self.exchanges else {}

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    def again(self) -> "Rehearsal":
        """Before the last message, to say another one in its place."""
        return msgspec.structs.replace(self, exchanges=self.exchanges[:-1])

    def going_on(self, exchange: Exchange) -> "Rehearsal":
        kept = (*self.exchanges, exchange)[-MOST:]
        return msgspec.structs.replace(self, exchanges=kept)

    def offers(self, action: str) -> str:
        """The title of a choice of the last answer; "" where there is none like it."""
        draft = self.exchanges[-1].draft if self.exchanges else None
        choices = draft.choices if draft is not None else ()
        return next((one.title for one in choices if one.id == action and one.url is None), "")


def begun(customer: UUID | None = None) -> Rehearsal:
    return Rehearsal(uuid4(), customer or uuid4(), known=customer is not None)


@dataclass(frozen=True, slots=True)
class Said:
    """The next message of a rehearsal; `version` is who answers it, None is whoever answers
    customers now."""

    before: Rehearsal
    text: str
    at: datetime
    network: Network = "web"
    action: str = ""
    version: UUID | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    draft: ReplyDrafted | None
    notes: Mapping[str, str]
    orders: tuple[OrderChanged, ...] = ()


Rehearse: TypeAlias = Callable[[Said], Awaitable[Heard | None]]
"""None when no model answers now. Nothing is sent, stored or learned; models are paid."""


async def nobody_rehearses(_said: Said) -> Heard | None:
    return None


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """Under `key` Redis keeps one for whoever is asked for by name."""

    wire: Wire
    key: str

    async def of(self, who: str) -> Rehearsal:
        kept = await self.wire.command("GET", self._place(who))
        try:
            return msgspec.json.decode(kept, type=Rehearsal) if kept else begun()
        except msgspec.DecodeError:
            return begun()  # left by another release

    async def keep(self, who: str, one: Rehearsal) -> None:
        await self.wire.command("SET", self._place(who), msgspec.json.encode(one), "EX", KEPT_S)

    async def clear(self, who: str) -> None:
        await self.wire.command("DEL", self._place(who))

    def _place(self, who: str) -> str:
        return f"{self.key}:{{{who}}}"
