"""What a shop has to know now: who waits, what to look at, what was sold, how the week went.

Every question is bounded by an index and asked inside the shop's own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app, facts
from store.base import NOW, SHOP
from store.dealings import HandOver
from store.facts import DailyFact
from store.session import ReadSession
from web import charts, numbers, talks
from web.charts import Bar
from web.inbox import addressed
from web.numbers import COUNTED
from web.tabs import chatted, waiting
from web.talks import Row

WAITING: Final = 5
LIVE: Final = 6
DAYS: Final = 30
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Needs:
    """Somebody who waits for a person, and why."""

    hand_over: HandOver
    name: str | None
    chat: str


@dataclass(frozen=True, slots=True)
class Sales:
    """Those that an answer of the bot led to. `amount` is in the smallest unit of the currency;
    `trend` has a bar for each day."""

    amount: int
    count: int
    trend: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Week:
    """`before` and `after` are mean scores of this week and the one before it, None without
    any."""

    answers: int
    handed: int
    learned: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Today:
    """`low`, `disliked` and `unanswered` are counted up to COUNTED."""

    waiting: Sequence[Needs]
    waits: int
    low: int
    disliked: int
    unanswered: int
    sales: Sales
    week: Week
    live: Sequence[Row]


async def read(session: ReadSession, shop: UUID, now: datetime, zone: ZoneInfo) -> Today:
    here = now.astimezone(zone).date()
    days = await facts.days(session, shop, here - timedelta(days=DAYS), here)
    needed = await _waiting(session, shop, now)
    began = addressed(datetime.now(zone), zone, here)
    known = await numbers.read(session, shop, began)
    return Today(
        waiting=needed[:WAITING],
        waits=len(needed),
        low=known.low,
        disliked=known.disliked,
        unanswered=known.unanswered,
        sales=_sales(known.amount, known.count, here, days),
        week=week_of(days, here),
        live=await _live(session, shop, now),
    )


def week_of(days: Sequence[DailyFact], today: date) -> Week:
    """The seven days until yesterday, beside the seven before them."""
    last = [one for one in days if 0 < (today - one.day).days <= WEEK]
    earlier = [one for one in days if WEEK < (today - one.day).days <= 2 * WEEK]
    return Week(
        answers=sum(one.replies for one in last),
        handed=sum(one.hand_overs for one in last),
        learned=sum(one.corrections + one.good for one in last),
        before=_mean(earlier),
        after=_mean(last),
    )


def _mean(days: Sequence[DailyFact]) -> float | None:
    scored = sum(one.scored for one in days)
    return sum(one.score_sum for one in days) / scored if scored else None


async def _waiting(session: AsyncSession, shop: UUID, now: datetime) -> Sequence[Needs]:
    """Whoever has waited longest first."""
    found: dict[UUID, Needs] = {}
    for one, name, chat in await session.execute(_needed(), {"shop": shop, "now": now}):
        found.setdefault(one.conversation_id, Needs(one, name, chat))
    return list(found.values())


@cache
def _needed() -> Select[HandOver, str | None, str]:
    talk = app.Conversation
    return (
        select(HandOver, app.Customer.name, talk.chat)
        .join(talk, and_(talk.shop_id == SHOP, talk.id == HandOver.conversation_id))
        .join(app.Customer, and_(app.Customer.shop_id == SHOP, app.Customer.id == talk.customer_id))
        .where(
            HandOver.shop_id == SHOP,
            HandOver.resolved_at.is_(None),
            HandOver.conversation_id.in_(waiting(SHOP, NOW)),
        )
        .order_by(HandOver.at)
        .limit(COUNTED)
    )


def _sales(amount: int, count: int, today: date, days: Sequence[DailyFact]) -> Sales:
    """Today's from the orders themselves, earlier days as they were counted."""
    sums = {one.day: one.paid_led_sum for one in days} | {today: int(amount)}
    span = (today - timedelta(days=DAYS - 1 - step) for step in range(DAYS))
    return Sales(int(amount), count, charts.bars([sums.get(day, 0) for day in span]))


async def _live(session: AsyncSession, shop: UUID, now: datetime) -> Sequence[Row]:
    found = await session.scalars(_lately(), {"shop": shop})
    return await talks.rows(session, shop, found.all(), now)


@cache
def _lately() -> Select[app.Conversation]:
    talk = app.Conversation
    return select(talk).where(*chatted(SHOP)).order_by(talk.last_at.desc()).limit(LIVE)
