"""Who a customer is to the shop: names, what they bought and asked about, earlier conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.base import SHOP
from store.dealings import Order
from store.inbox import ConversationState, CustomerNote
from store.ml import TrainingData
from web import noting
from web.conversations import TALK
from web.talks import BOUGHT

PHONES: Final = ("phone", "wa_id")
INTERESTS: Final = 4
SHOWN_DIGITS: Final = 4
WHO: Final = bindparam("who", type_=Uuid())
BOUGHT_LATELY: Final = (
    select(Order)
    .where(Order.shop_id == SHOP, Order.customer_id == WHO)
    .order_by(Order.updated_at.desc())
    .limit(100)
)
NUMBER: Final = (
    select(app.CustomerAlias.external_id)
    .where(
        app.CustomerAlias.shop_id == SHOP,
        app.CustomerAlias.customer_id == WHO,
        app.CustomerAlias.channel.in_(PHONES),
    )
    .order_by(app.CustomerAlias.channel)
    .limit(1)
)
SPOKEN_OF: Final = (
    select(TrainingData.product_name)
    .where(TrainingData.shop_id == SHOP, TrainingData.conversation_id == TALK)
    .order_by(TrainingData.position.desc())
    .limit(60)
)
"""Products of the last answers, the newest first."""
BEFORE: Final = (
    select(app.Conversation, ConversationState.gist)
    .outerjoin(
        ConversationState,
        and_(
            ConversationState.shop_id == app.Conversation.shop_id,
            ConversationState.conversation_id == app.Conversation.id,
            ConversationState.state == "resolved",
        ),
    )
    .where(
        app.Conversation.shop_id == SHOP,
        app.Conversation.customer_id == WHO,
        app.Conversation.id != TALK,
    )
    .order_by(app.Conversation.last_at.desc())
    .limit(5)
)


@dataclass(frozen=True, slots=True)
class Profile:
    """`orders` are the newest ones; `spent` is what those that were paid came to. Of `earlier`
    conversations there is what they came to when they were resolved."""

    customer: app.Customer | None
    phone: str
    orders: Sequence[Order]
    spent: int
    currency: str
    interests: Sequence[str]
    earlier: Sequence[tuple[app.Conversation, dict[str, Any] | None]]
    bought_here: bool
    notes: Sequence[CustomerNote]

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


async def read(
    session: AsyncSession,
    shop: UUID,
    talk: app.Conversation,
    customer: app.Customer | None,
    now: datetime,
) -> Profile:
    who = talk.customer_id
    given = {"shop": shop, "talk": talk.id, "who": who}
    orders = (await session.scalars(BOUGHT_LATELY, given)).all()
    spoken = await session.scalars(SPOKEN_OF, given)
    here = any(one.conversation_id == talk.id and one.state in BOUGHT for one in orders)
    return Profile(
        customer=customer,
        phone=await phone_of(session, shop, who),
        orders=orders,
        spent=sum(one.total for one in orders if one.state == "paid"),
        currency=orders[0].currency if orders else "CLP",
        interests=list(dict.fromkeys(filter(None, spoken)))[:INTERESTS],
        earlier=[(one, gist) for one, gist in await session.execute(BEFORE, given)],
        bought_here=here,
        notes=await noting.listed(session, shop, who, now),
    )


async def phone_of(session: AsyncSession, shop: UUID, customer: UUID) -> str:
    """Empty where no network has told one."""
    found = await session.scalar(NUMBER, {"shop": shop, "who": customer})
    return (found or "").partition("@")[0]
