"""What a shop is watched for: what is wrong, who looks after it, and each rule on its past."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, ConfigDict, Field
from sqlalchemy import select

from evaluation.alert_rules import RULES, measurable
from evaluation.seen import Seen
from store.alerts import Alert, AlertRule
from store.session import WriteSession
from web import alarms
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Line, Listed, Moment, Paging, Shown
from web.api.versions import matches, shown, tagged
from web.hands import hand_of
from web.permissions import Perm
from web.routing import Route

State = Literal["firing", "acknowledged", "resolved"]
Kind = Annotated[str, Path(pattern=r"^[a-z0-9-]+$", max_length=40)]
Threshold = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class RuleChange(Body):
    """The whole of what people say of a rule: without `threshold` it has its usual one, without
    `muted_until` somebody is told at once. The `threshold` of a rule that counts is whole."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"threshold": 0.1, "enabled": True, "muted_until": "2026-11-21T18:00:00Z"}]
        },
    )

    threshold: Threshold | None = None
    enabled: bool = True
    muted_until: AwareDatetime | None = None


class Trial(Body):
    """Without a `threshold` the rule's own."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"days": 30, "threshold": 0.1}]}
    )

    days: int = Field(30, ge=1, le=30)
    threshold: Threshold | None = None


class AlertShown(Shown):
    """`value` is what it began with, `peak` the worst since."""

    id: UUID
    kind: str
    state: State
    value: float
    peak: float
    threshold: float
    fired_at: Moment
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    resolved_at: Moment | None


class RuleShown(Shown):
    """`threshold` is the shop's own, or none; `usual` holds then. `value` and `bound` are of the
    last look; where it is `weak`, the value is over its bound and may be chance: nobody is told."""

    kind: str
    enabled: bool
    threshold: float | None
    usual: float
    muted_until: Moment | None
    state: str
    value: float | None
    bound: float | None
    weak: bool
    evaluated_at: Moment | None
    changed_by: str | None
    changed_at: Moment | None


class FiringShown(Shown):
    since: Moment
    until: Moment | None
    peak: float


class TrialShown(Shown):
    """What the rule would have said; `until` is null for what was still open."""

    days: int
    looks: int
    firings: list[FiringShown]


class AlertsWanted(Paging):
    state: State | None = None
    kind: Line | None = None


@dataclass(frozen=True, slots=True)
class Alerts:
    house: House
    terms: Seen

    def routes(self) -> Sequence[Route]:
        route, seen = self.house.route, "/alerts/{alert}/acknowledgement"
        read, write, rule = Perm.ALERT_READ, Perm.ALERT_WRITE, "/alert-rules/{rule}"
        back = self.try_alert_rule
        return [
            route("GET", "/alerts", self.list_alerts, read, Listed[AlertShown]),
            route("GET", "/alerts/{alert}", self.get_alert, read, AlertShown),
            route("PUT", seen, self.acknowledge_alert, write, AlertShown),
            route("GET", "/alert-rules", self.list_alert_rules, read, Listed[RuleShown]),
            route("GET", rule, self.get_alert_rule, read, RuleShown),
            route("PUT", rule, self.change_alert_rule, write, RuleShown),
            route("POST", f"{rule}/backtests", back, read, TrialShown, status_code=201),
        ]

    async def list_alerts(self, wanted: Annotated[AlertsWanted, Query()]) -> Response:
        """What went wrong, the newest first."""
        row, house = Alert, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.state is not None:
            query = query.where(row.state == wanted.state)
        async with house.store.tenant(house.shop) as session:
            if wanted.kind is not None:
                rule = await alarms.rule_called(session, house.shop, wanted.kind)
                query = query.where(row.rule_id == (rule.id if rule else None))
            rows, cursor = await house.page(session, query, (row.fired_at, row.id), wanted)
        items = [AlertShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_alert(self, alert: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One alert, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await self._alert(session, alert)
        return tagged(AlertShown.model_validate(found), if_none_match)

    async def acknowledge_alert(self, request: Request, alert: UUID) -> Response:
        """You look after it. The first who says so is named; said again it changes nothing, and so
        it needs no If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            found = await self._alert(session, alert)
            await alarms.acknowledge(session, found, hand_of(request, house.clock()))
            await session.refresh(found)
        await house.news.tell("alert", id=alert)
        return tagged(AlertShown.model_validate(found))

    async def list_alert_rules(self) -> Response:
        """All there are, by their names: no more than a page of them."""
        async with self.house.store.tenant(self.house.shop) as session:
            rules = await alarms.rules_of(session, self.house.shop)
        return shown(Listed(items=[_told(one) for one in rules]))

    async def get_alert_rule(self, rule: Kind, if_none_match: IfNoneMatch = None) -> Response:
        """One rule, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(_told(await self._rule(session, rule)), if_none_match)

    async def change_alert_rule(
        self, request: Request, rule: Kind, given: RuleChange, if_match: IfMatch = None
    ) -> Response:
        """Its threshold, whether it is on, and until when nobody is told. One that is switched off
        ends its alert. Needs If-Match."""
        house = self.house
        _whole(rule, given.threshold)
        async with house.store.tenant(house.shop) as session:
            found = await self._rule(session, rule)
            matches(_told(found), if_match)
            by = hand_of(request, house.clock())
            await alarms.change(session, found, given.model_dump(), by)
            await session.refresh(found)
        await house.news.tell("alert", rule=found.id)
        return tagged(_told(found))

    async def try_alert_rule(self, rule: Kind, given: Trial) -> Response:
        """What it would have said of the last days. Nothing of it is kept."""
        house = self.house
        _whole(rule, given.threshold)
        async with house.store.tenant(house.shop) as session:
            found, period = await self._rule(session, rule), (house.clock(), given.days)
            past = await alarms.on_the_past(session, found, given.threshold, period, self.terms)
        if past is None:
            raise Problem("refused", "It looks at what is true now; nothing of that is kept.")
        return shown(TrialShown.model_validate(past), 201)

    async def _alert(self, session: WriteSession, which: UUID) -> Alert:
        """Raises Problem."""
        found = await session.get(Alert, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return found

    async def _rule(self, session: WriteSession, kind: str) -> AlertRule:
        """Raises Problem."""
        found = await alarms.rule_called(session, self.house.shop, kind)
        if found is None:
            raise Problem("not_found")
        return found


def _whole(kind: str, threshold: float | None) -> None:
    """Raises Problem."""
    if not measurable(kind, threshold):
        why = f"{kind} counts: its threshold is a whole number"
        wrong = {"loc": ("body", "threshold"), "msg": why, "type": "whole"}
        raise Problem("invalid", errors=[wrong])


def _told(row: AlertRule) -> RuleShown:
    told = {name: getattr(row, name) for name in RuleShown.model_fields.keys() - {"usual"}}
    return RuleShown(**told, usual=RULES[row.kind].threshold)
