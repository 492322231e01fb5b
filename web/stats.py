"""A shop's numbers, as its pages and its API tell them. Everything is asked of roll-ups.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from learning.facts import PROVIDERS
from store import facts, reckoning, rolling
from store.reckoning import Bucket, Scope
from web.figures import Figures
from web.ranges import before, buckets

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """`days` has a line for each bucket, empty ones too. `saved_micros` is what the answers that
    no hosted model gave would have cost at its last price; None where none ever cost anything."""

    scope: Scope
    bucket: Bucket
    total: Figures
    days: tuple[tuple[date, Figures], ...]
    before: Figures
    customers: int
    returning: int
    saved_micros: int | None
    counted_until: date | None


async def summary(session: AsyncSession, scope: Scope, bucket: Bucket = "day") -> Summary:
    days = await by_bucket(session, scope, bucket)
    earlier = await reckoning.sums(session, before(scope), "month")
    known = await rolling.progress(session, scope.shop)
    counted = known.counted if known else None
    customers, returning = await reckoning.people(session, scope, counted)
    price = await facts.last_hosted(session, scope.shop, scope.last, PROVIDERS)
    total = Figures.total(figures for _, figures in days)
    return Summary(
        scope=scope,
        bucket=bucket,
        total=total,
        days=tuple(days),
        before=Figures.total(Figures.of(row) for row in earlier),
        customers=customers,
        returning=returning,
        saved_micros=None if price is None else round(price * total.local),
        counted_until=counted,
    )


async def by_bucket(
    session: AsyncSession, scope: Scope, bucket: Bucket
) -> list[tuple[date, Figures]]:
    """The sums of each day, week or month of the scope."""
    found = {row["day"]: Figures.of(row) for row in await reckoning.sums(session, scope, bucket)}
    return [(day, found.get(day, Figures())) for day in buckets(scope, bucket)]


async def latency(session: AsyncSession, scope: Scope, bucket: Bucket) -> list[dict[str, Any]]:
    """Milliseconds of an answer: half of them, and 95 of 100, took no longer."""
    return [
        {"day": day, "replies": one.replies, "p50_ms": one.p50_ms, "p95_ms": one.p95_ms}
        for day, one in await by_bucket(session, scope, bucket)
    ]


async def quality(session: AsyncSession, scope: Scope, bucket: Bucket) -> list[dict[str, Any]]:
    """How answers were scored, and what customers said of them."""
    names = (
        "replies", "scored", "mean_score", "quality", "no_answers", "csat", "csat_answered",
        "thumbs_up", "thumbs_down", "resolved_share", "hand_overs", "corrections",
    )  # fmt: skip
    return [
        {"day": day} | {name: getattr(one, name) for name in names}
        for day, one in await by_bucket(session, scope, bucket)
    ]


async def sales(session: AsyncSession, scope: Scope, bucket: Bucket) -> list[dict[str, Any]]:
    """Orders and their amounts in the smallest unit of the shop's currency; `paid_led` are those
    that an answer of the bot led to."""
    names = ("orders", "orders_sum", "paid", "paid_sum", "paid_led", "paid_led_sum")
    return [
        {"day": day} | {name: getattr(one, name) for name in names}
        for day, one in await by_bucket(session, scope, bucket)
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of the page of reports."""

    summary: Summary
    channels: Sequence[str]
    week: list[list[int]]
    reasons: list[tuple[str, int]]
    intents: list[tuple[str, int]]
    short: list[tuple[str, int]]


async def report(session: AsyncSession, scope: Scope, bucket: Bucket) -> Report:
    kinds = ("reason", "intent", "short")
    tallied = await reckoning.tallies(session, scope, kinds, TOP)
    return Report(
        summary=await summary(session, scope, bucket),
        channels=await reckoning.channels(session, scope),
        week=await reckoning.week(session, scope),
        reasons=tallied["reason"],
        intents=tallied["intent"],
        short=tallied["short"],
    )
