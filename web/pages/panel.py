"""An administrator's first page: each figure leads to the page behind it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from config.packs import Pack
from evaluation.alert_texts import shown
from llm.budget import Purse
from nlu.brought import brought
from services.clock import now
from store import alerts
from store.facts import DailyFact
from web import charts, gauges
from web.charts import Chart, Drawing, Series, Unit
from web.limits import soon
from web.permissions import Perm
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
            seen = await gauges.panel(session, bench.shop, at - DAY, _brought(bench.pack))
            days = await gauges.days(session, bench.shop, today)
            open_alerts = await alerts.listed(session, bench.shop, alerts.OPEN, limit=ALERTS)
        spent, cap = await self._spent(zone, seen.traffic.cost_micros)
        f1 = seen.understood.intents if seen.understood else ()
        part, say = is_part(request, "panel"), words(locale_of(request)).say
        answer = bench.pages.answer(
            request, "_panel.html" if part else "panel.html", seen=seen, spent=spent, cap=cap,
            goal=GOAL_MS, f1=f1, alerts=open_alerts,
            shown=partial(shown, language=locale_of(request)),
            costs=_drawn(say("Costo por día"), days, today, "cost_micros"),
            slow=_drawn(say("Demora p95 por día"), days, today, "p95_ms"),
        )  # fmt: skip
        return unless_known(request, answer)

    async def _spent(self, zone: ZoneInfo, seen: int) -> tuple[int, int]:
        """Millionths of a dollar today, and the most; where nothing is bounded, what was seen."""
        bench, knobs = self.bench, self.bench.settings.budget
        purse = Purse(bench.news.wire, bench.settings.redis.prefix, knobs, zone)
        spent = await soon(purse.spent(str(bench.shop))) if purse.bounded else seen
        return spent, round(knobs.shop_usd * 1_000_000)


def _brought(pack: Pack) -> gauges.Understood | None:
    """Of the classifier that comes with the pack, as it was measured when that was made."""
    found = brought(pack)
    known = gauges.understood([(0, asdict(found.header), True)]) if found else None
    return replace(known, own=False) if known else None


def _drawn(title: str, days: Sequence[DailyFact], today: date, column: str) -> Drawing | None:
    """Days that nobody counted are days without a value."""
    if not days:
        return None
    known = {one.day: getattr(one, column) for one in days}
    first = min(known)
    span = [first + timedelta(days=step) for step in range((today - first).days + 1)]
    unit: Unit = "usd" if column == "cost_micros" else "time"
    values = tuple(known.get(day) for day in span)
    chart = Chart(title, tuple(span), (Series(title, values),), unit)
    return charts.columns(chart) if unit == "usd" else charts.lines(chart)
