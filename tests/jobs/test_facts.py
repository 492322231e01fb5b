"""Days and fortnights as jobs: once each, whoever schedules them and whoever is killed."""

import asyncio
import os
import signal
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from config.cadences import CadenceSettings
from config.settings import JobSettings
from jobs.cadences import of_settings
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.schedule import Run, Terms, runs
from jobs.tasks import perform
from store.facts import DailyFact, Report
from store.session import Store
from tests.builders import a_turn, add_customer, customer_id
from tests.fixtures.store import add_shop
from tests.jobs.processes import (
    BRISK,
    children,
    environment,
    held,
    settings_of,
    start_scheduler,
    start_worker,
    until,
)
from tests.jobs.test_exactly_once import killed_at_last
from tests.learning.test_facts import DAY, NOON, a_day, add_replies

CADENCES = of_settings(CadenceSettings(), UTC)
LATER = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""The Tuesday after a fortnight ended."""


@dataclass
class Offered:
    """A queue that keeps what is due."""

    runs: list[Run] = field(default_factory=list)

    def offer(self, runs: list[Run], _terms: Terms) -> None:
        self.runs += runs


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


def a_cron(store: Store, moment: datetime = LATER) -> Cron:
    return Cron(store, Offered(), JobSettings(), BRISK, lambda: moment, cadences=CADENCES)


async def due(store: Store, moment: datetime = LATER) -> list[tuple[str, str]]:
    """What two schedulers offer who look at the same moment, together."""
    queues = [Offered(), Offered()]
    crons = [
        Cron(store, queue, JobSettings(), BRISK, lambda: moment, cadences=CADENCES)
        for queue in queues
    ]
    await asyncio.gather(*(cron.tick() for cron in crons))
    return sorted((run.name, run.period) for queue in queues for run in queue.runs)


async def kept(store: Store) -> list[DailyFact]:
    async with store.reading() as session:
        return list(await session.scalars(select(DailyFact).order_by(DailyFact.day)))


async def reports(store: Store) -> list[Report]:
    async with store.reading() as session:
        return list(await session.scalars(select(Report)))


async def test_two_schedulers_that_were_off_for_days_offer_each_day_once_and_one_report(
    store: Store, shop: UUID
) -> None:
    await a_day(store, shop)
    await add_shop(store, "silent")
    days = [("facts", f"2026-11-{day}") for day in range(20, 24)]
    assert await due(store) == [("dataset", "2026-W47"), *days, ("report", "2026-11-09/14")]
    assert await due(store) == []
    assert await due(store, LATER + timedelta(days=1)) == [("facts", "2026-11-24")]


async def test_a_day_is_counted_with_the_ones_before_it_that_were_judged_since(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_day(store, shop)
    await a_cron(store).tick()
    settings = settings_of(places)
    assert await perform(Run("facts", shop, "2026-11-20"), BRISK, settings) == "done"
    assert [(row.day, row.replies) for row in await kept(store)] == [
        (date(2026, 11, 19), 1), (DAY, 5),
    ]  # fmt: skip
    async with store.transaction() as session:
        await session.execute(text("UPDATE ml.training_data SET quality_score = 3"))
    assert await perform(Run("facts", shop, "2026-11-20"), BRISK, settings) == "not free"
    assert await perform(Run("facts", shop, "2026-11-23"), BRISK, settings) == "done"
    assert [(row.day.day, row.score_sum) for row in await kept(store)] == [
        (19, 5), (20, 3 * 4 + 5), (21, 3), (23, 0),
    ]  # fmt: skip


async def test_each_shop_is_reported_its_own_fortnight_with_days_that_nobody_had_counted(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_day(store, shop)
    other = await add_shop(store, "other")
    await add_customer(store, other, "eva")
    turn = a_turn(other, "z", customer_id(other, "eva"), dispatched_at=NOON, created_at=NOON)
    await add_replies(store, [turn], [0])
    await a_cron(store).tick()
    for each in (shop, other):
        done = await perform(Run("report", each, "2026-11-09/14"), BRISK, settings_of(places))
        assert done == "done"
    found = {row.shop_id: row for row in await reports(store)}
    assert {each: found[each].figures["replies"] for each in found} == {shop: 7, other: 1}
    assert found[shop].figures["paid_sum"] == 34_990
    assert found[other].told_at is None
    assert len(await kept(store)) == 2 * 14


async def test_killed_in_the_middle_it_is_counted_once_by_whoever_comes_next(
    store: Store, shop: UUID, redis_url: str, prefix: str, places: dict[str, str]
) -> None:
    """The worker and its child are killed while they count."""
    await a_day(store, shop)
    queue = Queue(redis_url, prefix)
    cron = Cron(store, queue, JobSettings(), BRISK, lambda: LATER, cadences=CADENCES)

    async def begun() -> bool:
        return any(row.state == "running" for row in await runs(store))

    async def done() -> bool:
        await cron.tick()
        return {row.state for row in await runs(store)} == {"done"}

    await cron.tick()
    first = start_worker(places)
    async with held(store, "analytics.daily_fact"):
        with killed_at_last([first]):
            await until(begun)
            for pid in [first.pid, *children(first.pid)]:
                os.kill(pid, signal.SIGKILL)
    assert "running" in {row.state for row in await runs(store)}
    with killed_at_last([start_worker(places), start_scheduler(places, LATER)]):
        await until(done, every=0.3)
    assert [row.figures["replies"] for row in await reports(store)] == [7]
    assert sum(row.replies for row in await kept(store)) == 7
