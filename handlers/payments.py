"""How an order ends: a person of the shop says whether it was paid, or nobody pays it in time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from msgspec import structs

from config.packs import Pack
from events.contents import Composed
from events.effects import NOTHING, Effects, Outcome, Retry
from events.happened import Envelope, caused_by, following
from events.manners import OrderChanged, OrderDue, OrderState
from events.stream import Stream
from events.vocabulary import ReplyDrafted
from handlers.ordering import lines_of, state_of
from services.clock import Clock, now
from store import orders
from store.audit import Actor, record
from store.base import StoreUnavailable
from store.orders import HOLDING, UNPAID, Standing
from store.session import Store
from text.prices import written

REMEMBER_S: Final = 48 * 3600
RETRY_S: Final = 2.0


class OrderUnknown(Exception):
    """The shop has no such order."""


class OrderClosed(Exception):
    """The order is past the point where this could be decided."""


@dataclass(frozen=True, slots=True)
class Payments:
    """`compose` turns a text into what the network of an account takes."""

    store: Store
    stream: Stream
    pack: Pack
    compose: Callable[[str, str], Composed]
    clock: Clock = now

    async def decide(
        self, shop: UUID, order: UUID, *, paid: bool, by: str, actor: Actor | None = None
    ) -> OrderState:
        """The seller's word, in the audit as `actor`'s, and the customer is told, whoever speaks
        with them now. Saying it again changes nothing; what is told is on its way before the order
        counts as decided, so that an order whose news were lost still waits for the seller.

        Raises OrderUnknown, OrderClosed, PartitionFull, StoreUnavailable.
        """
        at = self.clock()
        async with self.store.transaction() as session:
            one = await orders.standing(session, shop, order)
            if one is None:
                raise OrderUnknown(str(order))
            allowed = HOLDING if paid else ("confirmed", "receipt")
            to = "paid" if paid else "rejected"
            known = one.order.state == to
            if not await orders.move(session, one, to, allowed, at):
                raise OrderClosed(one.order.state)
            state = state_of(one)
            said = self._envelope(one, state)
            told = structs.replace(self._told(one, said, f"order_{state}"), author="human")
            for event in (self._changed(one, said, by), told):
                await self.stream.ingest(event, remember_s=REMEMBER_S)
            if not known:
                one.order.decided_by = by[:200]
                who, what = actor or Actor(f"chat:{by[:200]}"), f"order:{order}"
                await record(session, shop, who, f"order.{state}", what, clock=self.clock)
        return state

    async def on_due(self, due: OrderDue) -> Outcome:
        """A receipt that waits for the seller does not expire."""
        try:
            async with self.store.transaction() as session:
                one = await orders.standing(session, due.shop, due.order)
                if one is None:
                    return NOTHING
                moved = await orders.move(session, one, "expired", UNPAID, self.clock())
        except StoreUnavailable as error:
            return Retry(RETRY_S, str(error))
        if not moved:
            return NOTHING
        said = following(due, "expired", self.clock())
        told = self._told(one, said, "order_expired", due.locale or "es")
        return Effects([self._changed(one, said, ""), told], notes={"order": ""})

    def _envelope(self, one: Standing, state: OrderState) -> Envelope:
        """One for each receipt: a second one may be rejected like the first, and is told too."""
        order, here = one.order, self.clock()
        return Envelope(
            id=caused_by(order.id, f"decided:{state}:{order.receipt_id}"),
            shop=order.shop_id,
            account=order.account,
            conversation=order.conversation_id,
            request_id=order.id,
            turn=None,
            at=here,
            received_at=here,
        )

    def _changed(self, one: Standing, said: Envelope, by: str) -> OrderChanged:
        order = one.order
        return OrderChanged(
            **said,
            order=order.id,
            customer=order.customer_id,
            chat=order.chat,
            state=state_of(one),
            total=order.total,
            currency=order.currency,
            lines=lines_of(one),
            receipt=order.receipt_id,
            by=by,
        )

    def _told(self, one: Standing, said: Envelope, name: str, locale: str = "es") -> ReplyDrafted:
        order = one.order
        slots = {"total": written(order.total, order.currency)}
        text = self.pack.answers[name].say(locale, slots)
        composed = self.compose(order.account, text)
        envelope = said | {"id": caused_by(said["id"], "told")}
        return ReplyDrafted(
            **envelope,
            customer=order.customer_id,
            chat=order.chat,
            text=text,
            parts=composed.parts,
            marks=composed.marks,
            extras=composed.extras,
            sensitive=self.pack.answers[name].sensitive,
            purpose="order",
            order=order.id,
        )
