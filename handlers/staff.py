"""What the shop's own people say to the bot in their own chats: commands and buttons, no questions.

Only chats that the settings name get here, so whoever else sends such an action is a customer with
an odd button.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from config.manners import TakeoverSettings
from config.packs import Pack
from events.contents import Composed
from events.effects import NOTHING, Effects, Outcome, Retry
from events.happened import following
from events.stream import PartitionFull
from events.vocabulary import MessageReceived, ReplyDrafted
from handlers.clients import Clients
from handlers.ordering import tapped
from handlers.payments import OrderClosed, OrderUnknown, Payments
from handlers.takeover import is_staff
from handlers.word import REF, Place, Word
from services.clock import Clock, now
from store.base import DanglingReference, StoreUnavailable
from store.session import Store
from text.commands import Command, command_of

RETRY_S: Final = 2.0
# By the beginning of its id, as notices name it: a range of the primary key.
FIND: Final = """
SELECT id, customer_id, account, chat, thread FROM app.conversation
WHERE shop_id = $1 AND id BETWEEN $2 AND $3 LIMIT 2
"""
STANDING: Final = """
SELECT (SELECT count(*) FROM app.conversation c
        WHERE c.shop_id = $1 AND c.silenced AND (c.silenced_until IS NULL OR c.silenced_until > $2)
       ) AS silent,
       (SELECT count(*) FROM app.hand_over h WHERE h.shop_id = $1 AND h.resolved_at IS NULL)
       AS waiting,
       (SELECT count(*) FROM app.orders o WHERE o.shop_id = $1 AND o.state = 'receipt') AS receipts
"""


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """`compose` turns a text into what the network of an account takes; `clients` is there where
    the business lends."""

    knobs: TakeoverSettings
    pack: Pack
    store: Store
    word: Word
    payments: Payments
    compose: Callable[[str, str], Composed]
    clock: Clock = now
    clients: Clients | None = None

    async def on_message(self, message: MessageReceived) -> Outcome:
        if not is_staff(message, self.knobs) or _among_themselves(message):
            return NOTHING
        try:
            name, slots = await self._done(message)
        except (StoreUnavailable, DanglingReference, PartitionFull) as error:
            return Retry(RETRY_S, str(error))
        return Effects([self._told(message, name, slots)])

    async def _done(self, message: MessageReceived) -> tuple[str, dict[str, object]]:
        """What came of it: an answer's name and its slots."""
        action = message.action or ""
        order = tapped(action)
        if order is not None and order[0] in {"paid", "reject"}:
            return await self._decided(message, order[1], paid=order[0] == "paid")
        kind, _, rest = action.partition(":")
        way, _, ref = rest.partition(":")
        if kind == "word" and way in {"take", "give"}:
            return await self._switched(message, ref, give=way == "give")
        match command_of(message.text):
            case Command("bot", ("on" | "off" as way, ref)):
                return await self._switched(message, ref, give=way == "on")
            case Command("estado" | "status"):
                return "staff_status", await self._standing(message.shop)
            case Command("cliente" | "client", words) if self.clients is not None:
                return await self.clients.about(message, words)
            case _:
                return "staff_help", {}

    async def _decided(
        self, message: MessageReceived, order: str, *, paid: bool
    ) -> tuple[str, dict[str, object]]:
        try:
            state = await self.payments.decide(
                message.shop, UUID(order), paid=paid, by=_name(message)
            )
        except (ValueError, OrderUnknown):
            return "staff_unknown", {}
        except OrderClosed as closed:
            return "staff_closed", {"state": str(closed)}
        return ("staff_order_paid" if state == "paid" else "staff_order_rejected"), {}

    async def _switched(
        self, message: MessageReceived, ref: str, *, give: bool
    ) -> tuple[str, dict[str, object]]:
        place = await self._place(message.shop, ref)
        if place is None:
            return "staff_unknown", {}
        key, by = str(message.id), _name(message)
        if give:
            await self.word.give_back(place, by=by, key=key, source="command")
            return "staff_given", {}
        await self.word.take(place, by=by, key=key, source="command")
        return "staff_taken", {}

    async def _place(self, shop: UUID, ref: str) -> Place | None:
        """None where no conversation, or more than one, is meant."""
        plain = ref.replace("-", "")
        try:
            first, last = (UUID(hex=plain.ljust(32, fill)) for fill in "0f")
        except ValueError:
            return None
        if len(plain) < REF:
            return None
        async with self.store.lookup() as connection:
            rows = await connection.fetch(FIND, shop, first, last)
        if len(rows) != 1:
            return None
        found, customer, account, chat, thread = rows[0]
        return Place(
            shop=shop,
            conversation=found,
            customer=customer,
            account=account,
            chat=chat,
            thread=thread,
        )

    async def _standing(self, shop: UUID) -> dict[str, object]:
        async with self.store.lookup() as connection:
            (row,) = await connection.fetch(STANDING, shop, self.clock())
        return dict(zip(("silent", "waiting", "receipts"), row, strict=True))

    def _told(self, message: MessageReceived, name: str, slots: dict[str, object]) -> ReplyDrafted:
        text = self.pack.answers[name].say(self.pack.identity.language, slots)
        composed = self.compose(message.account, text)
        return ReplyDrafted(
            **(following(message, "staff", self.clock()) | {"turn": None}),
            customer=message.customer,
            chat=message.chat,
            thread=message.thread,
            text=text,
            parts=composed.parts,
            marks=composed.marks,
            extras=composed.extras,
            asked_at=message.at,
            purpose="notice",
        )


def _among_themselves(message: MessageReceived) -> bool:
    """In a group of theirs, or in notes to themselves."""
    to_us = message.addressed or message.action or command_of(message.text)
    return not to_us


def _name(message: MessageReceived) -> str:
    return message.sender.name or message.sender.id
