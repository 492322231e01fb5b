"""What a shop has to know now: who waits, what to look at, what was sold, how the week went.

Every question is bounded by an index and asked inside the shop's own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app, facts
from store.dealings import HandOver, Order
from store.facts import DailyFact
from store.lessons import QuestionCluster
from store.ml import TrainingData
from store.ratings import Rating
from store.session import ReadSession
from web import charts, talks
from web.charts import Bar
from web.inbox import addressed
from web.steps import own_words
from web.tabs import channels, waiting
from web.talks import Row

WAITING: Final = 5
LIVE: Final = 6
COUNTED: Final = 100
DAYS: Final = 30
WEEK: Final = 7
LOW: Final = 2


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
class Step:
    name: str
    done: bool
    href: str


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
    steps: Sequence[Step]


async def read(
    session: ReadSession,
    shop: UUID,
    now: datetime,
    zone: ZoneInfo,
    paths: frozenset[str],
    own: Sequence[str] = (),
) -> Today:
    """`own` are the facts that the shop has to say itself."""
    here = now.astimezone(zone).date()
    days = await facts.days(session, shop, here - timedelta(days=DAYS), here)
    needed = await _waiting(session, shop, now)
    live = await _live(session, shop, now)
    return Today(
        waiting=needed[:WAITING],
        waits=len(needed),
        low=await _low(session, shop),
        disliked=await _disliked(session, shop),
        unanswered=await _unanswered(session, shop),
        sales=await _sales(session, shop, here, zone, days),
        week=week_of(days, here),
        live=live,
        steps=await _steps(session, shop, paths, own, talked=bool(live)),
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
    talk = app.Conversation
    query = (
        select(HandOver, app.Customer.name, talk.chat)
        .join(talk, and_(talk.shop_id == shop, talk.id == HandOver.conversation_id))
        .join(app.Customer, and_(app.Customer.shop_id == shop, app.Customer.id == talk.customer_id))
        .where(
            HandOver.shop_id == shop,
            HandOver.resolved_at.is_(None),
            HandOver.conversation_id.in_(waiting(shop, now)),
        )
        .order_by(HandOver.at)
        .limit(COUNTED)
    )
    found: dict[UUID, Needs] = {}
    for one, name, chat in await session.execute(query):
        found.setdefault(one.conversation_id, Needs(one, name, chat))
    return list(found.values())


async def _low(session: AsyncSession, shop: UUID) -> int:
    """Answers with a bad score that nobody has looked at."""
    row = TrainingData
    looked = exists().where(
        Rating.shop_id == shop, Rating.training_id == row.id, Rating.processed.is_(True)
    )
    query = select(row.id).where(
        row.shop_id == shop, row.quality_score <= LOW, row.author == "bot", ~looked
    )
    return await _bounded(session, query)


async def _disliked(session: AsyncSession, shop: UUID) -> int:
    query = select(Rating.training_id).where(
        Rating.shop_id == shop,
        Rating.processed.is_(False),
        or_(Rating.thumb == -1, Rating.stars <= LOW),
    )
    return await _bounded(session, query.distinct())


async def _unanswered(session: AsyncSession, shop: UUID) -> int:
    """Questions that nobody has decided about, however often each was asked."""
    asked = QuestionCluster
    query = select(asked.id).where(asked.shop_id == shop, asked.state == "open")
    return await _bounded(session, query)


async def _bounded(session: AsyncSession, query: Select[UUID]) -> int:
    few = query.limit(COUNTED).subquery()
    return await session.scalar(select(func.count()).select_from(few)) or 0


async def _sales(
    session: AsyncSession, shop: UUID, today: date, zone: ZoneInfo, days: Sequence[DailyFact]
) -> Sales:
    """Today's from the orders themselves, earlier days as they were counted."""
    began = addressed(datetime.now(zone), zone, today)
    query = select(func.coalesce(func.sum(Order.total), 0), func.count()).where(
        Order.shop_id == shop, Order.paid_at >= began, Order.reply_id.is_not(None)
    )
    amount, count = (await session.execute(query)).one()
    sums = {one.day: one.paid_led_sum for one in days} | {today: int(amount)}
    span = (today - timedelta(days=DAYS - 1 - step) for step in range(DAYS))
    return Sales(int(amount), count, charts.bars([sums.get(day, 0) for day in span]))


async def _live(session: AsyncSession, shop: UUID, now: datetime) -> Sequence[Row]:
    talk = app.Conversation
    newest = select(talk).where(talk.shop_id == shop).order_by(talk.last_at.desc()).limit(LIVE)
    return await talks.rows(session, shop, (await session.scalars(newest)).all(), now)


async def _steps(
    session: ReadSession, shop: UUID, paths: frozenset[str], own: Sequence[str], *, talked: bool
) -> Sequence[Step]:
    """What a new shop has not done yet; where all is done, none."""
    product = await session.scalar(select(exists().where(app.Product.shop_id == shop)))
    networks = set(await channels(session, shop)) - {"web", "console"}
    found = [
        Step("Di lo tuyo", await own_words(session, shop, own), "/ajustes/respuestas"),
        Step("Agrega tus productos", bool(product), "/catalogo"),
        Step("Conecta WhatsApp o Telegram", bool(networks), "/ajustes"),
        Step("Conversa con tu bot", talked, "/probar"),
    ]
    if all(one.done for one in found):
        return ()
    return [Step(one.name, one.done, one.href if one.href in paths else "") for one in found]
