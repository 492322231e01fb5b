"""A shop whose trainings a provider on this machine takes."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from config.settings import JobSettings
from jobs.cron import Cron
from jobs.queue import Queue
from services.clock import now
from store.session import Store
from store.versions import TrainingJob
from tests.jobs.processes import BRISK, environment
from tests.learning.training import office, prepared, wanted
from tests.servers.finetuning import FineTuningServer, finetuning_server


@pytest.fixture
async def server() -> AsyncIterator[FineTuningServer]:
    async with finetuning_server() as server:
        yield server


@pytest.fixture
def places(
    database_url: str, redis_url: str, prefix: str, tmp_path: Path, server: FineTuningServer
) -> dict[str, str]:
    ours = environment(database_url, redis_url, prefix, tmp_path / "datasets")
    return ours | {
        "APRENDIZ_APP__VAR": str(tmp_path),
        "APRENDIZ_OPENAI__KEY": "sk-test",
        "APRENDIZ_OPENAI__BASE_URL": server.url,
        "APRENDIZ_TRAINING__POLL_S": "0.3",
    }


@pytest.fixture
def cron(store: Store, redis_url: str, prefix: str) -> Cron:
    return Cron(store, Queue(redis_url, prefix), JobSettings(), BRISK, now)


@pytest.fixture
async def job(store: Store, shop: UUID, tmp_path: Path) -> TrainingJob:
    await prepared(store, shop, tmp_path)
    found, _ = await office(store).begin(shop, wanted())
    return found
