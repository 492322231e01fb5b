"""One step of a training: begin it, or look how far it is, and write that down.

Whoever takes a step may die at any point of it: the next one goes on from the row.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeAlias, cast, runtime_checkable
from uuid import UUID

import structlog

from events.happened import caused_by
from learning.ordering import files_of
from learning.refusals import JobUnknown
from learning.trainers.base import (
    Method,
    Order,
    OrderRefused,
    Progress,
    Trained,
    Trainer,
    TrainerClosed,
    TrainerError,
    TrainerMisconfigured,
    TrainerUnavailable,
)
from services.clock import Clock, now
from store import trainings
from store.session import Store, WriteSession
from store.trainings import ENDED, Prepared
from store.versions import ModelVersion, TrainingJob

log = structlog.get_logger()
STAGES: Final[dict[type[TrainerError], str]] = {
    TrainerClosed: "closed",
    TrainerMisconfigured: "misconfigured",
    OrderRefused: "refused",
}
"""What the row says where a training ended because its trainer would not."""
BLOCKED_S: Final = 60.0
LONGEST_STAGE: Final = 200
Guard: TypeAlias = Callable[[WriteSession], Awaitable[None]]
"""Raises when somebody else has taken the training over; part of each transaction."""
Opened: TypeAlias = Callable[[str, str], Trainer]
"""The trainer of a name, for a base model. Raises a TrainerError."""


Registered: TypeAlias = Callable[[WriteSession, ModelVersion], Awaitable[None]]
"""What follows from a model that came of a training, in the transaction of its row."""


async def _alone(_session: WriteSession) -> None: ...


async def _nothing(_session: WriteSession, _version: ModelVersion) -> None: ...


@runtime_checkable
class Pausable(Protocol):
    """A trainer that can rest; not every one can."""

    async def pause(self, order: Order, id: str) -> None: ...  # noqa: A002  the provider's

    async def resume(self, order: Order, id: str) -> None: ...  # noqa: A002  the provider's


@dataclass(frozen=True, slots=True)
class Follower:
    """`folder` holds what trainers keep between attempts, a folder for each training."""

    store: Store
    opened: Opened
    folder: Path
    poll_s: float = 10.0
    clock: Clock = now
    guard: Guard = _alone
    registered: Registered = _nothing

    async def step(self, shop: UUID, id: UUID) -> float | None:  # noqa: A002  the row's
        """In how many seconds to look again; None when it has ended."""
        job, dataset = await self._read(shop, id)
        if job.state in ENDED:
            return None
        if job.cancel_asked and job.started_at is None:
            await self._end(job, state="cancelled", stage="cancelled")
            return None
        try:
            trainer = self.opened(job.trainer, job.base_model)
        except TrainerError as error:
            return await self._refused(job, error)
        try:
            return await self._on(trainer, job, order_of(job, dataset, self.folder))
        except TrainerError as error:
            return await self._refused(job, error)
        finally:
            await trainer.close()

    async def turn(self, shop: UUID, id: UUID, wish: Literal["pause", "resume"]) -> None:  # noqa: A002  the row's
        """Its trainer is told; the row follows with the next step. Raises a TrainerError."""
        job, dataset = await self._read(shop, id)
        trainer = self.opened(job.trainer, job.base_model)
        try:
            if not isinstance(trainer, Pausable) or job.provider_job_id is None:
                raise OrderRefused(
                    f"Training {job.id.hex[:8]} cannot {wish}",
                    f"{job.trainer} cannot, or it has not begun",
                    "main.py train cancel ends it for good",
                )
            order = order_of(job, dataset, self.folder)
            told = trainer.pause if wish == "pause" else trainer.resume
            await told(order, job.provider_job_id)
        finally:
            await trainer.close()

    async def _on(self, trainer: Trainer, job: TrainingJob, order: Order) -> float | None:
        theirs = job.provider_job_id
        if theirs is None:
            await self._write(job, state="running", stage="starting", started_at=self._since(job))
            theirs = await trainer.start(order)
            await self._write(job, provider_job_id=theirs)
            job.provider_job_id = theirs
        if job.cancel_asked:
            await trainer.cancel(order, theirs)
        async with self.store.reading() as session:
            last = await trainings.last_line(session, job.shop_id, job.id)
        progress = await trainer.look(order, theirs, last)
        await self._told(job, progress)
        return None if progress.state in ENDED else self.poll_s

    async def _read(self, shop: UUID, id: UUID) -> tuple[TrainingJob, Prepared]:  # noqa: A002  the row's
        async with self.store.reading() as session:
            job = await trainings.job(session, shop, id)
            used = job.dataset_id if job else None
            dataset = await trainings.prepared(session, shop, used) if used else None
        if job is None or dataset is None:
            raise JobUnknown(f"There is no training {id}", "its row is gone", "main.py train list")
        return job, dataset

    async def _told(self, job: TrainingJob, progress: Progress) -> None:
        """Its lines, how far it is, and the model that came of it: all of it, or nothing."""
        key = {"shop_id": job.shop_id, "job_id": job.id}
        lines = [
            key | {"number": one.number, "at": one.at, "message": one.message}
            | {"metrics": dict(one.metrics)}
            for one in progress.told
        ]  # fmt: skip
        values: dict[str, Any] = {
            "state": progress.state, "stage": progress.stage[:LONGEST_STAGE],
            "progress": max(job.progress, min(progress.percent, 100)), "error": progress.error,
            "cost_micros": max(job.cost_micros, progress.cost_micros),
        }  # fmt: skip
        if progress.state in ENDED:
            values["finished_at"] = self.clock()
        async with self.store.transaction() as session:
            await self.guard(session)
            await trainings.tell(session, lines)
            if progress.trained is not None:
                await self._register(session, job, progress.trained)
            await trainings.change(session, job.shop_id, job.id, **values)
        if progress.state in ENDED:
            log.info("training.ended", job=str(job.id), state=progress.state, error=progress.error)

    async def _register(self, session: WriteSession, job: TrainingJob, trained: Trained) -> None:
        row = self._version(job, trained)
        await trainings.register(session, row)
        await self.registered(session, ModelVersion(**row))

    def _version(self, job: TrainingJob, trained: Trained) -> dict[str, Any]:
        return {
            "shop_id": job.shop_id,
            "id": version_id(job.id),
            "name": f"{job.trainer}-{job.created_at:%Y%m%d}-{job.id.hex[:6]}",
            "provider": trained.provider,
            "base_model": job.base_model,
            "model": trained.model,
            "job_id": job.id,
            "dataset_id": job.dataset_id,
            "parameters": dict(trained.parameters),
            "created_at": self.clock(),
        }

    async def _refused(self, job: TrainingJob, error: TrainerError) -> float | None:
        """What may pass is waited for; what is trained already is not given up for a wrong key."""
        waits = isinstance(error, TrainerUnavailable)
        if waits or (isinstance(error, TrainerMisconfigured) and job.provider_job_id):
            stage = f"waiting: {error.what}"[:LONGEST_STAGE]
            log.warning("training.waiting", job=str(job.id), reason=str(error))
            await self._write(job, stage=stage, error=str(error))
            again = error.retry_after if isinstance(error, TrainerUnavailable) else BLOCKED_S
            return max(self.poll_s, again or 0.0)
        await self._end(job, state="failed", stage=STAGES[type(error)], error=str(error))
        return None

    async def _end(self, job: TrainingJob, **values: object) -> None:
        log.info("training.ended", job=str(job.id), **values)
        await self._write(job, finished_at=self.clock(), **values)

    async def _write(self, job: TrainingJob, **values: object) -> None:
        async with self.store.transaction() as session:
            await self.guard(session)
            await trainings.change(session, job.shop_id, job.id, **values)

    def _since(self, job: TrainingJob) -> object:
        return job.started_at or self.clock()


def version_id(job: UUID) -> UUID:
    return caused_by(job, "version")


def order_of(job: TrainingJob, dataset: Prepared, folder: Path) -> Order:
    method = cast("Method", job.method)
    return Order(
        job=job.id,
        shop=job.shop_id,
        name=f"{job.trainer}-{job.created_at:%Y%m%d}-{job.id.hex[:6]}",
        base_model=job.base_model,
        files=files_of(dataset, method),
        folder=folder / str(job.id),
        method=method,
        parameters=job.parameters,
    )
