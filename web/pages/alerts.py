"""What a shop is watched for: what is wrong now, who looks after it, and each rule on its past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from evaluation.alert_rules import PRESENT, RULES, measurable
from evaluation.alert_texts import shown
from evaluation.alerts import Rule, ticks
from evaluation.seen import Seen
from evaluation.watching import Tried, look, rule_of
from services.clock import Clock, now
from services.news import News
from store import alerts
from store.alerts import AlertRule
from store.session import Store, WriteSession, driver
from web import alarms
from web.alert_chart import Chart, chart
from web.hands import hand_of
from web.identity import identity_of
from web.pages.refusing import refused
from web.permissions import Perm
from web.rendering import Pages, locale_of
from web.routing import Route

HOME: Final = "/admin/alertas"
RULE: Final = f"{HOME}/reglas/{{kind}}"
STATES: Final[Mapping[str, str]] = {
    "abiertas": "firing", "reconocidas": "acknowledged", "resueltas": "resolved",
}  # fmt: skip
Which = Literal["abiertas", "reconocidas", "resueltas"]
PAGE: Final = 30
DAY: Final = timedelta(days=1)
MISSING: Final = 404


@dataclass(frozen=True)
class Alerts:
    """`terms` is what rules know besides history; `news` reaches the pages that are open."""

    pages: Pages
    store: Store
    shop: UUID
    terms: Seen
    news: News
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.ALERT_READ),
            Route("GET", f"{HOME}/campana", self.bell, Perm.ALERT_READ),
            Route("GET", RULE, self.rule, Perm.ALERT_READ),
            Route("POST", RULE, self.change, Perm.ALERT_WRITE),
            Route("POST", f"{RULE}/silenciar", self.mute, Perm.ALERT_WRITE),
            Route("POST", f"{HOME}/{{alert}}/reconocer", self.acknowledge, Perm.ALERT_WRITE),
        ]

    async def show(
        self,
        request: Request,
        ver: Which = "abiertas",
        antes: Annotated[str, Query(max_length=80)] = "",
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            rules = await alarms.rules_of(session, self.shop)
            before = _before(antes)
            states = [STATES[ver]]
            found = await alerts.listed(session, self.shop, states, before=before, limit=PAGE + 1)
            calm_since = await alerts.last_resolved(session, self.shop)
        last = found[PAGE - 1] if len(found) > PAGE else None
        return self.pages.answer(
            request,
            "alertas.html",
            alerts=found[:PAGE],
            rules=rules,
            usual=RULES,
            which=ver,
            shown=partial(shown, language=locale_of(request)),
            calm_since=calm_since,
            now=self.clock(),
            cursor=f"{last.fired_at.isoformat()}_{last.id}" if last is not None else "",
            may_write=identity_of(request).may(Perm.ALERT_WRITE),
        )

    async def bell(self, request: Request) -> Response:
        """What the bell of every page holds: how many alerts nobody has seen yet."""
        async with self.store.tenant(self.shop) as session:
            waiting = await alerts.count_firing(session, self.shop)
        return self.pages.answer(request, "_bell.html", waiting=waiting)

    async def rule(
        self,
        request: Request,
        kind: str,
        dias: Annotated[int, Query(ge=0, le=30)] = 0,
        umbral: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        """With `dias`, what the rule would have said of them, by another threshold if one is
        given."""
        async with self.store.tenant(self.shop) as session:
            row = await self._row(session, kind)
            rule = rule_of(row) or RULES[kind]
            drawn = await self._drawn(session, rule)
            other = number(umbral)
            trial = replace(rule, threshold=other) if other is not None else rule
            past = await self._past(session, row, other, dias)
        return self.pages.answer(
            request,
            "regla.html",
            rule=row,
            usual=RULES[kind],
            trial=trial,
            drawn=drawn,
            past=past,
            days=dias or 30,
            shown=partial(shown, language=locale_of(request)),
            now=self.clock(),
            can_try=kind not in PRESENT,
            may_write=identity_of(request).may(Perm.ALERT_WRITE),
        )

    async def change(
        self,
        request: Request,
        kind: str,
        umbral: Annotated[str, Form(max_length=20)] = "",
        activa: Annotated[bool, Form()] = False,  # noqa: FBT002  a box that is not ticked is not sent
    ) -> Response:
        """Without a threshold it has the usual one again. A rule that is off ends its alert."""
        threshold = number(umbral)
        if not measurable(kind, threshold):
            return refused(self.pages, request, "uncounted", RULE.format(kind=kind))
        values = {"threshold": threshold, "enabled": activa}
        return await self._changed(request, kind, values)

    async def mute(
        self, request: Request, kind: str, horas: Annotated[int, Form(ge=0, le=24)] = 1
    ) -> Response:
        until = self.clock() + timedelta(hours=horas) if horas else None
        return await self._changed(request, kind, {"muted_until": until})

    async def acknowledge(self, request: Request, alert: UUID) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await alerts.alert_called(session, self.shop, alert)
            if found is None:
                raise HTTPException(MISSING)
            await alarms.acknowledge(session, found, hand_of(request, self.clock()))
        await self.news.tell("alert", id=alert)
        return RedirectResponse(HOME, 303)

    async def _changed(self, request: Request, kind: str, values: Mapping[str, object]) -> Response:
        async with self.store.tenant(self.shop) as session:
            row = await self._row(session, kind)
            await alarms.change(session, row, values, hand_of(request, self.clock()))
        await self.news.tell("alert", rule=row.id)
        return RedirectResponse(RULE.format(kind=kind), 303)

    async def _row(self, session: WriteSession, kind: str) -> AlertRule:
        found = await alarms.rule_called(session, self.shop, kind)
        if found is None:
            raise HTTPException(MISSING)
        return found

    async def _drawn(self, session: WriteSession, rule: Rule) -> Chart | None:
        """The last day; None for a rule of which no past is kept."""
        if rule.kind in PRESENT:
            return None
        moments = list(ticks(rule, self.clock() - DAY, self.clock()))
        connection = await driver(session)
        return chart(await look(connection, self.shop, rule, moments, self.terms))

    async def _past(
        self, session: WriteSession, row: AlertRule, other: float | None, days: int
    ) -> Tried | None:
        if not days:
            return None
        period = (self.clock(), days)
        return await alarms.on_the_past(session, row, other, period, self.terms)


def number(text: str) -> float | None:
    """As it is written here, with a comma or a point; None for nothing, or nothing above zero."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if 0 < found < float("inf") else None


def _before(text: str) -> tuple[datetime, UUID] | None:
    moment, _, last = text.replace(" ", "+").partition("_")
    try:
        return (datetime.fromisoformat(moment), UUID(last)) if last else None
    except ValueError:
        return None
