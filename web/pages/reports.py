"""What the shop's days came to: sales, what the bot resolved, what people ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from config.manners import HoursSettings
from services.clock import Clock, now
from store import choices
from store.reckoning import Bucket, Scope
from store.session import ReadSession, Store
from web import charts, csv, reporting, stats
from web.amounts import plain, weekdays
from web.asked import Wanted
from web.limits import soon
from web.permissions import Perm
from web.ranges import SPANS, Asked, is_always_open, scope_of
from web.rendering import Pages, locale_of
from web.routing import Route

PATIENCE_S = 8.0


@dataclass(frozen=True)
class Books:
    """Whose numbers, in which money and by which clock."""

    shop: UUID
    currency: str
    hours: HoursSettings
    clock: Clock = now

    async def chosen(self, session: ReadSession) -> "Books":
        """By the hours that the shop's owner chose, where they did."""
        return replace(self, hours=await choices.hours(session, self.shop, self.hours))

    def scope(self, asked: Asked) -> Scope:
        return scope_of(asked, self.shop, self.clock(), self.hours)

    def bucket(self, asked: Asked) -> Bucket:
        return asked.bucket(self.clock().astimezone(ZoneInfo(self.hours.timezone)).date())

    def filters(self, asked: Asked, channels: Sequence[str]) -> dict[str, Any]:
        """What the form above the numbers shows."""
        return {
            "asked": asked,
            "spans": SPANS,
            "channels": channels,
            "has_hours": not is_always_open(self.hours),
            "currency": self.currency,
        }


@dataclass(frozen=True)
class Reports:
    pages: Pages
    store: Store
    books: Books

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/informes", self.show, Perm.REPORT_READ),
            Route("GET", "/informes/{name}.csv", self.download, Perm.REPORT_READ),
        ]

    async def show(self, request: Request, asked: Wanted) -> Response:
        report, books = await soon(self._report(asked), PATIENCE_S)
        return self.pages.answer(
            request,
            "informes.html",
            report=report,
            summary=report.summary,
            total=report.summary.total,
            before=report.summary.before,
            drawn=reporting.drawings(report, self.books.currency),
            warm=charts.heat(report.week),
            shares=charts.shares,
            weekdays=weekdays(locale_of(request)),
            **books.filters(asked, report.channels),
        )

    async def download(self, request: Request, name: str, asked: Wanted) -> Response:
        if name not in reporting.NAMES:
            raise HTTPException(404)
        report, _ = await soon(self._report(asked), PATIENCE_S)
        if name in reporting.CHARTS:
            chart = reporting.CHARTS[name][1](report, self.books.currency)
            return answer(name, chart)
        if name == reporting.WEEK:
            days = weekdays(locale_of(request))
            rows = [(day, *cells) for day, cells in zip(days, report.week, strict=True)]
            return csv.answer(name, ["", *map(str, range(24))], csv.each(rows))
        return csv.answer(name, ["", "count"], csv.each(reporting.LISTED[name](report)))

    async def _report(self, asked: Asked) -> tuple[stats.Report, Books]:
        async with self.store.tenant(self.books.shop) as session:
            books = await self.books.chosen(session)
            return await stats.report(session, books.scope(asked), books.bucket(asked)), books


def answer(name: str, chart: charts.Chart) -> Response:
    """The numbers of a chart as they are: money in its currency, costs in dollars."""
    header = ["", *(one.name for one in chart.series)]
    rows = [
        (str(label), *(plain(value, chart.unit, chart.currency) for value in values))
        for label, values in chart.rows()
    ]
    return csv.answer(name, header, csv.each(rows))
