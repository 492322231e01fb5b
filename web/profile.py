"""Who a customer is to the shop: names, what they bought and asked about, earlier conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.dealings import Order
from store.ml import TrainingData
from web.talks import BOUGHT

PHONES: Final = ("phone", "wa_id")
ORDERS: Final = 100
EARLIER: Final = 5
LATELY: Final = 60
INTERESTS: Final = 4
SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """`orders` are the newest ones; `spent` is what those that were paid came to."""

    customer: app.Customer | None
    phone: str
    orders: Sequence[Order]
    spent: int
    currency: str
    interests: Sequence[str]
    earlier: Sequence[app.Conversation]
    bought_here: bool

    @property
    def masked(self) -> str:
        return masked(self.phone)

    @property
    def paid(self) -> int:
        return sum(one.state == "paid" for one in self.orders)


def masked(phone: str) -> str:
    """+56 9 8765 4321 → +56 •••• 4321"""
    digits = "".join(filter(str.isdigit, phone))
    if len(digits) <= 2 * SHOWN_DIGITS:
        return "••••" if digits else ""
    return f"+{digits[:2]} •••• {digits[-SHOWN_DIGITS:]}"


async def read(session: AsyncSession, shop: UUID, talk: app.Conversation) -> Profile:
    who = talk.customer_id
    query = select(Order).where(Order.shop_id == shop, Order.customer_id == who)
    newest = query.order_by(Order.updated_at.desc()).limit(ORDERS)
    orders = (await session.scalars(newest)).all()
    here = any(one.conversation_id == talk.id and one.state in BOUGHT for one in orders)
    return Profile(
        customer=await session.get(app.Customer, (shop, who)),
        phone=await phone_of(session, shop, who),
        orders=orders,
        spent=sum(one.total for one in orders if one.state == "paid"),
        currency=orders[0].currency if orders else "CLP",
        interests=await _interests(session, shop, talk.id),
        earlier=await _earlier(session, shop, talk),
        bought_here=here,
    )


async def phone_of(session: AsyncSession, shop: UUID, customer: UUID) -> str:
    """Empty where no network has told one."""
    alias = app.CustomerAlias
    query = select(alias.external_id).where(
        alias.shop_id == shop, alias.customer_id == customer, alias.channel.in_(PHONES)
    )
    found = await session.scalar(query.order_by(alias.channel).limit(1))
    return (found or "").partition("@")[0]


async def _interests(session: AsyncSession, shop: UUID, which: UUID) -> Sequence[str]:
    """The products that were spoken of last, each once."""
    row = TrainingData
    query = (
        select(row.product_name)
        .where(row.shop_id == shop, row.conversation_id == which)
        .order_by(row.position.desc())
        .limit(LATELY)
    )
    names = dict.fromkeys(filter(None, await session.scalars(query)))
    return list(names)[:INTERESTS]


async def _earlier(
    session: AsyncSession, shop: UUID, talk: app.Conversation
) -> Sequence[app.Conversation]:
    other = app.Conversation
    query = select(other).where(
        other.shop_id == shop, other.customer_id == talk.customer_id, other.id != talk.id
    )
    return (await session.scalars(query.order_by(other.last_at.desc()).limit(EARLIER))).all()
