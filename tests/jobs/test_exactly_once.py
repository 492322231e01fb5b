import asyncio
import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import func, select

from config.settings import JobSettings
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.schedule import Run, runs
from services.processes import alive
from store import ml
from store.session import Store
from tests.builders import MONDAY, add_history
from tests.fixtures.store import add_shop
from tests.jobs.processes import (
    BRISK,
    children,
    environment,
    held,
    start_scheduler,
    start_worker,
    until,
)

WEEKS = 4


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


@pytest.fixture
def cron(store: Store, redis_url: str, prefix: str) -> Cron:
    """A scheduler whose calendar stands one week after the first row."""
    queue = Queue(redis_url, prefix)
    return Cron(store, queue, JobSettings(), BRISK, lambda: MONDAY + timedelta(weeks=1))


@contextmanager
def killed_at_last(processes: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def is_whole(dataset: Path) -> bool:
    """Every file is what the manifest says of it."""
    manifest = json.loads((dataset / "manifest.json").read_text("utf-8"))
    return all(
        hashlib.sha256((dataset / name).read_bytes()).hexdigest() == said["sha256"]
        for name, said in manifest["files"].items()
    )


async def states(store: Store) -> list[str]:
    return [row.state for row in await runs(store)]


def are(store: Store, wanted: list[str], cron: Cron | None = None) -> Callable[[], Awaitable[bool]]:
    async def hold() -> bool:
        if cron is not None:
            await cron.tick()
        return await states(store) == wanted

    return hold


@pytest.mark.chaos
async def test_many_schedulers_and_workers_killed_at_random_build_each_week_once(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    for each in (shop, await add_shop(store, "other")):
        await add_history(store, each, 30)
    random = Random(7)  # noqa: S311  a repeatable choice, not a secret
    later = MONDAY + timedelta(weeks=WEEKS)
    begin: list[Callable[[], subprocess.Popen[bytes]]] = [
        *[lambda: start_scheduler(places, later)] * 2,
        *[lambda: start_worker(places)] * 3,
    ]
    running = [start() for start in begin]
    with killed_at_last(running):
        for _ in range(12):
            await asyncio.sleep(random.uniform(0.2, 1.2))
            victim = random.randrange(len(running))
            kill(running[victim])
            running[victim] = begin[victim]()
        await until(are(store, ["done"] * 2 * WEEKS), within=200)
        await asyncio.sleep(1)
    assert await states(store) == ["done"] * 2 * WEEKS
    async with store.reading() as session:
        built = list(await session.scalars(select(ml.Dataset)))
        linked = await session.scalar(select(func.count()).select_from(ml.DatasetRow))
    assert (len(built), linked) == (2 * WEEKS, 2 * WEEKS * 30)
    assert all(is_whole(Path(row.path)) for row in built)


async def test_a_period_whose_worker_and_horse_died_is_offered_again_after_its_lease(
    store: Store, shop: UUID, cron: Cron, places: dict[str, str]
) -> None:
    await add_history(store, shop, 30)
    await cron.tick()
    first = start_worker(places)
    async with held(store, "ml.dataset_row"):
        with killed_at_last([first]):
            await until(are(store, ["running"]))
            for pid in [first.pid, *children(first.pid)]:
                os.kill(pid, signal.SIGKILL)
    assert await states(store) == ["running"]
    with killed_at_last([start_worker(places)]):
        await until(are(store, ["done"], cron), every=0.3)
    assert [(row.state, row.attempts) for row in await runs(store)] == [("done", 2)]


async def test_a_job_that_keeps_failing_is_tried_three_times_and_stays_visible(
    store: Store, shop: UUID, cron: Cron, places: dict[str, str], tmp_path: Path
) -> None:
    await add_history(store, shop, 3)
    (tmp_path / "datasets").write_text("a file where the folder should be")
    with killed_at_last([start_worker(places)]):
        await until(are(store, ["failed"], cron), every=0.2)
    row = (await runs(store, state="failed"))[0]
    assert (row.shop, row.name, row.period, row.attempts) == ("demo", "dataset", "2026-W47", 3)
    assert row.error.startswith("FolderRefused: The dataset cannot be written to")
    assert row.finished_at is not None
    assert await cron.tick() == cron.settings.every_s


async def test_a_horse_dies_with_its_worker(
    store: Store, shop: UUID, redis_url: str, prefix: str, places: dict[str, str]
) -> None:
    async def one_horse() -> bool:
        return len(children(worker.pid)) == 1

    async def none() -> bool:
        return not alive(horse)

    Queue(redis_url, prefix).offer([Run("dataset", shop, "2026-W47")], BRISK)
    worker = start_worker(places)
    with killed_at_last([worker]):
        await until(one_horse, every=0.01)
        horse = children(worker.pid)[0]
    await until(none)
