from pathlib import Path
from uuid import UUID

import pytest

from config.settings import DatabaseSettings, Settings
from jobs.schedule import Run, Terms
from jobs.tasks import JobRefused, opened_store, perform
from store.session import Store
from tests.jobs.processes import environment, settings_of


async def test_a_job_that_this_worker_does_not_know_is_refused() -> None:
    with pytest.raises(JobRefused, match="There is no job 'horoscope'"):
        await perform(Run("horoscope", UUID(int=1), "2026-W47"), Terms(), Settings())


async def test_without_a_database_there_is_nothing_to_do() -> None:
    with pytest.raises(JobRefused, match="APRENDIZ_DATABASE_URL"):
        async with opened_store(Settings(database=DatabaseSettings(url=None))):
            pass


async def test_a_period_that_is_not_there_is_left_alone(
    store: Store, shop: UUID, database_url: str, tmp_path: Path
) -> None:
    settings = settings_of(environment(database_url, "redis://unused", "test", tmp_path / "out"))
    assert await perform(Run("dataset", shop, "2026-W47"), Terms(), settings) == "not free"
    assert not (tmp_path / "out").exists()
