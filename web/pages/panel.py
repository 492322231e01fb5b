"""An administrator's first page: each figure leads to the page behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from evaluation.alert_rules import RULES
from evaluation.alert_texts import shown
from llm.budget import Purse
from services.clock import now
from store import alerts, spending
from store.facts import DailyFact
from web import charts, gauges
from web.caps import caps
from web.charts import Chart, Drawing, Series, Unit
from web.costs import spent_today
from web.pages.rollouts import STEPS
from web.permissions import Perm
from web.ranges import Asked, scope_of
from web.rendering import is_part, locale_of, unless_known
from web.routing import Route
from web.translating import words
from web.workshop import Bench

DAY = timedelta(days=1)
GOAL_MS = 3500
ALERTS = 5


@dataclass(frozen=True, slots=True)
class PanelPage:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/admin", self.show, Perm.MODEL_READ)]

    async def show(self, request: Request) -> Response:
        bench, at = self.bench, now()
        zone = ZoneInfo(bench.settings.hours.timezone)
        today = at.astimezone(zone).date()
        async with bench.store.tenant(bench.shop) as session:
            seen = await gauges.panel(session, bench.shop, at - DAY, bench.pack)
            days = await gauges.days(session, bench.shop, today)
            scope = scope_of(Asked(gauges.DAYS), bench.shop, at, bench.settings.hours)
            daily = await spending.daily(session, scope)
            spent = await spent_today(
                session, replace(scope, first=today, last=today), self._purse(zone)
            )
            cap = (await caps(session, bench.shop, bench.settings.budget))["shop"].holds
            open_alerts = await alerts.listed(session, bench.shop, alerts.OPEN, limit=ALERTS)
        f1 = seen.understood.intents if seen.understood else ()
        percent = seen.rollout.percent if seen.rollout else STEPS[-1]
        higher = next((one for one in STEPS if one > percent), None)
        part, say = is_part(request, "panel"), words(locale_of(request)).say
        answer = bench.pages.answer(
            request, "_panel.html" if part else "panel.html", seen=seen, spent=spent, cap=cap,
            goal=GOAL_MS, newest=gauges.NEWEST, f1=f1,
            higher=higher,
            alerts=open_alerts, rules=RULES,
            shown=partial(shown, language=locale_of(request)),
            costs=_drawn(say("Costo por día"), {**_nothing(days), **daily}, today, "usd"),
            slow=_drawn(say("Demora p95 por día"), {one.day: one.p95_ms for one in days}, today),
        )  # fmt: skip
        return unless_known(request, answer)

    def _purse(self, zone: ZoneInfo) -> Purse:
        bench = self.bench
        prefix, knobs = bench.settings.redis.prefix, bench.settings.budget
        return Purse(bench.news.wire, prefix, knobs, zone)


def _nothing(days: Sequence[DailyFact]) -> dict[date, float]:
    """Days that were counted, before it is known what they cost."""
    return {one.day: 0.0 for one in days}


def _drawn(
    title: str, known: Mapping[date, float | None], today: date, unit: Unit = "time"
) -> Drawing | None:
    """Days that nobody counted are days without a value."""
    if not known:
        return None
    first = min(known)
    span = [first + timedelta(days=step) for step in range((today - first).days + 1)]
    chart = Chart(title, tuple(span), (Series(title, tuple(map(known.get, span))),), unit)
    return charts.columns(chart) if unit == "usd" else charts.lines(chart)
