"""Trainings that have ended on this machine, and an Ollama server that can be held up."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from aiohttp import web

from config.settings import JobSettings, Settings
from examples.loop.ollama import OllamaServer
from jobs.schedule import SWEEPING, Run, ensure
from jobs.tasks import perform
from jobs.training import follower_of
from learning.trainers.base import Order, Progress, Trained, Trainer
from services.clock import now
from store import work
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from store.work import JobRun
from tests.jobs.processes import BRISK
from tests.learning.training import job_of, office, prepared, versions, wanted


@dataclass
class Slow(OllamaServer):
    """It takes its time over `create`, for as long as a test holds it."""

    going: asyncio.Event = field(default_factory=asyncio.Event)

    async def create(self, request: web.Request) -> web.Response:
        await self.going.wait()
        return await super().create(request)


@dataclass(frozen=True)
class Done:
    """A trainer that has trained before anybody asked."""

    trained: Trained
    name: str = "done"

    async def start(self, order: Order) -> str:
        return str(order.job)

    async def look(self, order: Order, id: str, after: int = 0) -> Progress:  # noqa: A002, ARG002  the port's
        return Progress("succeeded", 100, trained=self.trained)

    async def cancel(self, order: Order, id: str) -> None:  # noqa: A002  the port's
        """It has ended already."""

    async def close(self) -> None:
        """Nothing is open."""


async def ended(
    store: Store, shop: UUID, folder: Path, trained: Trained, settings: Settings
) -> tuple[TrainingJob, ModelVersion]:
    """A training that has just succeeded, and what came of it."""
    await prepared(store, shop, folder)
    job, _ = await office(store).begin(shop, wanted())

    def opened(_name: str, _base: str) -> Trainer:
        return Done(trained)

    await replace(follower_of(store, settings), opened=opened).step(shop, job.id)
    (version,) = await versions(store, shop)
    return await job_of(store, shop, job.id), version


async def due(store: Store, name: str) -> list[Run]:
    return [one for one in await ensure(store, now(), JobSettings(), BRISK) if one.name == name]


async def row_of(store: Store, run: Run) -> JobRun:
    async with store.reading() as session:
        found = await work.run_of(session, run.shop, run.name, run.period)
    assert found is not None
    return found


async def swept(store: Store, settings: Settings) -> list[str]:
    """By all that is due now."""
    gone: list[str] = []
    for run in await due(store, SWEEPING):
        assert await perform(run, BRISK, settings) == "done"
        gone += ((await row_of(store, run)).result or {})["models"]
    return sorted(gone)
