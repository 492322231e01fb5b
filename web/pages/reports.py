"""What the shop's days came to: sales, what the bot resolved, what people ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from config.manners import HoursSettings
from services.clock import Clock, now
from store import choices, weekly
from store.reckoning import Bucket, Scope
from store.session import ReadSession, Store
from web import charts, csv, reporting, stats
from web.amounts import plain, weekdays
from web.asked import Wanted
from web.hands import hand_of
from web.identity import identity_of
from web.limits import soon
from web.permissions import Perm
from web.ranges import SPANS, Asked, is_always_open, scope_of
from web.rendering import Pages, locale_of
from web.routing import Route
from web.translating import SOURCE, words
from web.wording import say

PATIENCE_S = 8.0
DAY = "día"
TIMES = "veces"
WEEKLY = "/informes/resumen"


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
    staff: Sequence[str] = ()

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/informes", self.show, Perm.REPORT_READ),
            Route("GET", "/informes/{name}.csv", self.download, Perm.REPORT_READ),
            Route("POST", WEEKLY, self.choose, Perm.REPORT_READ),
        ]

    async def show(self, request: Request, asked: Wanted) -> Response:
        report, books = await soon(self._report(asked), PATIENCE_S)
        person = identity_of(request).person
        chosen = await soon(self._chosen())
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
            mine=next((chat for chat, whose in chosen.items() if whose == person), ""),
            chats=[one for one in self.staff if one not in chosen],
            **books.filters(asked, report.channels),
        )

    async def download(self, request: Request, name: str, asked: Wanted) -> Response:
        if name not in reporting.NAMES:
            raise HTTPException(404)
        report, _ = await soon(self._report(asked), PATIENCE_S)
        locale = locale_of(request)
        told = words(locale)
        if name in reporting.CHARTS:
            chart = reporting.CHARTS[name][1](report, self.books.currency)
            return answer(name, chart, locale)
        if name == reporting.WEEK:
            days = weekdays(locale)
            rows = [(day, *cells) for day, cells in zip(days, report.week, strict=True)]
            return csv.answer(name, [told.say(DAY), *map(str, range(24))], csv.each(rows))
        kind, head = reporting.SPOKEN[name]
        listed = reporting.LISTED[name](report)
        lines = [(told.say(say(one, kind)) if kind else one, n) for one, n in listed]
        return csv.answer(name, [told.say(head), told.say(TIMES)], csv.each(lines))

    async def choose(
        self, request: Request, chat: Annotated[str, Form(max_length=200)] = ""
    ) -> Response:
        """In which chat one is told of the week; in none without one."""
        by = hand_of(request, self.books.clock())
        person, shop = by.who.person, by.who.shop
        if person is None or (chat and chat not in self.staff):
            raise HTTPException(422)
        async with self.store.tenant(shop) as session:
            changed = await weekly.drop(session, shop, person)
            if chat and not await weekly.keep(session, shop, person, chat):
                raise HTTPException(409)
            if chat or changed:
                await by.note(session, "report.weekly", f"person:{person}", enabled=bool(chat))
        return RedirectResponse("/informes#resumen", 303)

    async def _chosen(self) -> dict[str, UUID]:
        async with self.store.tenant(self.books.shop) as session:
            return await weekly.chats(session, self.books.shop)

    async def _report(self, asked: Asked) -> tuple[stats.Report, Books]:
        async with self.store.tenant(self.books.shop) as session:
            books = await self.books.chosen(session)
            return await stats.report(session, books.scope(asked), books.bucket(asked)), books


def answer(name: str, chart: charts.Chart, locale: str = SOURCE) -> Response:
    """The numbers of a chart as they are: money in its currency, costs in dollars."""
    told = words(locale)
    header = [told.say(DAY), *(told.say(say(one.name, "figure")) for one in chart.series)]
    rows = [
        (str(label), *(plain(value, chart.unit, chart.currency) for value in values))
        for label, values in chart.rows()
    ]
    return csv.answer(name, header, csv.each(rows))
