"""How an answer came about, as its page tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from store.decisions import decision
from web import why
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Shown
from web.api.versions import shown
from web.identity import identity_of
from web.permissions import Perm
from web.routing import Route
from web.stages import Stage
from web.why import Why


class LikelyIntent(Shown):
    intent: str
    confidence: float


class GroundShown(Shown):
    """`score` is between 0 and 1, or null where a source was looked up by its name."""

    kind: str
    title: str
    score: float | None


class StageShown(Shown):
    name: str
    ms: float


class MakingShown(Shown):
    """`version` is the model version that should have answered. `stages` are there while the trace
    is kept, for whoever may see traces; `request_id` is that trace's."""

    provider: str
    model: str
    version: str | None
    cost_micros: int
    tokens_in: int
    tokens_out: int
    latency_ms: int
    request_id: UUID
    stages: list[StageShown]


class ExplanationShown(Shown):
    """Of an answer that nothing is learned from, as a person's, there is no more than its text.
    `likely` begins with what was answered; `examples` are earlier good answers that the model was
    shown. `made` is for whoever may see costs."""

    id: UUID
    conversation_id: UUID
    author: str
    question: str | None
    answer: str | None
    intent: str | None
    confidence: float | None
    likely: list[LikelyIntent]
    slots: dict[str, Any]
    product: str | None
    sources: list[GroundShown]
    examples: int
    verdict: str | None
    policies: list[str]
    made: MakingShown | None


@dataclass(frozen=True, slots=True)
class Explanations:
    house: House

    def routes(self) -> Sequence[Route]:
        place, read = "/messages/{message}/explanation", Perm.CONVERSATION_READ
        return [self.house.route("GET", place, self.explain_message, read, ExplanationShown)]

    async def explain_message(self, request: Request, message: UUID) -> Response:
        """What was understood, what the answer rests on, and how it was checked; with its model,
        cost and time for whoever may see them."""
        house, who = self.house, identity_of(request)
        async with house.store.lookup() as connection:
            row = await decision(connection, house.shop, message)
        if row is None or row["author"] == "customer":
            raise Problem("not_found")
        stages: Sequence[Stage] = ()
        if who.may(Perm.TRACE_READ):
            async with house.store.tenant(house.shop) as session:
                stages = await why.timed(session, house.shop, row)
        found = why.explained(row, frozenset())
        made = found.learned and who.may(Perm.COST_READ)
        return shown(_shown(found, _made(found, stages) if made else None))


def _shown(found: Why, made: MakingShown | None) -> ExplanationShown:
    row = found.row
    return ExplanationShown(
        id=row["id"],
        conversation_id=row["conversation_id"],
        author=row["author"],
        question=row["user_message"],
        answer=row["text"],
        intent=row["intent"],
        confidence=row["confidence"],
        likely=[LikelyIntent(intent=name, confidence=sure) for name, sure in found.likely],
        slots=dict(found.slots),
        product=row["product_name"],
        sources=[GroundShown.model_validate(one) for one in found.grounds],
        examples=found.examples,
        verdict=found.verdict or None,
        policies=list(found.policies),
        made=made,
    )


def _made(found: Why, stages: Sequence[Stage]) -> MakingShown:
    row: Mapping[str, Any] = found.row
    names = ("provider", "model", "version", "tokens_in", "tokens_out", "latency_ms", "request_id")
    return MakingShown(
        **{name: row[name] for name in names},
        cost_micros=found.cost_micros,
        stages=[StageShown.model_validate(one) for one in stages],
    )
