"""Redis without memory or disk refuses to write: everybody waits, and goes on where they were."""

import asyncio
import resource
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services import redis
from services.wire import connect
from tests.chaos.checker import Findings
from tests.chaos.world import Servers, chaos, until

pytestmark = pytest.mark.chaos
PATIENT = {"APRENDIZ_EVENTS__LEASE_MS": "4000"}


@dataclass(frozen=True, slots=True)
class Starved:
    """A server of our own. It ignores SIGXFSZ, as we do: a full disk is an error, not its end."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock"

    async def memory(self, limit: int) -> None:
        client = connect(self.url, connections=1)
        await client.config_set("maxmemory", limit)
        await client.aclose()

    def disk(self, room: int | None) -> None:
        """No file may grow by more than `room` bytes."""
        _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        size = (self.folder / "appendonly.aof").stat().st_size
        soft = hard if room is None else size + room
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


@asynccontextmanager
async def a_redis(folder: Path) -> AsyncIterator[Starved]:
    command: list[str | Path] = [
        redis.found(), "--port", "0", "--unixsocket", folder / "redis.sock", "--dir", folder,
        "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
    ]  # fmt: skip
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220  returns at once
            command, stdout=log, stderr=log, restore_signals=False
        )
    try:
        await until(lambda: asyncio.to_thread(redis.answers, folder / "redis.sock"))
        yield Starved(process, folder)
    finally:
        process.kill()
        process.wait()


async def test_without_memory_bots_wait_and_nothing_acknowledged_is_lost(
    servers: Servers, tmp_path: Path
) -> None:
    async with a_redis(tmp_path) as starved:
        settings = {**PATIENT, "APRENDIZ_REDIS_URL": starved.url}
        async with chaos(servers, settings=settings, redis_url=starved.url) as world:
            world.customers.start(24)
            for _ in range(2):
                await asyncio.sleep(1.5)
                await starved.memory(1)
                await asyncio.sleep(1.5)
                await starved.memory(0)
            assert await world.aftermath() == Findings()
            assert not list(world.network.doubles())


async def test_without_disk_bots_wait_and_nothing_acknowledged_is_lost(
    servers: Servers, tmp_path: Path
) -> None:
    """The append-only file cannot grow for a while, and Redis says so to every writer."""
    async with a_redis(tmp_path) as starved:
        settings = {**PATIENT, "APRENDIZ_REDIS_URL": starved.url}
        async with chaos(servers, settings=settings, redis_url=starved.url) as world:
            world.customers.start(24)
            for _ in range(2):
                await asyncio.sleep(1.5)
                starved.disk(20_000)
                await asyncio.sleep(1.5)
                starved.disk(None)
            assert await world.aftermath() == Findings()
            assert not list(world.network.doubles())
        assert b"AOF write error looks solved" in (tmp_path / "redis.log").read_bytes()


async def test_a_bot_that_is_told_to_stop_while_redis_is_gone_goes(
    servers: Servers, tmp_path: Path
) -> None:
    """Nothing can be handed over: the leases run out by themselves."""
    async with a_redis(tmp_path) as starved:
        settings = {"APRENDIZ_REDIS_URL": starved.url, "APRENDIZ_EVENTS__DRAIN_S": "2"}
        async with chaos(servers, settings=settings, redis_url=starved.url, workers=1) as world:
            world.customers.start(8)
            await asyncio.sleep(1)
            starved.process.kill()
            await asyncio.sleep(0.5)
            assert await world.workers.running.pop().terminate() == 0
