"""What a shop spent on models: on answers, on what was heard and looked at, and on learning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from config.manners import HoursSettings
from store.expenses import LEARNING
from store.senses import KINDS
from store.spending import Group
from web.api.house import House
from web.api.shapes import Shown, dollars
from web.api.stats import Span
from web.api.versions import tagged
from web.costs import costs
from web.permissions import Perm
from web.routing import Route

COSTLY = 200


class CostSpan(Span):
    """By `shop` it is one row: a key and an account see their own shop and no other."""

    group_by: Group = "intent"


class CostRow(Shown):
    """`kind` says what has no such name: `voice` and `image` have no intent, `training`, `shadow`,
    `evaluation` and `judge` are of learning, `nobody` is of customers who are known no more."""

    name: str
    kind: str
    replies: int
    tokens_in: int
    tokens_out: int
    cost: str


class SenseRow(Shown):
    """Voice notes that were heard, or pictures that were looked at. `cost` is of those whose price
    is known, and null where that is none of them."""

    kind: str
    provider: str
    model: str
    files: int
    unpriced: int
    seconds: float
    tokens_in: int
    tokens_out: int
    cost: str | None


class LearningRow(Shown):
    """Trainings, shadows, evaluations and the judge; of no network."""

    kind: str
    cost: str


class CostsShown(Shown):
    """`total` is of everything: of answers, of what was heard and looked at, and of learning. The
    rows add up to it, and so do the days."""

    first: date
    last: date
    group_by: str
    total: str
    answers_total: str
    rows: list[CostRow]
    days: list[dict[str, Any]]
    senses: list[SenseRow]
    senses_total: str
    learning: list[LearningRow]
    learning_total: str


@dataclass(frozen=True, slots=True)
class Costs:
    house: House
    hours: HoursSettings

    def routes(self) -> Sequence[Route]:
        path, needed = "/stats/costs", Perm.COST_READ
        return [self.house.route("GET", path, self.get_costs, needed, CostsShown)]

    async def get_costs(self, span: Annotated[CostSpan, Query()]) -> Response:
        """What was spent, by what it was spent on, the dearest first: on answers, on what was
        heard and looked at, and on learning."""
        scope, bucket = span.scope(self.house, self.hours)
        async with self.house.store.tenant(self.house.shop) as session:
            found = await costs(session, scope, span.group_by, bucket, COSTLY)
        rows = [
            CostRow(
                name=self._called(row["name"]),
                kind=row["kind"],
                replies=row["replies"],
                tokens_in=row["tokens_in"],
                tokens_out=row["tokens_out"],
                cost=dollars(row["cost_micros"]),
            )
            for row in found.rows
        ]
        days = [
            {"day": day}
            | {
                self._called(name): dollars(cost)
                for name, cost in zip(found.names, each, strict=True)
            }
            for day, each in found.days
        ]
        told = CostsShown(
            first=scope.first,
            last=scope.last,
            group_by=span.group_by,
            total=dollars(found.micros),
            answers_total=dollars(found.of("answer")),
            rows=rows,
            days=days,
            senses=[_sensed(row) for row in found.senses],
            senses_total=dollars(found.of(*KINDS)),
            learning=[
                LearningRow(kind=kind, cost=dollars(micros))
                for kind, micros in found.learning.items()
            ],
            learning_total=dollars(found.of(*LEARNING)),
        )
        return tagged(told)

    def _called(self, name: str | None) -> str:
        """The shop by its name."""
        return self.house.shop_name if name == str(self.house.shop) else str(name or "")


def _sensed(row: dict[str, Any]) -> SenseRow:
    cost = dollars(row["cost_micros"]) if row["unpriced"] < row["files"] else None
    return SenseRow(**row | {"cost": cost})
