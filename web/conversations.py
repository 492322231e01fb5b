"""What was said in one conversation, and who has the word there.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.word import Place
from store import app
from store.afterwards import Withheld
from store.dealings import HandOver, Order
from store.session import Store
from web.orders import Seen, seen

LINES = 40
MOST = 400
"""So many lines a page that stays open keeps showing."""
UNSAID = 10
WINDOWED, WINDOW = "whatsapp_cloud:", timedelta(hours=24)
LAST = datetime.max.replace(tzinfo=UTC) - 2 * WINDOW


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
class Span:
    """Which lines: the newest, those `before` a place, or all `since` one, which a page shows
    already."""

    before: int | None = None
    since: int | None = None


NEWEST: Final = Span()


@dataclass(frozen=True, slots=True)
class Whole:
    """`unsaid` is what did not leave; `closed`: the network takes no free text now, `open_until` is
    when it will not. `older` is the place of the first line where there are lines before it."""

    talk: Talk
    said: Sequence[Said]
    unsaid: Sequence[Withheld]
    closed: bool
    hand_over: HandOver | None
    orders: Sequence[Seen]
    older: int | None
    open_until: datetime | None


async def whole(
    session: AsyncSession, shop: UUID, which: UUID, now: datetime, span: Span = NEWEST
) -> Whole | None:
    talk = await session.get(app.Conversation, (shop, which))
    if talk is None:
        return None
    customer = await session.get(app.Customer, (shop, talk.customer_id))
    count = await _count(session, shop, which, span)
    found = await _lines(session, shop, which, span.before, count + 1)
    said = found[:count]
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
    until = await _open_until(session, talk)
    closed = talk.account.startswith(WINDOWED) and (until is None or until <= now)
    older = said[-1].message.position if len(found) > count else None
    return Whole(head, said[::-1], held_back[::-1], closed, needed, bought, older, until)


async def _count(session: AsyncSession, shop: UUID, which: UUID, span: Span) -> int:
    if span.since is None:
        return LINES
    message = app.Message
    shown = select(message.id).where(
        message.shop_id == shop,
        message.conversation_id == which,
        message.position >= span.since,
    )
    known = await session.scalar(select(func.count()).select_from(shown.limit(MOST).subquery()))
    return max(LINES, known or 0)


async def _lines(
    session: AsyncSession, shop: UUID, which: UUID, before: int | None, count: int
) -> Sequence[Said]:
    """The newest first."""
    message, delivery = app.Message, app.Delivery
    lines = (
        select(message, delivery)
        .outerjoin(delivery, and_(delivery.shop_id == shop, delivery.message_id == message.id))
        .where(message.shop_id == shop, message.conversation_id == which)
        .order_by(message.position.desc())
        .limit(count)
    )
    if before is not None:
        lines = lines.where(message.position < before)
    return [Said(one, sent) for one, sent in await session.execute(lines)]


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


async def _open_until(session: AsyncSession, talk: app.Conversation) -> datetime | None:
    """When the network stops taking free texts; None where it does not, or has already."""
    if not talk.account.startswith(WINDOWED):
        return None
    message = app.Message
    last = (
        select(message.at)
        .where(
            message.shop_id == talk.shop_id,
            message.conversation_id == talk.id,
            message.author == "customer",
        )
        .order_by(message.position.desc())
        .limit(1)
    )
    asked = await session.scalar(last)
    return shut_at(asked) if asked else None


def shut_at(asked: datetime) -> datetime:
    """Whatever a network's clock said: the last day there is has no day after it."""
    return min(asked, LAST) + WINDOW


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
