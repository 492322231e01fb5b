"""A shop's numbers, as its pages and its API tell them. Everything is asked of roll-ups.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learning.facts import PROVIDERS
from store import facts, reckoning, rolling, senses
from store.reckoning import Bucket, Group, Scope
from web.figures import Figures
from web.ranges import before, bucket_of, buckets

TOP: Final = 10
SERIES: Final = 6
REST: Final = "rest"


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
class Costs:
    """`rows` are the dearest first, of `count` in all; `days` are millionths of a dollar of each
    bucket by the `names`, the last of which stands for all others. `senses` are voice notes and
    pictures, beside all these."""

    group: Group
    bucket: Bucket
    total: Figures
    rows: Sequence[dict[str, Any]]
    count: int
    names: tuple[str, ...]
    days: tuple[tuple[date, tuple[int, ...]], ...]
    senses: Sequence[dict[str, Any]]

    @property
    def sense_micros(self) -> int:
        """Of what was heard and looked at, as far as prices are known."""
        return sum(row["cost_micros"] for row in self.senses)

    @property
    def micros(self) -> int:
        return self.total.cost_micros + self.sense_micros

    @property
    def sensed(self) -> dict[str, int | None]:
        """Of each kind; None where there was some, and no price of any is known."""
        return {
            kind: self._of([one for one in self.senses if one["kind"] == kind])
            for kind in senses.KINDS
        }

    @staticmethod
    def _of(rows: Sequence[dict[str, Any]]) -> int | None:
        if rows and all(row["unpriced"] == row["files"] for row in rows):
            return None
        return int(sum(row["cost_micros"] for row in rows))

    @property
    def unpriced(self) -> int:
        return sum(row["unpriced"] for row in self.senses)


async def costs(
    session: AsyncSession, scope: Scope, group: Group, bucket: Bucket, limit: int = 50
) -> Costs:
    """Of customers the days are told by provider: they are too many to be drawn."""
    rows = await reckoning.costs(session, scope, group, limit)
    cells = await reckoning.cost_days(session, scope, group, bucket)
    names, days = _stacked(cells, buckets(scope, bucket))
    found = await reckoning.sums(session, scope, "month")
    total = Figures.total(Figures.of(row) for row in found)
    count, heard = rows[0]["rows"] if rows else 0, await senses.spent(session, scope)
    return Costs(group, bucket, total, rows, count, names, days, heard)


def _stacked(
    cells: Sequence[dict[str, Any]], days: Sequence[date]
) -> tuple[tuple[str, ...], tuple[tuple[date, tuple[int, ...]], ...]]:
    totals: dict[str, int] = {}
    for cell in cells:
        totals[cell["name"]] = totals.get(cell["name"], 0) + cell["micros"]
    paid = [name for name, micros in totals.items() if micros]
    names = sorted(paid, key=lambda name: (-totals[name], name))
    shown = names if len(names) <= SERIES else names[: SERIES - 1]
    known = {(cell["day"], cell["name"]): cell["micros"] for cell in cells}
    others = [name for name in names if name not in shown]
    told = tuple(shown) + ((REST,) if others else ())
    lines = []
    for day in days:
        values = [known.get((day, name), 0) for name in shown]
        values += [sum(known.get((day, name), 0) for name in others)] if others else []
        lines.append((day, tuple(values)))
    return told, tuple(lines)


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


async def supposed(
    session: AsyncSession, scope: Scope, price: tuple[float, float]
) -> tuple[int, int]:
    """What hosted answers cost, and what they would have cost at other `price`s: dollars of a
    million tokens read and written. Both in millionths of a dollar."""
    rows = await reckoning.costs(session, scope, "provider", TOP)
    hosted = [row for row in rows if row["name"] in PROVIDERS]
    would = sum(row["tokens_in"] * price[0] + row["tokens_out"] * price[1] for row in hosted)
    return sum(row["cost_micros"] for row in hosted), round(would)


@dataclass(frozen=True, slots=True)
class Spent:
    """A day's money of the shop beside its cap, and how many customers reached theirs. A cap of 0
    is none."""

    micros: int
    cap_micros: int
    customer_cap_micros: int
    customers_beyond: int

    @property
    def part(self) -> float | None:
        return self.micros / self.cap_micros if self.cap_micros else None


async def spent(
    session: AsyncSession, scope: Scope, caps: tuple[float, float], shop: UUID
) -> Spent:
    """Of the last day of the scope; `caps` are dollars of the shop and of a customer."""
    shop_cap, customer_cap = (round(usd * 1_000_000) for usd in caps)
    days = await reckoning.cost_days(session, scope, "provider", "day")
    today = bucket_of(scope.last, "day")
    heard = await senses.spent(session, replace(scope, first=scope.last))
    micros = sum(row["micros"] for row in days if row["day"] == today)
    micros += sum(row["cost_micros"] for row in heard)
    beyond = await reckoning.beyond(session, shop, today, customer_cap) if customer_cap else 0
    return Spent(micros, shop_cap, customer_cap, beyond)
