"""A folder for servers of a test's own, which end with it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from services import state
from services.processes import alive, matching
from services.state import Endpoints
from tests.fixtures.servers import open_folder, stop

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = """
import sys, time
from pathlib import Path
from services.embedded import attached
with attached(Path(sys.argv[1])) as endpoints:
    print(endpoints.pid, endpoints.database_url, endpoints.redis_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def var() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "var"
        end(folder / "var")


def end(var: Path) -> None:
    """Stop the supervisor of var, if one is there."""
    told = state.read(var / "services.json")
    if told and alive(told.pid):
        stop(told.pid, var)


async def remember(endpoints: Endpoints, word: str) -> None:
    async with Redis.from_url(endpoints.redis_url) as redis:
        await redis.set("word", word)
    connection = await asyncpg.connect(endpoints.database_url)
    await connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
    await connection.execute("INSERT INTO words VALUES ($1)", word)
    await connection.close()


async def remembered(endpoints: Endpoints) -> tuple[object, list[str]]:
    async with Redis.from_url(endpoints.redis_url, decode_responses=True) as redis:
        stored = await redis.get("word")
    connection = await asyncpg.connect(endpoints.database_url)
    rows = await connection.fetch("SELECT word FROM words")
    await connection.close()
    return stored, [row["word"] for row in rows]


def processes_of(endpoints: Endpoints) -> list[int]:
    key = endpoints.redis_url.rpartition("aprendiz-")[2].split("-")[1]
    return matching(lambda line: key in line)


class Client:
    """Another process that uses the servers until it is told to leave, or killed."""

    def __init__(self, var: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(var)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def endpoints(self) -> Endpoints:
        assert self.process.stdout
        pid, database_url, redis_url = self.process.stdout.readline().split()
        return Endpoints(database_url, redis_url, int(pid))

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def clients(var: Path, number: int = 1) -> Iterator[list[Client]]:
    started = [Client(var) for _ in range(number)]
    try:
        yield started
    finally:
        for client in started:
            if client.process.poll() is None:
                client.kill()


def eventually(true: Callable[[], object], *, within: float = 100.0) -> float:
    """Seconds until it was true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, f"not true within {within} s"
        time.sleep(0.02)
    return time.monotonic() - began
