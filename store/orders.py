"""Orders: each transition is a transaction that looks at the state the row is in.

So whoever comes twice, or second, changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Product
from store.dealings import Order, OrderLine

HOLDING: Final = ("confirmed", "receipt", "rejected")
"""States in which stock is held for the customer."""
UNPAID: Final = ("confirmed", "rejected")
"""States that wait for the customer's payment."""
Confirmed: TypeAlias = Literal["confirmed", "changed", "short", "closed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """An order and its lines."""

    order: Order
    lines: Sequence[OrderLine]


async def standing(session: AsyncSession, shop: UUID, order: UUID) -> Standing | None:
    """Locked until the transaction ends."""
    found = await session.get(Order, (shop, order), with_for_update=True)
    if found is None:
        return None
    query = select(OrderLine).where(OrderLine.shop_id == shop, OrderLine.order_id == order)
    return Standing(found, (await session.scalars(query.order_by(OrderLine.sku))).all())


async def confirm(
    session: AsyncSession, one: Standing, at: datetime, expires_at: datetime
) -> tuple[Confirmed, Product | None]:
    """Prices and stock are looked at again; what was confirmed is held. `changed` wrote the new
    prices into the draft; `short` names the product of which there is not enough."""
    order = one.order
    if order.state != "draft":
        return ("confirmed" if order.state in (*HOLDING, "paid") else "closed"), None
    products = await _products(session, one)
    changed = False
    for line in one.lines:
        product = products.get(line.product_id)
        if product is None or not product.active or product.stock < line.quantity:
            return "short", product
        if product.price != line.price:
            line.price, changed = product.price, True
    order.total = sum(line.quantity * line.price for line in one.lines)
    order.updated_at = at
    if changed:
        return "changed", None
    for line in one.lines:
        products[line.product_id].stock -= line.quantity
    order.state, order.confirmed_at, order.expires_at = "confirmed", at, expires_at
    return "confirmed", None


async def move(
    session: AsyncSession, one: Standing, to: str, allowed: Collection[str], at: datetime
) -> bool:
    """Whether the order is in state `to` now: because it moved, or since before. Who gives an order
    up gives its stock back."""
    order = one.order
    if order.state == to:
        return True
    if order.state not in allowed:
        return False
    if order.state in HOLDING and to in {"cancelled", "expired"}:
        products = await _products(session, one)
        for line in one.lines:
            if line.product_id in products:
                products[line.product_id].stock += line.quantity
    order.state, order.updated_at = to, at
    if to == "paid":
        order.paid_at = at
    return True


async def _products(session: AsyncSession, one: Standing) -> dict[UUID | None, Product]:
    """Locked in one order, so that two customers never wait for each other in a circle."""
    ids = [line.product_id for line in one.lines if line.product_id is not None]
    query = select(Product).where(Product.shop_id == one.order.shop_id, Product.id.in_(ids))
    rows = await session.scalars(query.order_by(Product.id).with_for_update())
    return {product.id: product for product in rows}
