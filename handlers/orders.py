"""Orders as a customer makes them: code does what a tap, a text or a model only asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from config.manners import OrderSettings
from config.packs import Pack
from events.contents import Choice
from events.effects import Timer
from events.happened import caused_by, following
from events.manners import OrderChanged, OrderDue, OrderLine, OrderState
from handlers.drafting import Answer
from handlers.ordering import (
    Note,
    assents,
    basket,
    buttons,
    is_being_written,
    lines_of,
    picks,
    proof_in,
    proposed,
    quantity,
    state_of,
    tapped,
    told,
    wanted,
)
from handlers.steps import Asked, Decision, NotYet
from handlers.takeover import INTERRUPTED
from knowledge.products import Product
from knowledge.recall import offered, person_asked
from llm.base import Completion
from store import orders
from store.orders import HOLDING, UNPAID, Standing
from store.session import Store
from text.prices import written


@dataclass(frozen=True, slots=True)
class Orders:
    store: Store
    pack: Pack
    knobs: OrderSettings

    async def before(self, asked: Asked) -> Decision | None:
        """A tap or a word about an order, or a receipt for one."""
        note = Note.read(asked.situation.notes)
        tap = tapped(asked.action)
        if tap is not None:
            return await self._tapped(asked, *tap)
        interrupted = bool(asked.situation.notes.get(INTERRUPTED))
        wish = wanted(asked.reading.text, note, interrupted=interrupted)
        if wish is not None and note is not None:
            return await self._settled(asked, note.order, confirms=wish == "confirm")
        if note is not None and note.state in HOLDING and proof_in(asked.turn) is not None:
            return await self._proved(asked, note.order)
        if note is not None and note.state == "draft" and asked.turn.revision > 1:
            return await self._unheard(asked, note.order)
        return None

    async def instead(self, asked: Asked) -> Decision | None:
        """Who wants to buy is shown what they would buy."""
        reading = asked.reading
        heard = offered(reading.said, reading.index)
        products = basket(reading.parsed, reading.found.products, heard)
        if len(products) == 1:
            counted = ((products[0], quantity(asked.reading.parsed.slots)),)
            return self._drafted(asked, counted)
        return self._which(asked, products) if products else None

    async def after(self, asked: Asked, answer: Answer) -> Decision | None:
        """What a model proposes is a draft at most: confirming takes the customer's own words. Of
        a bare yes to what a person asked it proposes nothing."""
        if person_asked(asked.reading.said) and assents(asked.reading.text):
            return None
        for action in answer.completion.actions:
            items = proposed(action.arguments, asked.reading.index)
            if action.name == "draft_order" and items is not None:
                return self._drafted(asked, items)
        return None

    async def _tapped(self, asked: Asked, verb: str, target: str) -> Decision | None:
        if verb == "pick":
            products = [one for one in asked.reading.index.products if one.sku == target]
            return self._drafted(asked, ((products[0], 1),)) if products else None
        try:
            order = UUID(target)
        except ValueError:
            return None
        if verb in {"confirm", "cancel"}:
            return await self._settled(asked, order, confirms=verb == "confirm")
        return None  # only the shop's own people decide about money

    def _drafted(self, asked: Asked, items: Sequence[tuple[Product, int]]) -> Decision:
        """Its row is written with the conversation's other news, off the reply's way."""
        turn = asked.turn
        for product, count in items:
            if product.stock < count:
                return self._short(asked, product.name, product.stock)
        lines = [
            OrderLine(sku=one.sku, name=one.name, quantity=count, price=one.price)
            for one, count in items
        ]
        order = caused_by(turn.turn or turn.id, f"order:{turn.revision}")
        total = sum(line.quantity * line.price for line in lines)
        changed = self._changed(asked, order, "draft", total, lines)
        return self._asks(asked, "order_draft", changed)

    async def _settled(self, asked: Asked, order: UUID, *, confirms: bool) -> Decision | None:
        """Somebody else's order is no order."""
        expires = asked.at + timedelta(hours=self.knobs.expires_h)
        async with self.store.transaction() as session:
            one = await orders.standing(session, asked.turn.shop, order)
            if one is None and is_being_written(asked, order):
                raise NotYet(f"order {order}")
            if one is None or one.order.conversation_id != asked.turn.conversation:
                return None
            if not confirms:
                left = await orders.move(
                    session, one, "cancelled", ("draft", "confirmed"), asked.at
                )
                return self._left(asked, one) if left else None
            outcome, lacking = await orders.confirm(session, one, asked.at, expires)
            changed = self._changed(asked, order, state_of(one), one.order.total, lines_of(one))
        if outcome == "changed":
            return self._asks(asked, "order_changed", changed)
        if outcome == "short":
            name = lacking.name if lacking else one.lines[0].name
            return self._short(asked, name, lacking.stock if lacking else 0)
        if outcome == "closed":
            return self._left(asked, one)
        return self._held(asked, changed)

    async def _unheard(self, asked: Asked, order: UUID) -> Decision | None:
        """What was settled earlier in this turn: the customer's next words overtook its answer."""
        async with self.store.transaction() as session:
            one = await orders.standing(session, asked.turn.shop, order)
            state = one.order.state if one is not None else "draft"
        if state not in {"confirmed", "cancelled"}:
            return None
        return await self._settled(asked, order, confirms=state == "confirmed")

    async def _proved(self, asked: Asked, order: UUID) -> Decision | None:
        async with self.store.transaction() as session:
            one = await orders.standing(session, asked.turn.shop, order)
            if one is None or one.order.conversation_id != asked.turn.conversation:
                return None
            if not await orders.move(session, one, "receipt", UNPAID, asked.at):
                return None
            one.order.receipt_id = receipt = proof_in(asked.turn)
            lines, total = lines_of(one), one.order.total
        changed = self._changed(asked, order, "receipt", total, lines, receipt=receipt)
        return self._decision(asked, "order_receipt", {}, changed)

    def _held(self, asked: Asked, changed: OrderChanged) -> Decision:
        total = written(changed.total, changed.currency)
        slots = {"total": total}
        if self.knobs.link:
            filled = self.knobs.link.replace("{order}", str(changed.order))
            slots["link"] = filled.replace("{total}", str(changed.total))
        if self.knobs.transfer:
            slots["transfer"] = self.knobs.transfer
        due = OrderDue(
            **following(asked.turn, f"order-due:{changed.order}", asked.at),
            order=changed.order,
            customer=asked.turn.customer,
            chat=asked.turn.chat,
            thread=asked.turn.thread,
            locale=asked.turn.locale,
        )
        timer = Timer(f"order:{changed.order}", round(self.knobs.expires_h * 3_600_000), due)
        return self._decision(asked, "order_confirmed", slots, changed, timers=(timer,))

    def _asks(self, asked: Asked, name: str, changed: OrderChanged) -> Decision:
        slots = {
            "lines": told(changed.lines, changed.currency),
            "total": written(changed.total, changed.currency),
        }
        choices = buttons(changed.order, asked.reading.parsed.locale)
        return self._decision(asked, name, slots, changed, choices)

    def _left(self, asked: Asked, one: Standing) -> Decision:
        state = state_of(one)
        changed = self._changed(asked, one.order.id, state, one.order.total, lines_of(one))
        name = "order_expired" if state == "expired" else "order_cancelled"
        slots = {"total": written(one.order.total, one.order.currency)}
        return self._decision(asked, name, slots, changed)

    def _which(self, asked: Asked, products: Sequence[Product]) -> Decision:
        text = self._said("order_which", asked.reading.parsed.locale, {})
        said = Completion(text, "pack", self.pack.name, used=("order_which",))
        return Decision(Answer(said, choices=picks(products, self.pack), menu="Ver productos"))

    def _short(self, asked: Asked, name: str, stock: int) -> Decision:
        answer = "order_short" if stock else "order_gone"
        slots = {"name": name, "stock": stock}
        text = self._said(answer, asked.reading.parsed.locale, slots)
        return Decision(Answer(Completion(text, "pack", self.pack.name, used=(answer,))))

    def _decision(
        self,
        asked: Asked,
        name: str,
        slots: dict[str, str],
        changed: OrderChanged,
        choices: tuple[Choice, ...] = (),
        *,
        timers: tuple[Timer, ...] = (),
    ) -> Decision:
        open_ = changed.state in {"draft", "confirmed", "receipt", "rejected"}
        text = self._said(name, asked.reading.parsed.locale, slots)
        return Decision(
            Answer(Completion(text, "pack", self.pack.name, used=(name,)), choices=choices),
            events=(changed,),
            heard={
                "order": Note(changed.order, changed.state).written() if open_ else "",
                INTERRUPTED: "",
            },
            purpose="order",
            order=changed.order,
            timers=timers,
        )

    def _said(self, name: str, locale: str, slots: Mapping[str, object]) -> str:
        return self.pack.answers[name].say(locale, slots)

    def _changed(
        self,
        asked: Asked,
        order: UUID,
        state: OrderState,
        total: int,
        lines: Sequence[OrderLine],
        *,
        receipt: UUID | None = None,
    ) -> OrderChanged:
        return OrderChanged(
            **following(asked.turn, f"order:{order}:{state}", asked.at),
            order=order,
            customer=asked.turn.customer,
            chat=asked.turn.chat,
            state=state,
            total=total,
            currency=self.pack.identity.currency,
            lines=tuple(lines),
            receipt=receipt,
        )
