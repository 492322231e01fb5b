"""What a seller sees of the conversations: which need a person, and what was said in one.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.word import Place
from store import app
from store.afterwards import Withheld
from store.dealings import HandOver, Order
from store.session import Store
from web.orders import Seen, seen

SHOWN = 30
LINES = 80
UNSAID = 10
WINDOWED, WINDOW = "whatsapp_cloud:", timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation on the list."""

    conversation: app.Conversation
    name: str | None
    last: str | None
    waiting: bool
    silenced: bool


@dataclass(frozen=True, slots=True)
class Said:
    message: app.Message
    delivery: app.Delivery | None


@dataclass(frozen=True, slots=True)
class Whole:
    """`unsaid` is what did not leave; `closed`: the network takes no free text now."""

    talk: Talk
    said: Sequence[Said]
    unsaid: Sequence[Withheld]
    closed: bool
    hand_over: HandOver | None
    orders: Sequence[Seen]


async def listed(session: AsyncSession, shop: UUID, now: datetime) -> Sequence[Talk]:
    """The newest ones, those that wait for a person first."""
    talk, message = app.Conversation, app.Message
    last = (
        select(message.text)
        .where(message.shop_id == shop, message.conversation_id == talk.id)
        .order_by(message.position.desc())
        .limit(1)
        .correlate(talk)
        .scalar_subquery()
    )
    waiting = exists().where(
        HandOver.shop_id == shop,
        HandOver.conversation_id == talk.id,
        HandOver.resolved_at.is_(None),
    )
    query = (
        select(talk, app.Customer.name, last, waiting)
        .join(
            app.Customer,
            and_(app.Customer.shop_id == shop, app.Customer.id == talk.customer_id),
        )
        .where(talk.shop_id == shop)
        .order_by(talk.last_at.desc())
        .limit(SHOWN)
    )
    needs = select(HandOver.conversation_id).where(
        HandOver.shop_id == shop, HandOver.resolved_at.is_(None)
    )
    first = (await session.execute(query.where(talk.id.in_(needs)))).all()
    known = {one.id for one, *_ in first}
    newest = (await session.execute(query)).all()
    return [
        Talk(one, name, text, needed, silent(one, now))
        for one, name, text, needed in (*first, *(row for row in newest if row[0].id not in known))
    ][:SHOWN]


async def whole(session: AsyncSession, shop: UUID, which: UUID, now: datetime) -> Whole | None:
    talk = await session.get(app.Conversation, (shop, which))
    if talk is None:
        return None
    customer = await session.get(app.Customer, (shop, talk.customer_id))
    message, delivery = app.Message, app.Delivery
    lines = (
        select(message, delivery)
        .outerjoin(delivery, and_(delivery.shop_id == shop, delivery.message_id == message.id))
        .where(message.shop_id == shop, message.conversation_id == which)
        .order_by(message.position.desc())
        .limit(LINES)
    )
    said = [Said(one, sent) for one, sent in await session.execute(lines)]
    needed = await session.scalar(
        select(HandOver)
        .where(
            HandOver.shop_id == shop,
            HandOver.conversation_id == which,
            HandOver.resolved_at.is_(None),
        )
        .order_by(HandOver.at.desc())
        .limit(1)
    )
    orders = select(Order).where(Order.shop_id == shop, Order.conversation_id == which)
    newest = (await session.scalars(orders.order_by(Order.created_at.desc()).limit(5))).all()
    bought = await seen(session, shop, newest)
    shown = {one.message.id for one in said}
    held_back = [one for one in await _unsaid(session, shop, which) if one.reply_id not in shown]
    head = Talk(
        talk,
        customer.name if customer else None,
        None,
        needed is not None,
        silent(talk, now),
    )
    closed = talk.account.startswith(WINDOWED) and _closed(said, now)
    return Whole(head, said[::-1], held_back[::-1], closed, needed, bought)


async def _unsaid(session: AsyncSession, shop: UUID, which: UUID) -> Sequence[Withheld]:
    """An answer that the customer overtook is none that anybody misses."""
    query = (
        select(Withheld)
        .where(
            Withheld.shop_id == shop,
            Withheld.conversation_id == which,
            Withheld.reason != "stale",
        )
        .order_by(Withheld.at.desc())
        .limit(UNSAID)
    )
    return (await session.scalars(query)).all()


def _closed(said: Sequence[Said], now: datetime) -> bool:
    """The newest first; an older question than those was longer ago."""
    asked = (one.message.at for one in said if one.message.author == "customer")
    last = next(asked, None)
    return last is None or now - last >= WINDOW


async def place(store: Store, shop: UUID, which: UUID) -> Place | None:
    """Where somebody may speak; None where this shop has no such conversation."""
    async with store.tenant(shop) as session:
        found = await session.get(app.Conversation, (shop, which))
    if found is None:
        return None
    return Place(
        shop=shop,
        conversation=found.id,
        customer=found.customer_id,
        account=found.account,
        chat=found.chat,
        thread=found.thread,
    )


def silent(talk: app.Conversation, now: datetime) -> bool:
    return talk.silenced and (talk.silenced_until is None or talk.silenced_until > now)
