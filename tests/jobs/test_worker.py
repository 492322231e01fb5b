import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from jobs.queue import Queue
from jobs.worker import WorkerProcess
from services.processes import alive
from tests.jobs.processes import children, environment, start, until


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


def workers(queue: Queue) -> list[bytes | None]:
    """The states of those that have told Redis that they are there."""
    with queue.connect() as connection:
        return [
            connection.hget(key, "state") for key in connection.smembers(f"rq:workers:{queue.name}")
        ]


async def command_line(pid: int) -> str:
    return await asyncio.to_thread(Path(f"/proc/{pid}/cmdline").read_text)


@asynccontextmanager
async def kept(process: WorkerProcess) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(process.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def own_worker(but: int = 0) -> int:
    """The worker that this process has started."""
    found: list[int] = []

    async def started() -> bool:
        found[:] = [
            pid
            for pid in children(os.getpid())
            if pid != but and "jobs.queue" in await command_line(pid)
        ]
        return bool(found)

    await until(started)
    return found[0]


async def ready(places: dict[str, str]) -> None:
    queue = Queue(places["APRENDIZ_REDIS_URL"], places["APRENDIZ_REDIS__PREFIX"])

    async def answered() -> bool:
        return await asyncio.to_thread(workers, queue) == [b"idle"]

    await until(answered)


async def test_a_worker_that_was_killed_is_started_again(places: dict[str, str]) -> None:
    async with kept(WorkerProcess(places)):
        first = await own_worker()
        os.kill(first, signal.SIGKILL)
        second = await own_worker(but=first)
    assert not alive(second)


async def test_keys_and_addresses_are_not_on_its_command_line(places: dict[str, str]) -> None:
    process = WorkerProcess(places)
    async with kept(process):
        line = await command_line(await own_worker())
    assert line.split("\0")[1:] == ["-m", "jobs.queue", "--parent", str(os.getpid()), ""]
    assert places["APRENDIZ_DATABASE_URL"] not in repr(process)


async def test_a_worker_that_is_told_to_stop_says_goodbye(
    places: dict[str, str], redis_url: str, prefix: str
) -> None:
    async with kept(WorkerProcess(places)):
        pid = await own_worker()
        await ready(places)
    assert not alive(pid)
    assert workers(Queue(redis_url, prefix)) == []


async def test_a_worker_that_does_not_listen_is_killed_after_the_grace(
    places: dict[str, str],
) -> None:
    async with kept(WorkerProcess(places, grace_s=0.3)):
        pid = await own_worker()
        os.kill(pid, signal.SIGSTOP)
    assert not alive(pid)


async def test_a_worker_dies_with_the_process_that_keeps_it(places: dict[str, str]) -> None:
    keeper = start("tests.jobs.keeping", places)

    async def has_worker() -> bool:
        return bool(children(keeper.pid))

    async def gone() -> bool:
        return not alive(pid)

    await until(has_worker)
    await ready(places)
    (pid,) = children(keeper.pid)
    keeper.kill()
    keeper.wait()
    await until(gone)
