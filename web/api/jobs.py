"""Work that goes on by itself: what the queue has, how far it is, and another try."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Header, Path, Query, Request
from fastapi.responses import Response
from fastapi.sse import ServerSentEvent
from sqlalchemy import select

from jobs.schedule import DEPLOYMENT, PREPARATION, TRAINING, Run, revive
from store import preparing, trainings
from store.session import WriteSession
from store.work import JobRun
from web.api.house import ROOT, House
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import IfNoneMatch, Line, Listed, Moment, Paging, Shown
from web.api.versions import shown, tag_of, tagged
from web.permissions import Perm
from web.routing import Route

Status = Literal["pending", "running", "succeeded", "failed"]
STATUS: dict[str, Status] = {
    "waiting": "pending",
    "running": "running",
    "done": "succeeded",
    "failed": "failed",
}
ENDED: Final = ("succeeded", "failed")
LOOK_S: Final = 1.0
TAG: Final = r"^[0-9a-f]{1,64}$"
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=400)]


class JobShown(Shown):
    """`period` is what the job is of: a week, a day, a document, a training."""

    id: str
    name: str
    period: str
    status: Status
    attempts: int
    error: str | None
    result: dict[str, Any] | None
    finished_at: Moment | None


class JobFollowed(JobShown):
    """`progress` is 0 to 1, and `step` what it is at, of jobs that can tell."""

    progress: float | None
    step: str | None


class JobsWanted(Paging):
    name: Line | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Jobs:
    house: House
    means: Means | None

    def routes(self) -> Sequence[Route]:
        route, one, read = self.house.route, "/jobs/{job}", Perm.SYSTEM_READ
        options = self.house.streamed(self.found)
        follow = Route("GET", f"{ROOT}{one}/events", self.follow_job, read, "stream", options)
        found = [
            route("GET", "/jobs", self.list_jobs, read, Listed[JobShown]),
            route("GET", one, self.get_job, read, JobFollowed),
            follow,
        ]
        if self.means is None:
            return found
        again = route(
            "POST", f"{one}/retries", self.retry_job, Perm.TRAINING_WRITE, JobShown, status_code=202
        )
        return [*found, again]

    async def list_jobs(self, wanted: Annotated[JobsWanted, Query()]) -> Response:
        """By their names, and of each the latest periods first."""
        row, house = JobRun, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.name is not None:
            query = query.where(row.name == wanted.name)
        if wanted.status is not None:
            state = next(name for name, told in STATUS.items() if told == wanted.status)
            query = query.where(row.state == state)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.name, row.period), wanted)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def get_job(self, job: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One job, with its ETag: asking every few seconds costs next to nothing."""
        return tagged(await self._followed(job), if_none_match)

    async def follow_job(
        self,
        request: Request,
        job: Id,
        last_event_id: Annotated[str, Header(pattern=TAG)] = "0",
    ) -> AsyncIterator[ServerSentEvent]:
        """How it stands, and each change, until it has ended; what Last-Event-ID names is known."""
        seen = last_event_id
        while True:
            told = await self._followed(job)
            if (tag := tag_of(told).strip('"')) != seen:
                seen = tag
                yield ServerSentEvent(event="job", data=told.model_dump(mode="json"), id=tag)
            if told.status in ENDED:
                yield ServerSentEvent(event="end", data={"status": told.status})
                return
            await asyncio.sleep(LOOK_S)
            if not await self.house.still(request):
                return

    async def retry_job(self, request: Request, job: Id) -> Response:
        """Another try of what has failed."""
        found = await self.found(job)
        run = Run(found.name, self.house.shop, found.period)
        async with self.house.together() as house:
            if self.means is None or not await revive(house.store, run):
                why = f"It is {STATUS[found.state]}: only what failed is retried."
                raise Problem("conflict", why)
            await house.tell(request, "job.retried", f"job:{found.name}")
        await self.means.offer(run)
        return shown(_shown(await self.found(job)), 202, {"Location": f"{ROOT}/jobs/{job}"})

    async def found(self, job: Id) -> JobRun:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            return await self._row(session, job)

    async def _followed(self, job: str) -> JobFollowed:
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._row(session, job)
            progress, step = await _progress(session, row)
        return JobFollowed(**_shown(row).model_dump(), progress=progress, step=step)

    async def _row(self, session: WriteSession, job: str) -> JobRun:
        """Raises Problem."""
        name, _, period = _read(job).partition("\n")
        found = await session.get(JobRun, (self.house.shop, name, period))
        if found is None:
            raise Problem("not_found")
        return found


async def _progress(session: WriteSession, row: JobRun) -> tuple[float | None, str | None]:
    """Of what writes down how far it is: a preparation, a training, a deployment."""
    if row.state == "done":
        return 1.0, None
    if row.name == DEPLOYMENT:
        told = row.result or {}
        return told.get("progress", 0) / 100, told.get("stage")
    with suppress(ValueError):
        which = UUID(row.period)
        if row.name == PREPARATION:
            found = await preparing.one(session, row.shop_id, which)
            return (found.part, found.stage) if found else (None, None)
        if row.name == TRAINING:
            training = await trainings.job(session, row.shop_id, which)
            return (training.progress / 100, training.stage) if training else (None, None)
    return None, None


def id_of(name: str, period: str) -> str:
    """A job has no id but what it is called and what it is of."""
    return urlsafe_b64encode(f"{name}\n{period}".encode()).decode().rstrip("=")


def _read(job: str) -> str:
    try:
        return urlsafe_b64decode(job + "=" * (-len(job) % 4)).decode().replace("\x00", "")
    except ValueError:
        return ""


def _shown(row: JobRun) -> JobShown:
    names = ("name", "period", "attempts", "error", "result", "finished_at")
    told = {name: getattr(row, name) for name in names}
    return JobShown(id=id_of(row.name, row.period), status=STATUS[row.state], **told)
