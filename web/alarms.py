"""What people do about alerts and their rules: seen, muted, other thresholds, tried on the past."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from evaluation.alert_rules import PRESENT, RULES
from evaluation.seen import Seen
from evaluation.watching import Tried, known_rules, rule_of, tried
from store import alerts
from store.alerts import Alert, AlertRule
from store.session import WriteSession, driver
from web.hands import Hand


async def rules_of(session: WriteSession, shop: UUID) -> list[AlertRule]:
    """Those that this release knows."""
    return [one for one in await known_rules(session, shop) if one.kind in RULES]


async def rule_called(session: WriteSession, shop: UUID, kind: str) -> AlertRule | None:
    found = {one.kind: one for one in await rules_of(session, shop)}
    return found.get(kind)


async def acknowledge(session: WriteSession, alert: Alert, by: Hand) -> None:
    """Said again, or of one that is over, it changes nothing."""
    shop, name = by.who.shop, by.who.name
    if await alerts.acknowledge(session, shop, alert.id, name, by.at):
        await by.note(session, "alert.acknowledged", f"alert:{alert.id}", kind=alert.kind)


async def change(
    session: WriteSession, rule: AlertRule, values: Mapping[str, object], by: Hand
) -> None:
    """A rule that is switched off ends its alert."""
    shop, told = by.who.shop, dict(values)
    if values.get("enabled") is False:
        told |= {"state": "calm", "streak": 0, "weak": False}
        opened = await alerts.opened(session, shop, rule.id)
        if opened is not None:
            await alerts.change(session, opened, state="resolved", resolved_at=by.at)
    stamp = {"changed_by": by.who.name, "changed_at": by.at}
    await alerts.change_rule(session, rule, **told, **stamp)
    await by.note(session, "alert.rule", f"rule:{rule.kind}", **values)


async def on_the_past(
    session: WriteSession,
    row: AlertRule,
    threshold: float | None,
    period: tuple[datetime, int],
    terms: Seen,
) -> Tried | None:
    """By another threshold, if one is given, over so many days up to a moment; None for a rule of
    which no past is kept."""
    if row.kind in PRESENT:
        return None
    rule = rule_of(row) or RULES[row.kind]
    trial = replace(rule, threshold=threshold) if threshold is not None else rule
    until = period[0].replace(second=0, microsecond=0)
    return await tried(await driver(session), row.shop_id, trial, (until, period[1]), terms)
