"""The registry of models: what was trained of what, and what two of them answer differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from evaluation.comparing import MEASURES, flipped, measured, paired
from jobs.deploying import order
from learning.registering import NAME, Offered, register, retire
from store import evaluating, trainings
from store.evaluations import EvalResult
from store.session import WriteSession
from store.versions import ModelVersion
from web.api.house import ROOT, House, by_whom
from web.api.jobs import id_of
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Line, Listed, Moment, Note, Paging, Shown
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

FLIPPED = 200


class ModelShown(Shown):
    """`state` is candidate, shadow, canary, active, retired or withdrawn."""

    id: UUID
    name: str
    provider: str
    base_model: str
    model: str
    state: str
    job_id: UUID | None
    dataset_id: UUID | None
    parameters: dict[str, Any]
    notes: str
    created_at: Moment
    deployed_at: Moment | None
    expires_at: Moment | None


class NewModel(Body):
    """A model that `provider` serves (groq, openai, ollama); or, without the two, `checkpoint` (its
    step) of what came of `training`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "ventas-4", "provider": "openai", "model": "gpt-6-luna"}]
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=NAME.pattern)]
    provider: Line = ""
    model: Line = ""
    training: UUID | None = None
    checkpoint: int | None = Field(None, ge=0, le=2**31)
    notes: Note = ""


class Retired(Body):
    """A candidate that is not wanted; its rollout is not proposed any more."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Responde muy largo"}]}
    )

    reason: Annotated[Line, Field(min_length=1)]


class DeploymentAsked(Shown):
    """`job` says how far it is."""

    job: str
    model: UUID


class Gap(Shown):
    """The second less the first, with its bounds at 95 %."""

    cases: int
    better: int
    worse: int
    value: float
    low: float
    high: float
    sure: str


class Flipped(Shown):
    case: str
    first: str
    second: str
    improved: bool


class DiffShown(Shown):
    """Of the newest golden runs of both: measures on their common cases, and those that flipped."""

    first: UUID
    second: UUID
    measures: dict[str, Gap]
    flipped: list[Flipped]


@dataclass(frozen=True, slots=True)
class Models:
    house: House
    means: Means | None = None

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.MODEL_READ
        found = [
            route("GET", "/models", self.list_models, read, Listed[ModelShown]),
            route("GET", "/models/{model}", self.get_model, read, ModelShown),
            route("GET", "/models/{model}/diff/{other}", self.compare_models, read, DiffShown),
        ]
        leave = "/models/{model}/retirement"
        found.append(route("PUT", leave, self.retire_model, Perm.MODEL_ACTIVATE, ModelShown))
        if self.means is None:
            return found
        write, put = Perm.TRAINING_WRITE, "/models/{model}/deployment"
        return [
            *found,
            route("POST", "/models", self.add_model, write, ModelShown, status_code=201),
            route("POST", put, self.deploy_model, write, DeploymentAsked, status_code=202),
        ]

    async def list_models(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Model versions, the newest first."""
        row, house = ModelVersion, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        items = [ModelShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_model(self, model: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One version: its training, its dataset, and since when it answers."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await self._found(session, model)
        return tagged(ModelShown.model_validate(found), if_none_match)

    async def compare_models(self, model: UUID, other: UUID) -> Response:
        """Where the second answers better or worse than the first."""
        async with self.house.store.tenant(self.house.shop) as session:
            first = await self._results(session, await self._found(session, model))
            second = await self._results(session, await self._found(session, other))
        measures = {}
        for name in MEASURES:
            gap = paired(measured(first, name), measured(second, name))
            if gap is None:
                raise Problem("conflict", "They have no case in common: evaluate both first.")
            measures[name] = Gap(**gap.told())
        changed = [
            Flipped(case=new.name, first=old.reply, second=new.reply, improved=new.passed)
            for old, new in flipped(first, second)[:FLIPPED]
        ]
        told = DiffShown(first=model, second=other, measures=measures, flipped=changed)
        return tagged(told)

    async def add_model(self, request: Request, given: NewModel) -> Response:
        """A candidate that answers nobody yet. A name, and a model, is there once."""
        house = self.house
        if self.means is None:
            raise Problem("unavailable")
        job = None
        if given.training is not None:
            async with house.store.tenant(house.shop) as session:
                job = await trainings.job(session, house.shop, given.training)
        offered = Offered(
            given.name, given.provider, given.model, job, given.checkpoint, given.notes
        )
        async with house.together() as one:
            settings = self.means.settings
            made = await register(one.store, settings, house.shop, offered, house.clock)
            told = {"provider": made.provider, "model": made.model}
            await one.tell(request, "model.register", f"model:{made.id}", told)
        return shown(ModelShown.model_validate(made), 201, {"Location": f"{ROOT}/models/{made.id}"})

    async def deploy_model(self, request: Request, model: UUID) -> Response:
        """What was trained on this machine is put on its Ollama server, also again: a worker sends
        it, compares tokens and asks it a question. Nobody is answered by it yet."""
        house = self.house
        if self.means is None:
            raise Problem("unavailable")
        async with house.store.tenant(house.shop) as session:
            found = await self._found(session, model)
        async with house.together() as one:
            run = await order(one.store, self.means.settings, found, by_whom(request))
            await one.tell(request, "model.deploy", f"model:{model}")
        await self.means.offer(run)
        job = id_of(run.name, run.period)
        told = DeploymentAsked(job=job, model=model)
        return shown(told, 202, {"Location": f"{ROOT}/jobs/{job}"})

    async def retire_model(self, request: Request, model: UUID, given: Retired) -> Response:
        """Nobody has been answered by it, and no rollout of it waits for approval any more."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await self._found(session, model)
        async with house.together() as one:
            gone = await retire(one.store, house.shop, model, given.reason)
            told = {"model": gone.name, "reason": given.reason}
            await one.tell(request, "model.retire", f"model:{model}", told)
        return shown(ModelShown.model_validate(gone))

    async def _results(self, session: WriteSession, version: ModelVersion) -> Sequence[EvalResult]:
        shop = self.house.shop
        own = await evaluating.own_set(session, shop)
        run = await evaluating.last_done(session, shop, version.id, "golden", set_id=own)
        return await evaluating.results(session, shop, run.id) if run else ()

    async def _found(self, session: WriteSession, which: UUID) -> ModelVersion:
        """Raises Problem."""
        found = await session.get(ModelVersion, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return found
