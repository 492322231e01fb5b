"""One case of chaos: its own servers and corner of Redis, a network, bots and customers."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.simulation import settled
from events import dead
from events.partitions import Keys
from events.stream import Stream
from services import postgres, redis
from services.places import Places
from services.processes import matching
from services.state import Endpoints, read
from services.wire import Wire, connect
from tests.chaos.checker import Findings, examine
from tests.chaos.customers import Customers
from tests.chaos.network import Network, serving
from tests.chaos.workers import Workers

PARTITIONS = 16
LEASE_MS = 3000
PATIENCE_S = 150.0
"""A busy machine may take long; one that hangs is found by the time limit of the test."""


@dataclass(frozen=True, slots=True)
class Servers:
    """The embedded pair that this folder's tests may kill."""

    places: Places
    endpoints: Endpoints

    def supervisor(self) -> int:
        told = read(self.places.state)
        assert told is not None
        return told.pid

    def redis(self) -> int:
        return min(matching(redis.planned(self.places).is_main))

    def postgres(self) -> int:
        return min(matching(postgres.planned(self.places).is_main))


@dataclass(frozen=True, slots=True)
class World:
    servers: Servers
    stream: Stream
    network: Network
    workers: Workers
    customers: Customers

    async def members(self, count: int) -> None:
        """Returns when so many bots share the work."""

        async def shared() -> bool:
            members = await self.stream.wire.command("ZCARD", self.stream.keys.members)
            return bool(members == count)

        await until(shared)

    async def ready(self) -> None:
        """Returns when every bot has begun."""

        async def begun() -> bool:
            return all(worker.ready for worker in self.workers.running)

        await until(begun)

    async def aftermath(self, *poison: str, patience_s: float = PATIENCE_S) -> Findings:
        """Everybody gets their answers, everything settles, and the books are read."""
        await self.customers.finish(patience_s)
        await settled(self.stream, PATIENCE_S)
        url = self.servers.endpoints.database_url
        return await examine(self.network, self.stream, url, poison=poison)

    async def has_letters(self) -> bool:
        return bool(await self.letters())

    async def letters(self) -> list[dead.Letter]:
        return [letter async for letter in dead.letters(self.stream)]


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110  other processes have no event of ours
            await asyncio.sleep(0.02)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@asynccontextmanager
async def chaos(
    servers: Servers,
    network: Callable[[Path], Network] = Network,
    *,
    workers: int = 2,
    settings: Mapping[str, str] = {},
    redis_url: str | None = None,
) -> AsyncIterator[World]:
    """`settings` are environment variables of the bots."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    prefix = folder.name
    wire = Wire(connect(redis_url or servers.endpoints.redis_url))
    stream = Stream(wire, Keys(prefix, PARTITIONS))
    environment = {
        "APRENDIZ_APP__VAR": str(servers.places.var),
        "APRENDIZ_APP__PLUGINS": '["tests.chaos.plugin"]',
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_EVENTS__PARTITIONS": str(PARTITIONS),
        "APRENDIZ_EVENTS__LEASE_MS": str(LEASE_MS),
        "APRENDIZ_EVENTS__MAX_DELIVERIES": "3",
        "APRENDIZ_TURNS__REPLIES_PER_MINUTE": "0",
        "APRENDIZ_TURNS__PATIENCE": "0",
        "APRENDIZ_PACE__IN_5_MINUTES": "0",
        "CHAOS_NETWORK": str(folder / "network"),
    }
    net = network(folder / "network")
    bots = Workers({**environment, **settings}, folder)
    world = World(servers, stream, net, bots, Customers(net, prefix))
    try:
        async with serving(net):
            await bots.start(workers)
            await world.members(workers)
            yield world
    finally:
        await bots.stop()
        await world.customers.finish(0)
        await wire.close()
        sys.stdout.write(bots.last_words())  # pytest shows it when the case failed
        shutil.rmtree(folder)
