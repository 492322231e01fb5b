import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from config.settings import JobSettings
from jobs.cron import Carrier, Cron
from jobs.queue import Queue, QueueUnavailable
from jobs.schedule import Run, Terms, claim, runs
from store.session import Store, open_store
from tests.builders import MONDAY, add_history

NOBODY = "redis://127.0.0.1:1"


@dataclass
class List:
    """A queue that remembers, and refuses as often as it was told to."""

    refusals: int = 0
    runs: list[Run] = field(default_factory=list)

    def offer(self, runs: Sequence[Run], _terms: Terms) -> None:
        if self.refusals:
            self.refusals -= 1
            raise QueueUnavailable("no Redis today")
        self.runs += runs


def a_cron(store: Store, queue: Carrier, every_s: float = 300) -> Cron:
    settings = JobSettings(every_s=every_s)
    return Cron(store, queue, settings, Terms(), lambda: MONDAY + timedelta(weeks=2))


async def test_what_is_due_is_offered_once(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    queue = List()
    cron = a_cron(store, queue)
    assert await cron.tick() == Terms().backoff_s
    assert await cron.tick() == Terms().backoff_s
    assert [run.period for run in queue.runs] == ["2026-W47", "2026-W48"]


async def test_without_anything_to_do_it_looks_again_as_often_as_configured(
    store: Store, shop: UUID
) -> None:
    assert await a_cron(store, List(), every_s=123).tick() == 123


async def test_it_looks_again_when_a_lease_runs_out(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    queue = List()
    cron = a_cron(store, queue)
    await cron.tick()
    await claim(store, queue.runs[0], Terms(lease_s=20))
    assert 5 < await cron.tick() <= 20


async def test_an_offer_that_the_queue_refused_is_made_again(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    queue = List(refusals=1)
    cron = a_cron(store, queue)
    with pytest.raises(QueueUnavailable):
        await cron.tick()
    await cron.tick()
    assert len(queue.runs) == 2


async def test_an_outage_is_said_once_and_waited_for(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    queue = List(refusals=3)
    with capture_logs() as logs:
        task = asyncio.create_task(a_cron(store, queue, every_s=0.2).run())
        while len(logs) < 2:  # noqa: ASYNC110  the task has no event for it
            await asyncio.sleep(0.02)
        task.cancel()
    assert [line["event"] for line in logs] == ["jobs.waiting", "jobs.back"]
    assert queue.runs


async def test_a_redis_that_is_down_refuses_the_offer(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    with pytest.raises(QueueUnavailable, match="Connection refused"):
        await a_cron(store, Queue(NOBODY)).tick()
    assert [row.offered_at for row in await runs(store)] == [None, None]


async def test_a_postgres_that_is_down_is_waited_for(database_url: str) -> None:
    store = open_store("postgresql://nobody@127.0.0.1:1/nothing", role="pipeline", pool=1)
    with capture_logs() as logs:
        task = asyncio.create_task(a_cron(store, List(), every_s=0.05).run())
        while not logs:  # noqa: ASYNC110  the task has no event for it
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert not task.done()
        task.cancel()
    assert [line["event"] for line in logs] == ["jobs.waiting"]
    await store.close()
