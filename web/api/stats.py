"""A shop's numbers: money, quality, time; and how much there is to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from config.manners import HoursSettings
from store import spending, tallying
from store.reckoning import Bucket, Scope
from web import stats
from web.api.house import House
from web.api.shapes import Body, Line, Shown, dollars
from web.api.versions import tagged
from web.permissions import Perm
from web.ranges import Asked, scope_of
from web.routing import Route

HIGH = 4


class Span(Body):
    """Days by the shop's clock, both included; the last thirty where nothing is said."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    bucket: Literal["day", "week", "month"] = "day"
    channel: Line = ""

    def scope(self, house: House, hours: HoursSettings) -> tuple[Scope, Bucket]:
        asked = Asked(first=self.since, last=self.until, channel=self.channel)
        return scope_of(asked, house.shop, house.clock(), hours), self.bucket


class Numbers(Shown):
    """`total` of the whole span, `before` of as many days just before; shares are null where there
    was nothing to share. Amounts are in the smallest unit of `currency`, `cost` is US dollars,
    of everything that was paid for."""

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
            route("GET", "/training/stats", self.get_training_stats, Perm.EXAMPLE_READ, Learned),
        ]

    async def get_summary(self, span: Annotated[Span, Query()]) -> Response:
        """What the days came to, beside as many before."""
        scope, bucket = span.scope(self.house, self.hours)
        async with self.house.store.tenant(self.house.shop) as session:
            found = await stats.summary(session, scope, bucket)
            spent = await spending.total(session, scope)
        told = Numbers(
            first=scope.first,
            last=scope.last,
            currency=self._currency,
            cost=dollars(spent),
            customers=found.customers,
            returning=found.returning,
            total={name: getattr(found.total, name) for name in NAMES},
            before={name: getattr(found.before, name) for name in NAMES},
        )
        return tagged(told)

    async def get_latency(self, span: Annotated[Span, Query()]) -> Response:
        """How long answers took: half of them, and 95 of 100."""
        scope, bucket = span.scope(self.house, self.hours)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.latency(session, scope, bucket)
        return self._series(scope, bucket, rows)

    async def get_quality(self, span: Annotated[Span, Query()]) -> Response:
        """How answers were scored, and what customers said of them."""
        scope, bucket = span.scope(self.house, self.hours)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.quality(session, scope, bucket)
        return self._series(scope, bucket, rows)

    async def get_sales(self, span: Annotated[Span, Query()]) -> Response:
        """Orders, and what was paid; `paid_led` are those that an answer of the bot led to."""
        scope, bucket = span.scope(self.house, self.hours)
        async with self.house.store.tenant(self.house.shop) as session:
            rows = await stats.sales(session, scope, bucket)
        return self._series(scope, bucket, rows)

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

    def _series(self, scope: Scope, bucket: Bucket, rows: list[dict[str, Any]]) -> Response:
        told = Series(
            first=scope.first, last=scope.last, bucket=bucket, currency=self._currency, rows=rows
        )
        return tagged(told)
