"""What the supervisor does when something dies."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from services import postgres, redis, state
from services.embedded import attached, running
from services.processes import alive, matching
from services.state import Endpoints
from tests.services.conftest import (
    ROOT,
    clients,
    eventually,
    processes_of,
    remember,
    remembered,
)

WITHIN = 60.0  # a second on an idle machine


def server(endpoints: Endpoints, wanted: str) -> int:
    """The main process: the supervisor's child, or its orphan."""
    lines = {"redis": "redis-server ", "postgres": "/postgres -D "}
    key = endpoints.redis_url.rpartition("/redis.sock")[0].split("-")[-2]
    return min(matching(lambda line: lines[wanted] in line and key in line))


def both_answer(endpoints: Endpoints) -> bool:
    database = Path(endpoints.database_url.partition("?host=")[2])
    stored = Path(endpoints.redis_url.removeprefix("unix://"))
    return redis.answers(stored) and postgres.answers(database)


def kill(endpoints: Endpoints, *names: str) -> float:
    """Seconds until other processes answer in their place."""
    old = [server(endpoints, name) for name in names]
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(alive(pid) for pid in old))
    return eventually(lambda: both_answer(endpoints))


@pytest.mark.parametrize("name", ["redis", "postgres"])
async def test_a_killed_server_is_back_at_once_with_its_data(var: Path, name: str) -> None:
    async with running(var) as endpoints:
        await remember(endpoints, "sigue")
        assert kill(endpoints, name) < WITHIN
        assert await remembered(endpoints) == ("sigue", ["sigue"])


async def test_a_query_that_outlives_its_killed_postgres_holds_nothing_up(var: Path) -> None:
    async with running(var) as endpoints:
        await remember(endpoints, "ocupado")
        connection = await asyncpg.connect(endpoints.database_url)
        busy = asyncio.create_task(
            connection.fetchval("SELECT count(*) FROM generate_series(1, 1000000000)")
        )
        await asyncio.sleep(0.3)
        assert kill(endpoints, "postgres") < WITHIN
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await busy
        assert (await remembered(endpoints))[1] == ["ocupado"]


async def test_a_server_that_keeps_dying_is_started_again_each_time(var: Path) -> None:
    with attached(var) as endpoints:
        for _ in range(3):
            kill(endpoints, "redis")
        assert alive(endpoints.pid)


async def test_a_socket_that_was_removed_comes_back(var: Path) -> None:
    with attached(var) as endpoints:
        Path(endpoints.redis_url.removeprefix("unix://")).unlink()
        eventually(lambda: both_answer(endpoints))


async def test_servers_of_a_killed_supervisor_are_taken_over_as_they_run(var: Path) -> None:
    with attached(var) as first:
        before = server(first, "redis"), server(first, "postgres")
        connection = await asyncpg.connect(first.database_url)
        os.kill(first.pid, signal.SIGKILL)
        eventually(lambda: not alive(first.pid))
        with attached(var) as second:
            assert second.pid != first.pid
            assert (server(second, "redis"), server(second, "postgres")) == before
            assert await connection.fetchval("SELECT 1") == 1
        await connection.close()


async def test_adopted_servers_are_restarted_and_stopped_like_any_other(var: Path) -> None:
    with attached(var) as first:
        os.kill(first.pid, signal.SIGKILL)
        eventually(lambda: not alive(first.pid))
    with attached(var) as second:
        await remember(second, "adoptado")
        kill(second, "redis", "postgres")
        assert await remembered(second) == ("adoptado", ["adoptado"])
    eventually(lambda: not alive(second.pid))
    assert processes_of(second) == []


async def test_a_killed_supervisor_is_replaced_while_a_client_lives(var: Path) -> None:
    async with running(var) as first:
        os.kill(first.pid, signal.SIGKILL)
        deadline = time.monotonic() + 100
        while (told := state.read(var / "services.json")) is None or told.pid == first.pid:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        assert both_answer(first)


async def test_everything_killed_at_once_comes_back_with_its_data(var: Path) -> None:
    with clients(var) as (client,):
        first = client.endpoints()
        await remember(first, "apagón")
        victims = processes_of(first)
        os.kill(first.pid, signal.SIGKILL)
        for pid in victims:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        client.kill()
    with attached(var) as second:
        assert await remembered(second) == ("apagón", ["apagón"])


async def test_a_start_killed_while_the_database_is_created_can_be_repeated(var: Path) -> None:
    with clients(var):
        eventually((var / "postgres.new").exists)
        told = state.read(var / "services.json")
        assert told
        os.kill(told.pid, signal.SIGKILL)
    with attached(var) as endpoints:
        await remember(endpoints, "entero")
    assert not (var / "postgres.new").exists()


def test_a_second_supervisor_refuses_the_folder(var: Path) -> None:
    with attached(var):
        second = subprocess.run(
            [sys.executable, "-m", "services.supervisor", "--var", str(var)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 1
    assert "another supervisor" in second.stderr


def test_the_supervisor_stays_small(var: Path) -> None:
    with attached(var) as endpoints:
        status = Path(f"/proc/{endpoints.pid}/status")
        rows = status.read_text().splitlines() if status.exists() else ["VmRSS: 0 kB"]
        (memory,) = (int(row.split()[1]) for row in rows if row.startswith("VmRSS"))
        assert memory < 30_000
