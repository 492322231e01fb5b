"""What was said in one conversation, and who has the word there.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Uuid, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.word import Place
from store import app
from store.afterwards import Withheld
from store.base import SHOP
from store.dealings import HandOver, Order
from store.session import Store
from web.orders import Seen, seen

LINES = 40
MOST = 400
"""So many lines a page that stays open keeps showing."""
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
TALK: Final = bindparam("talk", type_=Uuid())
NEEDED: Final = (
    select(HandOver)
    .where(
        HandOver.shop_id == SHOP, HandOver.conversation_id == TALK, HandOver.resolved_at.is_(None)
    )
    .order_by(HandOver.at.desc())
    .limit(1)
)
ORDERED: Final = (
    select(Order)
    .where(Order.shop_id == SHOP, Order.conversation_id == TALK)
    .order_by(Order.created_at.desc())
    .limit(5)
)
UNSAID: Final = (
    select(Withheld)
    .where(Withheld.shop_id == SHOP, Withheld.conversation_id == TALK, Withheld.reason != "stale")
    .order_by(Withheld.at.desc())
    .limit(10)
)
"""An answer that the customer overtook is none that anybody misses."""
LAST_ASKED: Final = (
    select(app.Message.at)
    .where(
        app.Message.shop_id == SHOP,
        app.Message.conversation_id == TALK,
        app.Message.author == "customer",
    )
    .order_by(app.Message.position.desc())
    .limit(1)
)
SAID: Final = (
    select(app.Message, app.Delivery)
    .outerjoin(
        app.Delivery,
        and_(app.Delivery.shop_id == SHOP, app.Delivery.message_id == app.Message.id),
    )
    .where(app.Message.shop_id == SHOP, app.Message.conversation_id == TALK)
    .order_by(app.Message.position.desc())
    .limit(bindparam("count", type_=Integer()))
)
BEFORE: Final = SAID.where(app.Message.position < bindparam("before", type_=BigInteger()))


@dataclass(frozen=True, slots=True)
class Whole:
    """`unsaid` is what did not leave; `closed`: the network takes no free text now, `open_until` is
    when it will not. `older` is the place of the first line where there are lines before it."""

    talk: Talk
    customer: app.Customer | None
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
    here = {"shop": shop, "talk": which}
    count = await _count(session, shop, which, span)
    found = await _lines(session, shop, which, span.before, count + 1)
    said = found[:count]
    needed = await session.scalar(NEEDED, here)
    bought = await seen(session, shop, (await session.scalars(ORDERED, here)).all())
    shown = {one.message.id for one in said}
    held_back = [one for one in await session.scalars(UNSAID, here) if one.reply_id not in shown]
    head = Talk(
        talk,
        customer.name if customer else None,
        None,
        needed is not None,
        silent(talk, now),
    )
    until = await _open_until(session, talk, said if span.before is None else ())
    closed = talk.account.startswith(WINDOWED) and (until is None or until <= now)
    older = said[-1].message.position if len(found) > count else None
    return Whole(head, customer, said[::-1], held_back[::-1], closed, needed, bought, older, until)


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
    given = {"shop": shop, "talk": which, "count": count, "before": before}
    lines = SAID if before is None else BEFORE
    return [Said(one, sent) for one, sent in await session.execute(lines, given)]


async def _open_until(
    session: AsyncSession, talk: app.Conversation, newest: Sequence[Said]
) -> datetime | None:
    """When the network stops taking free texts; None where it does not, or has already."""
    if not talk.account.startswith(WINDOWED):
        return None
    asked = next((one.message.at for one in newest if one.message.author == "customer"), None)
    if asked is None:
        asked = await session.scalar(LAST_ASKED, {"shop": talk.shop_id, "talk": talk.id})
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
