"""Evaluations of models: asked for, their figures and gates, and every case of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field
from sqlalchemy import select

from jobs.evaluating import Asked, want
from learning.answerable import answerable
from store import evaluating
from store.evaluations import EvalResult, EvalRun
from web.api.house import ROOT, House, by_whom
from web.api.jobs import id_of
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Line, Listed, Moment, Paging, Shown, dollars
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route


class NewEvaluation(Body):
    """`model` is the name of a version; without one, whoever answers now. `model_version` and
    `eval_set` are other names."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"model": "ventas-3", "set": "test"}]}
    )

    model: Line = Field("", validation_alias=AliasChoices("model", "model_version"))
    set: Literal["dev", "test"] = Field("test", validation_alias=AliasChoices("set", "eval_set"))


class EvaluationAsked(Shown):
    """`job` says how far it is; the evaluation appears in the list once it has begun."""

    job: str
    model: str | None
    set: str


class EvaluationShown(Shown):
    id: UUID
    kind: str
    model: str | None
    version_id: UUID | None
    set: str | None
    state: str
    verdict: str | None
    score: float | None
    figures: dict[str, Any]
    gates: list[Any]
    attempt: int | None
    confidence: float | None
    requested_by: str
    created_at: Moment
    finished_at: Moment | None


class CaseShown(Shown):
    name: str
    passed: bool
    points: float
    faults: list[str]
    reply: str
    latency_ms: int
    cost: str


class CasesWanted(Paging):
    status: Literal["passed", "failed"] | None = None


@dataclass(frozen=True, slots=True)
class Evaluations:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/evaluations", "/evaluations/{evaluation}"
        read, write = Perm.EVALUATION_READ, Perm.EVALUATION_WRITE
        return [
            route("POST", many, self.start_evaluation, write, EvaluationAsked, status_code=202),
            route("GET", many, self.list_evaluations, read, Listed[EvaluationShown]),
            route("GET", one, self.get_evaluation, read, EvaluationShown),
            route("GET", f"{one}/cases", self.list_cases, read, Listed[CaseShown]),
        ]

    async def start_evaluation(self, request: Request, given: NewEvaluation) -> Response:
        """A worker puts the golden cases to a model."""
        house = self.house
        if given.model:
            async with house.store.tenant(house.shop) as session:
                known = await evaluating.version_named(session, house.shop, given.model)
            if known is None:
                raise Problem("refused", f"There is no model version {given.model!r}.")
            await answerable(self.means.settings, known)
        who = by_whom(request)
        run = Asked(given.set, "", given.model).run(house.shop, house.clock(), by=who)
        job = id_of(run.name, run.period)
        async with house.together() as one:
            await want(one.store, run)
            told = {"model": given.model, "set": given.set}
            await one.tell(request, "evaluation.asked", f"job:{job}", told)
        await self.means.offer(run)
        asked = EvaluationAsked(job=job, model=given.model or None, set=given.set)
        return shown(asked, 202, {"Location": f"{ROOT}/jobs/{job}"})

    async def list_evaluations(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Evaluations, the newest first."""
        row, house = EvalRun, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
            names = await evaluating.names_of(session, house.shop, [one.version_id for one in rows])
        items = [_shown(one, names.get(one.version_id)) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_evaluation(self, evaluation: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One evaluation: its figures, and the gates with their bounds."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            row = await session.get(EvalRun, (house.shop, evaluation))
            if row is None:
                raise Problem("not_found")
            names = await evaluating.names_of(session, house.shop, [row.version_id])
        return tagged(_shown(row, names.get(row.version_id)), if_none_match)

    async def list_cases(
        self, evaluation: UUID, wanted: Annotated[CasesWanted, Query()]
    ) -> Response:
        """What was answered, and what was wrong with it."""
        row, house = EvalResult, self.house
        query = select(row).where(row.shop_id == house.shop, row.run_id == evaluation)
        if wanted.status is not None:
            query = query.where(row.passed.is_(wanted.status == "passed"))
        async with house.store.tenant(house.shop) as session:
            if await session.get(EvalRun, (house.shop, evaluation)) is None:
                raise Problem("not_found")
            rows, cursor = await house.page(session, query, (row.name,), wanted, rising=True)
        return shown(Listed(items=[_case(one) for one in rows], next_cursor=cursor))


def _shown(row: EvalRun, model: str | None) -> EvaluationShown:
    names = EvaluationShown.model_fields.keys() - {"model", "set"}
    told = {name: getattr(row, name) for name in names}
    return EvaluationShown(**told, model=model, set=row.split)


def _case(row: EvalResult) -> CaseShown:
    names = CaseShown.model_fields.keys() - {"cost"}
    told = {name: getattr(row, name) for name in names}
    return CaseShown(**told, cost=dollars(row.cost_micros))
