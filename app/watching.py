"""Watches over a running bot: one process at a time looks every minute at what was stored, decides
by the rules, and tells the shop's people, once, of what fires."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

import structlog

from app.noticing import notices
from app.parts import Parts
from bot.states import States
from config.opening import zone_of
from config.packs import Pack
from config.settings import Settings
from evaluation.alert_texts import brief, told
from evaluation.alerts import Point, Rule, Watch, step, ticks
from evaluation.seen import Seen
from evaluation.watching import known_rules, look, rule_of
from events.effects import Retry
from events.happened import Happened, caused_by
from handlers.hours import hours_of
from handlers.notices import Notice, Notices, told_to
from nlu.brought import brought
from services.clock import Clock
from services.leases import Lease
from services.news import News, key_of
from store import alerts, choices, spans
from store.alerts import Alert, AlertRule
from store.base import StoreError
from store.session import Store, WriteSession

log = structlog.get_logger()
EVERY_S: Final = 10.0
CATCH_UP: Final = timedelta(hours=1)
"""What nobody looked at for longer than that is history."""
STALE: Final = timedelta(days=1)
PAGES: Final = 40
"""Of spans that are old enough to be forgotten, at each look."""


Counting: TypeAlias = Callable[[], Awaitable[int]]


async def none() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Watching:
    """`notices` is None where there is nobody to tell; `news` reaches the pages that are open;
    `refused` counts the accounts that their networks turn away."""

    store: Store
    shop: UUID
    lease: Lease
    settings: Settings
    notices: Notices | None
    clock: Clock
    news: News | None = None
    pack: Pack | None = None
    refused: Counting = none

    async def attend(self) -> None:
        """Until cancelled; an outage is waited for."""
        me = uuid4().hex
        while True:
            try:
                await self.lease.held(me, self._hold)
            except StoreError as error:
                log.warning("alerts.waiting", reason=str(error))
            await asyncio.sleep(EVERY_S)

    async def _hold(self, token: str) -> None:
        while await self.lease.renew(token):
            await self.once()
            await self._forget()
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """How many people were told of something."""
        until = self.clock() - timedelta(seconds=self.settings.observe.delay_s)
        async with self.store.transaction() as session:
            rules = await known_rules(session, self.shop)
            hours = await choices.hours(session, self.shop, self.settings.hours)
        terms = terms_of(self.settings, self.pack)
        terms = replace(terms, is_open=hours_of(hours).is_open, refused=await self.refused())
        for rule in rules:
            await self._look(rule, until, terms)
        return await self._tell()

    async def _look(self, row: AlertRule, until: datetime, terms: Seen) -> None:
        rule = rule_of(row)
        if rule is None or not row.enabled:
            return
        every = timedelta(minutes=rule.every_m)
        since = max(row.evaluated_at or until - every, until - max(CATCH_UP, every))
        moments = list(ticks(rule, since, until))
        if not moments:
            return
        async with self.store.lookup() as connection:
            found = await look(connection, self.shop, rule, moments, terms)
        async with self.store.transaction() as session:
            here = await alerts.rule_called(session, self.shop, rule.kind, alone=True)
            if here is None or here.evaluated_at != row.evaluated_at or not here.enabled:
                return
            turned = await self._decide(session, here, rule, found)
        if turned and self.news is not None:
            await self.news.tell("alert", rule=row.id)

    async def _decide(
        self, session: WriteSession, row: AlertRule, rule: Rule, found: Sequence[Point]
    ) -> bool:
        """Whether anything began or ended. All in one transaction: who is killed in the middle has
        decided nothing."""
        state: Any = row.state
        watch, turned = Watch(state, row.streak), False
        for point in found:
            watch, turn = step(rule, watch, point)
            turned = turned or turn is not None
            if turn == "fired":
                await alerts.fire(session, alert_of(row, point))
                log.warning("alert.fired", kind=rule.kind, value=point.value)
            elif turn == "resolved":
                await self._resolved(session, row, point)
            elif watch.state == "firing" and point.value is not None:
                await _higher(session, row, point.value)
        last = found[-1]
        await alerts.change_rule(
            session, row, state=watch.state, streak=watch.streak, evaluated_at=last.at,
            value=last.value, bound=last.threshold, weak=last.weak,
        )  # fmt: skip
        return turned

    async def _resolved(self, session: WriteSession, row: AlertRule, point: Point) -> None:
        alert = await alerts.opened(session, row.shop_id, row.id)
        if alert is not None:
            await alerts.change(session, alert, state="resolved", resolved_at=point.at)
            log.info("alert.resolved", kind=row.kind)

    async def _tell(self) -> int:
        async with self.store.reading() as session:
            waiting = await alerts.untold(session, self.shop, self.clock() - STALE)
            rules = {one.id: one for one in await alerts.rules(session, self.shop)}
        done = [await self._told(one, rules[one.rule_id]) for one in waiting]
        return sum(done)

    async def _told(self, alert: Alert, rule: AlertRule) -> int:
        """Ids derive from the alert's and the chat's: killed before it is marked, nobody is told
        again. What is over, seen or muted need not be told."""
        muted = rule.muted_until is not None and rule.muted_until > self.clock()
        people = self.notices.staff if self.notices is not None else ()
        if self.notices is None or muted or alert.state != "firing":
            people = ()
        elif isinstance(await self.notices.tell(cause_of(alert), self._notice(alert)), Retry):
            return 0
        ids = [str(caused_by(alert.id, told_to(one))) for one in people]
        async with self.store.transaction() as session:
            await alerts.change(session, alert, told_at=self.clock(), told=ids)
        return len(ids)

    def _notice(self, alert: Alert) -> Notice:
        found = self.notices
        language = found.pack.identity.language if found is not None else "es"
        site = found.site if found is not None else ""
        text = told(alert.kind, alert.value, alert.threshold, language, site)
        return Notice(text, brief(alert.kind, alert.value, language))

    async def _forget(self) -> None:
        before = self.clock() - timedelta(days=self.settings.observe.trace_days)
        for _ in range(PAGES):
            async with self.store.transaction() as session:
                if await spans.forget(session, self.shop, before) < spans.PAGE:
                    return


async def _higher(session: WriteSession, row: AlertRule, value: float) -> None:
    alert = await alerts.opened(session, row.shop_id, row.id)
    if alert is not None and value > alert.peak:
        await alerts.change(session, alert, peak=value)


def alert_of(row: AlertRule, point: Point) -> dict[str, Any]:
    value = point.value or 0.0
    return {
        "shop_id": row.shop_id, "id": caused_by(row.id, f"fired {point.at.isoformat()}"),
        "rule_id": row.id, "kind": row.kind, "value": value, "peak": value,
        "threshold": point.threshold, "fired_at": point.at,
    }  # fmt: skip


def cause_of(alert: Alert) -> Happened:
    """Alerts have no event of their own: what follows from one derives from its id."""
    return Happened(
        id=alert.id, shop=alert.shop_id, account="", conversation=alert.id, request_id=alert.id,
        at=alert.fired_at, received_at=alert.fired_at,
    )  # fmt: skip


def terms_of(settings: Settings, pack: Pack | None = None) -> Seen:
    """What rules need to know besides history: the budget, the shop's days and hours, and how well
    the model that a `pack` brings understands."""
    zone = zone_of(settings.hours.timezone)

    def day_of(at: datetime) -> datetime:
        here = at.astimezone(zone)
        return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    return Seen(
        budget=settings.budget,
        day_of=day_of,
        is_open=hours_of(settings.hours).is_open,
        baseline=_promised(pack) if pack is not None else {},
    )


def _promised(pack: Pack) -> dict[str, float]:
    found = brought(pack)
    told = found.header.metrics["f1"] if found is not None else {}
    return {name: one["value"] for name, one in told.items()}


def watching_of(parts: Parts) -> Watching:
    settings, clock = parts.settings, parts.replier.clock
    lease = Lease(parts.wire, f"{settings.redis.prefix}:{{alerts}}", round(6000 * EVERY_S))
    found = notices(settings, parts.pack, parts.stream, parts.reach, clock)
    news = News(parts.wire, key_of(settings.redis.prefix, parts.shop))

    async def refused() -> int:
        states = States(parts.wire, settings.redis.prefix)
        told = await states.of(sorted(parts.channels))
        return sum(one.state == "refused" for one in told.values())

    return Watching(
        parts.store, parts.shop, lease, settings, found, clock, news, parts.pack, refused
    )
