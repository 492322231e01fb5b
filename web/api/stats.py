"""A shop's numbers: money, quality, time; and how much there is to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from config.manners import HoursSettings
from store import tallying
from store.reckoning import Bucket, Scope
from web import stats
from web.api.house import House
from web.api.shapes import Body, Line, Shown, dollars
from web.api.versions import tagged
from web.permissions import Perm
from web.ranges import Asked, scope_of
from web.routing import Route

By = Literal["intent", "customer", "channel", "model", "provider"]
HIGH = 4
COSTLY = 200


class Span(Body):
    """Days by the shop's clock, both included; the last thirty where nothing is said."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    bucket: Literal["day", "week", "month"] = "day"
    channel: Line = ""


class CostSpan(Span):
    group_by: By = "intent"


class Numbers(Shown):
    """`total` of the whole span, `before` of as many days just before; shares are null where there
    was nothing to share. Amounts are in the smallest unit of `currency`, `cost` is US dollars."""

    first: date
    last: date
    currency: str
    cost: str
    customers: int
    returning: int
    total: dict[str, Any]
    before: dict[str, Any]


class Series(Shown):
    first: date
    last: date
    bucket: str
    currency: str
    rows: list[dict[str, Any]]


class CostRow(Shown):
    name: str
    replies: int
    tokens_in: int
    tokens_out: int
    cost: str


class SenseRow(Shown):
    """Voice notes that were heard, or pictures that were looked at. `cost` is of those whose price
    is known, and null where that is none of them."""

    kind: str
    provider: str
    model: str
    files: int
    unpriced: int
    seconds: float
    tokens_in: int
    tokens_out: int
    cost: str | None


class CostsShown(Shown):
    """`total` is of answers, `senses_total` of what was heard and looked at beside them."""

    first: date
    last: date
    group_by: str
    total: str
    rows: list[CostRow]
    days: list[dict[str, Any]]
    senses: list[SenseRow]
    senses_total: str


class CategoryShown(Shown):
    """`score` is the mean of those that have one."""

    category: str
    score: float | None
    count: int


class Learned(Shown):
    """`high_quality` rows have a score or stars of 4 or more, or were put right by a person."""

    total: int
    by_category: list[CategoryShown]
    high_quality: int


NAMES = (
    "replies", "resolved_share", "hand_overs", "mean_score", "no_answers", "csat", "thumbs_up",
    "thumbs_down", "orders", "paid", "paid_sum", "paid_led", "paid_led_sum", "tokens_in",
    "tokens_out", "p50_ms", "p95_ms", "corrections",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stats:
    house: House
    hours: HoursSettings

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.REPORT_READ
        return [
            route("GET", "/stats/summary", self.get_summary, read, Numbers),
            route("GET", "/stats/latency", self.get_latency, read, Series),
            route("GET", "/stats/quality", self.get_quality, read, Series),
            route("GET", "/stats/sales", self.get_sales, read, Series),
            route("GET", "/stats/costs", self.get_costs, Perm.COST_READ, CostsShown),
            route("GET", "/training/stats", self.get_training_stats, Perm.EXAMPLE_READ, Learned),
        ]

    async def get_summary(self, span: Annotated[Span, Query()]) -> Response:
        """What the days came to, beside as many before."""
        scope, bucket = self._scope(span)
        async with self.house.store.tenant(self.house.shop) as session:
            found = await stats.summary(session, scope, bucket)
        told = Numbers(
            first=scope.first,
            last=scope.last,
            currency=self._currency,
            cost=dollars(found.total.cost_micros),
            customers=found.customers,
            returning=found.returning,
            total={name: getattr(found.total, name) for name in NAMES},
            before={name: getattr(found.before, name) for name in NAMES},
        )
        return tagged(told)

    async def get_latency(self, span: Annotated[Span, Query()]) -> Response:
        """How long answers took: half of them, and 95 of 100."""
        scope, bucket = self._scope(span)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.latency(session, scope, bucket)
        return self._series(scope, bucket, rows)

    async def get_quality(self, span: Annotated[Span, Query()]) -> Response:
        """How answers were scored, and what customers said of them."""
        scope, bucket = self._scope(span)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.quality(session, scope, bucket)
        return self._series(scope, bucket, rows)

    async def get_sales(self, span: Annotated[Span, Query()]) -> Response:
        """Orders, and what was paid; `paid_led` are those that an answer of the bot led to."""
        scope, bucket = self._scope(span)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.sales(session, scope, bucket)
        return self._series(scope, bucket, rows)

    async def get_costs(self, span: Annotated[CostSpan, Query()]) -> Response:
        """What answers cost by what they were spent on, the dearest first; and beside them what
        was heard and looked at."""
        scope, bucket = self._scope(span)
        async with self.house.store.tenant(self.house.shop) as session:
            found = await stats.costs(session, scope, span.group_by, bucket, COSTLY)
        rows = [
            CostRow(
                name=str(row["name"] or ""),
                replies=row["replies"],
                tokens_in=row["tokens_in"],
                tokens_out=row["tokens_out"],
                cost=dollars(row["cost_micros"]),
            )
            for row in found.rows
        ]
        days = [
            {"day": day}
            | {name: dollars(cost) for name, cost in zip(found.names, each, strict=True)}
            for day, each in found.days
        ]
        told = CostsShown(
            first=scope.first,
            last=scope.last,
            group_by=span.group_by,
            total=dollars(found.total.cost_micros),
            rows=rows,
            days=days,
            senses=[_sensed(row) for row in found.senses],
            senses_total=dollars(found.sense_micros),
        )
        return tagged(told)

    async def get_training_stats(self) -> Response:
        """How many captured answers there are to learn from, by category; of the newest 50,000."""
        return tagged(await self.learned(self.house))

    @staticmethod
    async def learned(house: House) -> Learned:
        async with house.store.tenant(house.shop) as session:
            rows = await tallying.categories(session, house.shop, HIGH)
        listed = [CategoryShown(category=row.name, score=row.score, count=row.rows) for row in rows]
        total, high = sum(row.rows for row in rows), sum(row.high for row in rows)
        return Learned(total=total, by_category=listed, high_quality=high)

    @property
    def _currency(self) -> str:
        return self.house.pack.identity.currency

    def _scope(self, span: Span) -> tuple[Scope, Bucket]:
        house = self.house
        asked = Asked(first=span.since, last=span.until, channel=span.channel)
        return scope_of(asked, house.shop, house.clock(), self.hours), span.bucket

    def _series(self, scope: Scope, bucket: Bucket, rows: list[dict[str, Any]]) -> Response:
        told = Series(
            first=scope.first, last=scope.last, bucket=bucket, currency=self._currency, rows=rows
        )
        return tagged(told)


def _sensed(row: dict[str, Any]) -> SenseRow:
    cost = dollars(row["cost_micros"]) if row["unpriced"] < row["files"] else None
    return SenseRow(**row | {"cost": cost})
