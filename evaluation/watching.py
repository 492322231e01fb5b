"""Holds a shop's stored history against its rules: now, or for a month back.

The same questions and the same steps answer both, so what a rule would have said is what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.alert_models import ASKED
from evaluation.alert_rules import DAY, HOUR, PRESENT, RULES, WEEK, points
from evaluation.alerts import Firing, Point, Rule, backtest, ticks
from evaluation.falling import falls
from evaluation.seen import Asked, Hour, Measured, Minute, Seen
from store import alerts, choices, watching
from store.alerts import AlertRule
from store.session import BatchConnection

QUIET: Final = timedelta(days=1)
MEASURED_WITHIN: Final = timedelta(days=180)
MOST_POINTS: Final = 50_000
SAMPLED: Final = frozenset({"f1-live", "f1-intent"})
"""Who look at turns that were drawn by chance and reviewed."""


async def known_rules(session: AsyncSession, shop: UUID) -> list[AlertRule]:
    """A shop's rules, as somebody set them; those that nobody has are there by themselves."""
    known = await alerts.rules(session, shop)
    missing = RULES.keys() - {one.kind for one in known}
    if not missing:
        return known
    ids = {kind: uuid5(shop, f"alert rule {kind}") for kind in sorted(missing)}
    rows = [{"shop_id": shop, "id": id_, "kind": kind} for kind, id_ in ids.items()]
    await alerts.keep_rules(session, rows)
    return await alerts.rules(session, shop)


def rule_of(row: AlertRule) -> Rule | None:
    """With the shop's own threshold; None for one that only another release knows."""
    rule = RULES.get(row.kind)
    if rule is None or row.threshold is None:
        return rule
    return replace(rule, threshold=row.threshold)


class NoHistory(Exception):
    """The rule looks at what is true now; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have said of `days` days, looked at `looks` times."""

    days: int
    looks: int
    firings: Sequence[Firing]


async def look(
    connection: BatchConnection,
    shop: UUID,
    rule: Rule,
    moments: Sequence[datetime],
    terms: Seen,
) -> list[Point]:
    """`terms` holds what is no history: the budget, when days begin, when the shop is open."""
    if not moments:
        return []
    if rule.kind in SAMPLED:
        seen = replace(terms, fallen=await falls(connection, shop, moments, terms.baseline))
    else:
        seen = await _gathered(connection, shop, rule, moments, terms)
    return points(rule, rule.threshold, seen, moments)


async def tried(
    connection: BatchConnection, shop: UUID, rule: Rule, period: tuple[datetime, int], terms: Seen
) -> Tried:
    """On the days up to a moment. Raises NoHistory."""
    if rule.kind in PRESENT:
        raise NoHistory(rule.kind)
    until, days = period
    moments = list(ticks(rule, until - timedelta(days=days), until))[-MOST_POINTS:]
    found = await look(connection, shop, rule, moments, terms)
    return Tried(days, len(found), backtest(rule, found))


async def _gathered(
    connection: BatchConnection,
    shop: UUID,
    rule: Rule,
    moments: Sequence[datetime],
    terms: Seen,
) -> Seen:
    first, last = moments[0], moments[-1]
    match rule.kind:
        case "latency":
            rows = await watching.percentiles(connection, shop, moments)
            p95 = {row["at"]: (row["ms"], row["answers"]) for row in rows}
            return replace(terms, p95_ms=p95, hours=await _hours(connection, shop, moments))
        case "errors" | "webhooks" | "queue":
            rows = await watching.minutes(connection, shop, first - HOUR, last)
            return replace(terms, minutes=_minutes(rows))
        case "budget":
            rows = await watching.spent(connection, shop, terms.day_of(first), last)
            if terms.budget is not None:
                holding = await choices.budget(connection, shop, terms.budget)
                terms = replace(terms, budget_micros=round(holding.shop_usd * choices.MICROS))
            return replace(terms, micros=_micros(rows))
        case "cost":
            rows = await watching.spent(connection, shop, first - HOUR, last)
            week = WEEK * DAY
            rows += await watching.spent(connection, shop, first - HOUR - week, last - week)
            return replace(terms, micros=_micros(rows))
        case "silence":
            rows = await watching.spent(connection, shop, first - QUIET, last)
            answers = {row["at"]: row["answers"] for row in rows}
            return replace(terms, answers=answers, hours=await _hours(connection, shop, moments))
        case _:
            return await _rarely(connection, shop, rule, (first, last), terms)


async def _rarely(
    connection: BatchConnection,
    shop: UUID,
    rule: Rule,
    span: tuple[datetime, datetime],
    terms: Seen,
) -> Seen:
    first, last = span
    match rule.kind:
        case "drift":
            rows = await watching.intents(connection, shop, first - (WEEK + 1) * DAY, last)
            counts: dict[datetime, dict[str, int]] = {}
            for row in rows:
                counts.setdefault(row["at"], {})[row["intent"]] = row["times"]
            return replace(terms, intents=counts)
        case "channel":
            return terms
        case "f1":
            rows = await watching.measured(connection, shop, first - MEASURED_WITHIN, last)
            return replace(terms, measured=[_measured(row) for row in rows])
        case "canary":
            withdrawn = await watching.withdrawn(connection, shop, first - HOUR, last)
            return replace(terms, withdrawn=withdrawn)
        case "jobs" | "approval":
            stale = await watching.stale(connection, shop, last)
            awaiting = await watching.awaiting(connection, shop, last)
            return replace(terms, stale=stale, awaiting=awaiting)
        case _:
            return await _aged(connection, shop, rule, span, terms)


async def _aged(
    connection: BatchConnection,
    shop: UUID,
    rule: Rule,
    span: tuple[datetime, datetime],
    terms: Seen,
) -> Seen:
    """What models, and what customers asked, come to with time."""
    first, last = span
    match rule.kind:
        case "expiry":
            ending = await watching.ending(connection, shop, first - ASKED, last)
            return replace(terms, ending=ending)
        case "privacy":
            rows = await watching.requests(connection, shop, first, last)
            return replace(terms, requests=[Asked(**row) for row in rows])
        case "risk-drift":
            moved = await watching.moved(connection, shop, first - 2 * WEEK * DAY, last)
            return replace(terms, moved=moved)
        case _:
            return replace(terms, learned=await watching.learned(connection, shop))


async def _hours(
    connection: BatchConnection, shop: UUID, moments: Sequence[datetime]
) -> dict[datetime, Hour]:
    """Those hours of the week before that any of the moments is compared with."""
    now = {at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for at in moments}
    wanted = {hour - d * DAY for hour in now for d in range(1, WEEK + 1)}
    rows = await watching.hours(connection, shop, sorted(wanted))
    return {row["at"]: Hour(row["turns"], row["ms"]) for row in rows}


def _minutes(rows: Sequence[dict[str, Any]]) -> dict[datetime, Minute]:
    return {
        row["at"]: Minute(
            row["answered"] + row["errors"], row["errors"], row["waited_us"], row["rejected"]
        )
        for row in rows
    }


def _micros(rows: Sequence[dict[str, Any]]) -> dict[datetime, int]:
    return {row["at"]: row["micros"] for row in rows}


def _measured(row: dict[str, Any]) -> Measured:
    return Measured(row["at"], row["f1"], row["low"], row["high"], row["fingerprint"])
