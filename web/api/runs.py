"""Trainings: asked for, followed line by line, cancelled."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Query, Request
from fastapi.responses import Response
from fastapi.sse import ServerSentEvent
from pydantic import AliasChoices, ConfigDict, Field, model_validator
from sqlalchemy import select

from jobs.schedule import hurry
from jobs.training import training_of
from learning.ordering import Office, Wanted
from learning.trainers.bases import BASES, fitting, trainer_of
from learning.trainers.opening import usual_base
from store import trainings
from store.session import WriteSession
from store.trainings import ENDED
from store.versions import TrainingEvent, TrainingJob
from web.api.house import ROOT, House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import (
    Body,
    IfNoneMatch,
    Line,
    Listed,
    Moment,
    Note,
    Paging,
    Shown,
    Word,
    dollars,
)
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

LOOK_S = 1.0
Status = Literal["pending", "running", "paused", "succeeded", "failed", "cancelled"]
Option = int | float | bool | str


class NewRun(Body):
    """Without a dataset the newest one, without a trainer the one of the settings or, where it does
    not take the base model, another that does; without a base model the trainer's usual one.
    `archivo_id` is another name of `dataset_id`, `modelo_base` of `base_model`."""

    model_config = ConfigDict(
        extra="forbid",
        protected_namespaces=(),
        json_schema_extra={
            "examples": [
                {
                    "dataset_id": "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11",
                    "trainer": "openai",
                    "base_model": "gpt-4.1-nano-2025-04-14",
                    "parameters": {"epochs": 3},
                }
            ]
        },
    )

    dataset_id: UUID | None = Field(None, validation_alias=AliasChoices("dataset_id", "archivo_id"))
    trainer: Line = ""
    base_model: Line = Field("", validation_alias=AliasChoices("base_model", "modelo_base"))
    method: Literal["supervised", "dpo"] = "supervised"
    parameters: dict[Word, Annotated[Option, Field()]] = Field({}, max_length=20)
    notes: Note = ""

    @model_validator(mode="after")
    def plain(self) -> "NewRun":
        texts = [value for value in self.parameters.values() if isinstance(value, str)]
        if any("\x00" in text or len(text) > 200 for text in texts):  # noqa: PLR2004
            raise ValueError("a parameter is a number, a truth, or a short text")
        return self


class RunShown(Shown):
    """`progress` is from 0 to 100; `estimate` and `cost` are US dollars. `version_id` is the model
    that came of it."""

    id: UUID
    dataset_id: UUID | None
    trainer: str
    method: str
    base_model: str
    parameters: dict[str, Any]
    conversations: int
    status: str
    stage: str
    progress: int
    error: str | None
    cost: str
    estimate: str
    requested_by: str
    approved_by: str | None
    retry_of: UUID | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    version_id: UUID | None = None


class RunsWanted(Paging):
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Runs:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/training/runs", "/training/runs/{run}"
        read, write = Perm.TRAINING_READ, Perm.TRAINING_WRITE
        stop, events = self.cancel_run, f"{ROOT}{one}/events"
        options = self.house.streamed(self.found)
        follow = Route("GET", events, self.follow_run, read, "stream", options)
        return [
            route("POST", many, self.start_run, write, RunShown, status_code=202),
            route("GET", many, self.list_runs, read, Listed[RunShown]),
            route("GET", one, self.get_run, read, RunShown),
            follow,
            route("POST", f"{one}/cancellation", stop, write, RunShown, status_code=202),
        ]

    @property
    def office(self) -> Office:
        return Office(self.house.store, self.means.settings.training, self.house.clock)

    async def start_run(self, request: Request, given: NewRun) -> Response:
        """A training of a prepared dataset; asked for again, it is the one there was."""
        house, (trainer, base) = self.house, self.chosen(given)
        wanted = Wanted(
            trainer, base, by_whom(request), given.dataset_id, given.method, given.parameters
        )
        told = {"trainer": trainer, "base_model": base, "notes": given.notes}

        async def noted(session: WriteSession, job: TrainingJob) -> None:
            await house.note(session, request, "training.asked", f"training:{job.id}", after=told)

        job, _ = await replace(self.office, begun=noted).begin(house.shop, wanted)
        if job.state not in ENDED and job.approved_by:
            await self.means.offer(training_of(house.shop, job.id))
        return shown(await self._shown(job), 202, {"Location": f"{ROOT}/training/runs/{job.id}"})

    def chosen(self, given: NewRun) -> tuple[str, str]:
        """The trainer and its base model. Raises Problem, or OrderRefused."""
        settings = self.means.settings
        trainer = given.trainer or trainer_of(given.base_model, settings)
        base = given.base_model or usual_base(trainer, settings)
        fitting(trainer, base, settings)
        if not base:
            hint = BASES.get(trainer, "a model")
            raise Problem("refused", f"A training needs a base_model, as in {hint!r}.")
        return trainer, base

    async def list_runs(self, wanted: Annotated[RunsWanted, Query()]) -> Response:
        """Trainings, the newest first."""
        row, house = TrainingJob, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.status is not None:
            query = query.where(row.state == wanted.status)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        items = [await self._shown(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_run(self, run: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """How far it is, with its ETag."""
        return tagged(await self._shown(await self.found(run)), if_none_match)

    async def follow_run(
        self,
        request: Request,
        run: UUID,
        last_event_id: Annotated[int, Header(ge=0, le=2**31)] = 0,
    ) -> AsyncIterator[ServerSentEvent]:
        """What it tells on its way, until it has ended; resumes after Last-Event-ID."""
        job, seen = await self.found(run), last_event_id
        while True:
            for line in await self._lines(run, seen):
                seen = line.number
                told = {"at": line.at.isoformat(), "message": line.message, "metrics": line.metrics}
                yield ServerSentEvent(event="line", data=told, id=str(seen))
            if job.state in ENDED:
                yield ServerSentEvent(event="end", data={"status": job.state})
                return
            await asyncio.sleep(LOOK_S)
            if not await self.house.still(request):
                return
            job = await self.found(run)

    async def cancel_run(self, request: Request, run: UUID) -> Response:
        """What nobody has begun is cancelled at once, else whoever follows it does so."""
        house = self.house
        async with house.together() as one:
            office = replace(self, house=one).office
            job = await office.cancel(house.shop, await self.found(run))
            if job.state not in ENDED:
                await hurry(one.store, training_of(house.shop, job.id))
            await one.tell(request, "training.cancelled", f"training:{run}")
        if job.state not in ENDED:
            await self.means.offer(training_of(house.shop, job.id))
        return shown(await self._shown(job), 202, {"Location": f"{ROOT}/training/runs/{run}"})

    async def found(self, run: UUID) -> TrainingJob:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await trainings.job(session, self.house.shop, run)
        if found is None:
            raise Problem("not_found")
        return found

    async def _lines(self, run: UUID, after: int) -> Sequence[TrainingEvent]:
        row = TrainingEvent
        query = select(row).where(
            row.shop_id == self.house.shop, row.job_id == run, row.number > after
        )
        async with self.house.store.tenant(self.house.shop) as session:
            return (await session.scalars(query.order_by(row.number).limit(500))).all()

    async def _shown(self, job: TrainingJob) -> RunShown:
        async with self.house.store.tenant(self.house.shop) as session:
            version = await trainings.version_of(session, self.house.shop, job.id)
        names = RunShown.model_fields.keys() - {"cost", "estimate", "version_id", "status"}
        return RunShown(
            **{name: getattr(job, name) for name in names},
            status=job.state,
            cost=dollars(job.cost_micros),
            estimate=dollars(job.estimate_micros),
            version_id=version.id if version else None,
        )
