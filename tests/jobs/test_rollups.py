"""What pages add up is counted by a job that rests and goes on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from config.settings import JobSettings
from jobs.attempts import Attempt
from jobs.cron import Cron
from jobs.rollups import ALWAYS, count
from jobs.schedule import AttemptLost, Run, Terms, runs
from jobs.tasks import perform
from store.session import Store
from tests.fixtures.store import add_shop
from tests.jobs.processes import BRISK, environment, settings_of
from tests.learning.rollups import Reply, add, add_people, kept

MINUTES = int(
    (datetime.now(UTC) - timedelta(days=1) - datetime(2026, 11, 18, 3, tzinfo=UTC)).total_seconds()
    // 60
)


class Taken(list[Run]):
    """A queue that keeps what is offered."""

    def offer(self, offered: list[Run], _terms: Terms) -> None:
        self.extend(offered)


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


@pytest.fixture
async def answered(store: Store, shop: UUID) -> UUID:
    """A shop whose bot answered yesterday; another one nobody ever wrote to."""
    await add_shop(store, "silent")
    await add_people(store, shop, 1)
    await add(store, shop, [Reply(MINUTES)])
    return shop


async def test_it_is_offered_once_counted_and_then_rests(
    store: Store, answered: UUID, places: dict[str, str]
) -> None:
    taken = Taken()
    cron = Cron(store, taken, JobSettings(), BRISK, rollups=True)
    for _ in range(2):
        await cron.tick()
    run = Run("rollups", answered, ALWAYS)
    assert [one for one in taken if one.name == "rollups"] == [run]

    assert await perform(run, BRISK, settings_of(places)) == "done"
    assert sum(hour["replies"] for hour in (await kept(store, answered)).values()) == 1
    (row,) = [row for row in await runs(store) if row.name == "rollups"]
    assert row.state == "waiting"
    assert 200 < (row.lease_until - datetime.now(UTC)).total_seconds() <= 300
    assert await perform(run, BRISK, settings_of(places)) == "not free"


async def test_who_lost_the_work_to_another_one_writes_nothing(
    store: Store, answered: UUID, places: dict[str, str]
) -> None:
    await Cron(store, Taken(), JobSettings(), BRISK, rollups=True).tick()
    run = Run("rollups", answered, ALWAYS)
    attempt = await Attempt.claim(store, run, BRISK)
    assert attempt is not None
    async with store.transaction() as session:
        await session.execute(text("UPDATE app.job_run SET attempts = attempts + 1"))
    with pytest.raises(AttemptLost):
        await count(attempt, settings_of(places))
    assert await kept(store, answered) == {}


async def test_nobody_counts_where_nobody_wants_it(store: Store, answered: UUID) -> None:
    taken = Taken()
    await Cron(store, taken, JobSettings(), BRISK).tick()
    assert {run.name for run in taken} <= {"dataset"}
    assert answered
