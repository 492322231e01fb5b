"""Orders: what was asked for, its proof, and the word on whether the money came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict
from sqlalchemy import select

from handlers.payments import OrderClosed, Payments
from store import orders as standing
from store.dealings import Order
from store.session import WriteSession
from web import orders
from web.api.house import House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Listed, Moment, Money, Paging, Shown
from web.api.versions import matches, shown, tagged
from web.identity import actor_of
from web.limits import soon
from web.orders import Seen
from web.permissions import Perm
from web.routing import Route

PATIENCE_S = 8.0
State = Literal["draft", "confirmed", "receipt", "paid", "rejected", "cancelled", "expired"]


class OrderDecision(Body):
    """`rejected`: the proof is none, and the customer may send another one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"decision": "paid"}]}
    )

    decision: Literal["paid", "rejected"]


class OrderLineShown(Shown):
    """`price` is of one, as it was when the customer confirmed."""

    sku: str
    product_id: UUID | None
    name: str
    quantity: int
    price: Money


class OrderShown(Shown):
    """`receipt` is the message that came as proof; while the state is called so too, a person has
    to look at it. Nobody pays after `expires_at`."""

    id: UUID
    customer_id: UUID
    customer: str | None
    conversation_id: UUID
    account: str
    state: State
    total: Money
    lines: list[OrderLineShown]
    receipt: UUID | None
    decided_by: str | None
    created_at: Moment
    confirmed_at: Moment | None
    paid_at: Moment | None
    expires_at: Moment | None
    updated_at: Moment


class OrdersWanted(Paging):
    state: State | None = None
    customer_id: UUID | None = None
    conversation_id: UUID | None = None
    sort: Literal["updated_at", "-updated_at"] = "-updated_at"


@dataclass(frozen=True, slots=True)
class Orders:
    house: House
    payments: Payments

    def routes(self) -> Sequence[Route]:
        route, one, shape = self.house.route, "/orders/{order}", OrderShown
        decide = self.decide_order
        return [
            route("GET", "/orders", self.list_orders, Perm.ORDER_READ, Listed[OrderShown]),
            route("GET", one, self.get_order, Perm.ORDER_READ, shape),
            route("PUT", f"{one}/decision", decide, Perm.ORDER_DECIDE, shape),
        ]

    async def list_orders(self, wanted: Annotated[OrdersWanted, Query()]) -> Response:
        """The one that changed last first; by `sort=updated_at` the one that has waited longest."""
        row, house = Order, self.house
        query = select(row).where(row.shop_id == house.shop)
        for name in ("state", "customer_id", "conversation_id"):
            if (value := getattr(wanted, name)) is not None:
                query = query.where(getattr(row, name) == value)
        by, rising = (row.updated_at, row.id), not wanted.sort.startswith("-")
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, by, wanted, rising=rising)
            found = await orders.seen(session, house.shop, rows)
        return shown(Listed(items=[_shown(one) for one in found], next_cursor=cursor))

    async def get_order(self, order: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One order, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session, order), if_none_match)

    async def decide_order(
        self, request: Request, order: UUID, given: OrderDecision, if_match: IfMatch = None
    ) -> Response:
        """Whether the money came: the customer is told. Needs If-Match, for a newer proof makes
        another order of it."""
        deciding = self._decide(request, order, paid=given.decision == "paid", known=if_match)
        await soon(deciding, PATIENCE_S)
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session, order))

    async def _decide(
        self, request: Request, order: UUID, *, paid: bool, known: str | None
    ) -> None:
        """Nobody comes between the look at it and the word on it. Raises Problem."""
        by, actor = by_whom(request), actor_of(request)
        async with self.house.together() as house:
            async with house.store.tenant(house.shop) as session:
                await standing.standing(session, house.shop, order)
                matches(await self._read(session, order), known)
            payments = replace(self.payments, store=house.store)
            try:
                await payments.decide(house.shop, order, paid=paid, by=by, actor=actor)
            except OrderClosed as closed:
                raise Problem("conflict", f"The order is {closed}.") from closed

    async def _read(self, session: WriteSession, which: UUID) -> OrderShown:
        """Raises Problem."""
        found = await session.get(Order, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return _shown((await orders.seen(session, self.house.shop, [found]))[0])


def _shown(found: Seen) -> OrderShown:
    order = found.order
    names = OrderShown.model_fields.keys() - {"customer", "total", "lines", "receipt"}
    lines = [
        OrderLineShown(
            sku=one.sku,
            product_id=one.product_id,
            name=one.name,
            quantity=one.quantity,
            price=Money.of(one.price, order.currency),
        )
        for one in found.lines
    ]
    return OrderShown(
        **{name: getattr(order, name) for name in names},
        customer=found.name,
        total=Money.of(order.total, order.currency),
        lines=lines,
        receipt=order.receipt_id,
    )
