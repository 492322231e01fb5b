"""`alerts`: what is open, seen, muted, and what a rule would have said of the past."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from rich.markup import escape

from app.console import FAILED, emit, refuse, result, somebody
from app.desk import Desk, known_shop, opened
from app.guessing import unknown
from app.plugins import find_pack, load
from app.watching import terms_of
from config.settings import Settings
from evaluation.alert_rules import RULES
from evaluation.alert_texts import shown
from evaluation.watching import NoHistory, Tried, known_rules, rule_of, tried
from services.clock import now
from store import alerts
from store.alerts import Alert, AlertRule
from store.app import Shop

COLOURS: Final = {"firing": "red", "acknowledged": "yellow", "resolved": "green"}
OPEN: Final = ("firing", "acknowledged")


@dataclass(frozen=True, slots=True)
class At:
    desk: Desk
    shop: Shop

    async def rule(self, kind: str) -> AlertRule:
        """Refuses one that there is not."""
        async with self.desk.store.transaction() as session:
            found = {one.kind: one for one in await known_rules(session, self.shop.id)}
        if kind not in found or kind not in RULES:
            unknown("rule", kind, sorted(RULES))
        return found[kind]


@asynccontextmanager
async def at_desk(settings: Settings, key: str) -> AsyncIterator[At]:
    async with opened(settings, key) as desk:
        yield At(desk, await known_shop(desk, key))


async def listed(settings: Settings, key: str, *, every: bool, as_json: bool) -> None:
    async with at_desk(settings, key) as at:
        states = (*OPEN, "resolved") if every else OPEN
        async with at.desk.store.transaction() as session:
            found = await alerts.listed(session, at.shop.id, states)
            rules = await known_rules(session, at.shop.id)
    if as_json:
        emit({"alerts": [told(one) for one in found], "rules": [rule_told(one) for one in rules]})
        return
    for one in found:
        value, limit = (shown(one.kind, number) for number in (one.value, one.threshold))
        state = f"[{COLOURS[one.state]}]{one.state}[/]"
        since = _moment(one.fired_at)
        result.print(f"{state} {one.kind} {value} (limit {limit}) since {since} {one.id}")
    if not found:
        result.print("Nothing is open.")
    for rule in (one for one in rules if one.kind in RULES):
        _draw(rule)


def _draw(rule: AlertRule) -> None:
    kind = escape(rule.kind)
    value = "–" if rule.value is None else shown(kind, rule.value)
    limit = shown(kind, rule.bound or rule.threshold or RULES[kind].threshold)
    muted = f", muted until {rule.muted_until:%H:%M}" if rule.muted_until else ""
    off = "" if rule.enabled else ", off"
    weak = ", may be chance" if rule.weak else ""
    result.print(f"[dim]{kind:9} {rule.state}: {value} of {limit}{weak}{muted}{off}[/]")


async def acknowledge(settings: Settings, key: str, which: str, *, as_json: bool) -> None:
    async with at_desk(settings, key) as at, at.desk.store.transaction() as session:
        alert = await _alert(at, session, which)
        by, when = somebody(), now()
        if alert is None or not await alerts.acknowledge(session, at.shop.id, alert.id, by, when):
            why = "none that nobody has seen goes by that name"
            refuse(f"there is no open alert {which!r}", why, "main.py alerts list", code=FAILED)
    if as_json:
        emit({"id": alert.id, "state": "acknowledged", "by": by, "at": when})
    else:
        result.print(f"{alert.kind}: seen by {escape(by)}")


async def _alert(at: At, session: Any, which: str) -> Alert | None:  # noqa: ANN401  any session
    if which in RULES:
        found = await alerts.listed(session, at.shop.id, ("firing",))
        return next((one for one in found if one.kind == which), None)
    try:
        return await alerts.alert_called(session, at.shop.id, UUID(which))
    except ValueError:
        return None


async def mute(settings: Settings, key: str, kind: str, hours: float, *, as_json: bool) -> None:
    async with at_desk(settings, key) as at:
        rule, when = await at.rule(kind), now()
        until = when + timedelta(hours=hours) if hours else None
        async with at.desk.store.transaction() as session:
            await alerts.change_rule(
                session, rule, muted_until=until, changed_by=somebody(), changed_at=when
            )
    if as_json:
        emit({"kind": kind, "muted_until": until})
    elif until is None:
        result.print(f"{kind}: told again")
    else:
        result.print(f"{kind}: muted until {until:%Y-%m-%d %H:%M} UTC")


async def backtest(
    settings: Settings, key: str, kind: str, wanted: tuple[int, float], *, as_json: bool
) -> None:
    days, threshold = wanted
    async with at_desk(settings, key) as at:
        row = await at.rule(kind)
        rule = rule_of(row) or RULES[kind]
        rule = replace(rule, threshold=threshold) if threshold else rule
        until = now().replace(second=0, microsecond=0)
        try:
            async with at.desk.store.lookup() as connection:
                pack = find_pack(settings.app.pack, load(settings.app.plugins))
                terms = terms_of(settings, pack)
                found = await tried(connection, at.shop.id, rule, (until, days), terms)
        except NoHistory:
            why = "it looks at what is true now, and nothing of that is kept"
            refuse(f"{kind} cannot be tried on the past", why, "main.py alerts list", code=FAILED)
    if as_json:
        emit({"kind": kind, "threshold": rule.threshold, **asdict(found)})
    else:
        _tell(kind, found)


def _tell(kind: str, found: Tried) -> None:
    times = len(found.firings)
    result.print(f"{kind} would have been told {times} times in {found.days} days.")
    for one in found.firings:
        ended = "still open" if one.until is None else f"until {_moment(one.until)}"
        peak = shown(kind, one.peak)
        result.print(f"  {_moment(one.since)} {ended}, at most {peak}", soft_wrap=True)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def told(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id, "kind": alert.kind, "state": alert.state, "value": alert.value,
        "peak": alert.peak, "threshold": alert.threshold, "fired_at": alert.fired_at,
        "acknowledged_at": alert.acknowledged_at, "acknowledged_by": alert.acknowledged_by,
        "resolved_at": alert.resolved_at, "told_at": alert.told_at,
    }  # fmt: skip


def rule_told(rule: AlertRule) -> dict[str, Any]:
    return {
        "kind": rule.kind, "enabled": rule.enabled, "threshold": rule.threshold,
        "muted_until": rule.muted_until, "state": rule.state, "value": rule.value,
        "bound": rule.bound, "weak": rule.weak, "evaluated_at": rule.evaluated_at,
    }  # fmt: skip
