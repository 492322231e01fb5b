"""What the tests of trainings ask of rows and workers."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from config.providers import OpenAISettings
from config.settings import Settings
from jobs.cron import Cron
from jobs.schedule import Terms
from store.session import Store
from store.versions import TrainingEvent, TrainingJob
from tests.jobs.processes import settings_of
from tests.learning.training import job_of

TERMS = Terms(backoff_s=0)


def settings_in(places: dict[str, str], **training: Any) -> Settings:  # noqa: ANN401  settings
    found = settings_of(places)
    app = found.app.model_copy(update={"var": Path(places["APRENDIZ_APP__VAR"])})
    openai = OpenAISettings(key=SecretStr("sk-test"), base_url=places["APRENDIZ_OPENAI__BASE_URL"])
    knobs = type(found.training)(**{"poll_s": 0.1} | training)
    return found.model_copy(update={"app": app, "openai": openai, "training": knobs})


def becomes(
    store: Store, job: TrainingJob, states: set[str], cron: Cron | None = None
) -> Callable[[], Awaitable[bool]]:
    async def hold() -> bool:
        if cron is not None:
            await cron.tick()
        return (await job_of(store, job.shop_id, job.id)).state in states

    return hold


async def told(store: Store) -> list[int]:
    async with store.reading() as session:
        return list(await session.scalars(select(TrainingEvent.number).order_by("number")))


async def count(store: Store, table: type) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0
