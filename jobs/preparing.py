"""The job that prepares a dataset that somebody asked for, and writes down how far it is."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from config.settings import CurationSettings, Settings
from jobs.attempts import Attempt
from jobs.schedule import PREPARATION, Run
from jobs.telling import Tell, told_of
from learning.dataset import Steps
from learning.errors import DatasetError
from learning.ordering import Office
from learning.refusals import TrainingRefused
from services.clock import now
from store import curating, preparing
from store.preparing import OPEN

EVERY_S: Final = 1.0


def preparation_of(shop: UUID, id: UUID) -> Run:  # noqa: A002  the row's
    return Run(PREPARATION, shop, str(id))


@dataclass(slots=True)
class Diary:
    """What the building says, written once a second at most: it may say so a thousand times."""

    attempt: Attempt
    tell: Tell
    stage: str = ""
    count: int = 0

    def said(self, stage: str, count: int) -> None:
        self.stage, self.count = stage, count

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.write(stage=self.stage, read=self.count)

    async def write(self, **values: object) -> None:
        run = self.attempt.run
        async with self.attempt.store.transaction() as session:
            await self.attempt.hold(session)
            await preparing.change(session, run.shop, UUID(run.period), **values)
        await self.tell("job", id=run.period)


async def prepare(attempt: Attempt, settings: Settings) -> None:
    """A refusal is an end, too: the row says why."""
    run, store = attempt.run, attempt.store
    async with store.reading() as session:
        asked = await preparing.one(session, run.shop, UUID(run.period))
    async with told_of(settings, run.shop) as tell:
        result: dict[str, Any] = {"outcome": "gone"}
        if asked is not None and asked.state in OPEN:
            diary = Diary(attempt, tell)
            total = await curating.count(store, run.shop, None)
            await diary.write(state="running", total=total)
            result = await _prepared(diary, settings, asked.wanted)
        async with store.transaction() as session:
            await preparing.change(
                session, run.shop, UUID(run.period), stage="", finished_at=now(), **result
            )
            await attempt.end(session, {name: str(value) for name, value in result.items()})
        await tell("job", id=run.period)


async def _prepared(diary: Diary, settings: Settings, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the row says in the end."""
    run, office = diary.attempt.run, Office(diary.attempt.store, settings.training)
    curation = narrowed(settings.curation, wanted)
    steps = Steps(progress=diary.said, budget=settings.models.prompt_tokens)
    keeping = asyncio.create_task(diary.keep())
    try:
        out = settings.jobs.datasets or settings.app.var / "datasets"
        built = await office.prepare(run.shop, out, steps, settings=curation)
    except (DatasetError, TrainingRefused) as error:
        return {"state": "failed", "error": f"{type(error).__name__}: {error}"}
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
    return {"state": "done", "dataset_id": built.id, "read": built.manifest["read"]}


def narrowed(usual: CurationSettings, wanted: dict[str, Any]) -> CurationSettings:
    """The shop's settings, with what somebody chose instead."""
    return CurationSettings.model_validate(usual.model_dump() | wanted)
