"""Starting, sharing and leaving the embedded servers."""

import os
import time
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from services.embedded import attached, running
from services.errors import PlaceRefused, ServicesError
from services.processes import alive
from services.state import Endpoints
from tests.fixtures.servers import stop
from tests.services.conftest import clients, end, eventually, processes_of, remember, remembered


async def test_postgres_answers_and_knows_vectors(endpoints: Endpoints) -> None:
    connection = await asyncpg.connect(endpoints.database_url)
    await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    assert await connection.fetchval("SELECT '[1,2]'::vector <-> '[1,4]'::vector") == 2.0
    await connection.close()


async def test_postgres_speaks_spanish_and_keeps_what_it_confirmed(endpoints: Endpoints) -> None:
    connection = await asyncpg.connect(endpoints.database_url)
    assert await connection.fetchval("SELECT lower('CAMIÓN Ñ')") == "camión ñ"
    wanted = {"server_encoding": "UTF8", "fsync": "on", "synchronous_commit": "on"}
    wanted |= {"data_checksums": "on", "jit": "off"}
    for name, value in wanted.items():
        assert await connection.fetchval("SELECT current_setting($1)", name) == value
    await connection.close()


async def test_redis_writes_every_change_to_its_file_and_evicts_nothing(
    endpoints: Endpoints,
) -> None:
    wanted = {"appendonly": "yes", "appendfsync": "everysec", "save": ""}
    wanted |= {"maxmemory-policy": "noeviction"}
    async with Redis.from_url(endpoints.redis_url, decode_responses=True) as redis:
        for name, value in wanted.items():
            assert (await redis.config_get(name))[name] == value


async def test_no_port_is_opened(endpoints: Endpoints) -> None:
    async with Redis.from_url(endpoints.redis_url, decode_responses=True) as redis:
        assert (await redis.config_get("port"))["port"] == "0"
    connection = await asyncpg.connect(endpoints.database_url)
    assert await connection.fetchval("SHOW listen_addresses") == ""
    await connection.close()


def test_only_the_owner_enters_the_folders_of_the_sockets(endpoints: Endpoints) -> None:
    sockets = endpoints.redis_url.removeprefix("unix://")
    for folder in (Path(sockets).parent, Path(endpoints.database_url.partition("=")[2])):
        assert folder.stat().st_mode & 0o077 == 0


async def test_data_are_kept_between_runs(var: Path) -> None:
    async with running(var) as first:
        await remember(first, "hola")
    stop(first.pid, var)
    async with running(var) as second:
        assert await remembered(second) == ("hola", ["hola"])
    assert second.pid != first.pid


def test_progress_is_told_while_the_database_is_created(var: Path) -> None:
    told: list[str] = []
    with attached(var, say=told.append):
        assert "creating the database" in told


def test_clients_that_come_at_once_share_one_supervisor(var: Path) -> None:
    with clients(var, 4) as four:
        assert len({client.endpoints() for client in four}) == 1


def test_the_servers_end_after_the_last_client_left(var: Path) -> None:
    with clients(var, 2) as (first, second):
        endpoints = first.endpoints()
        assert second.endpoints() == endpoints
        first.leave()
        time.sleep(3)
        assert alive(endpoints.pid)
        second.leave()
        eventually(lambda: not alive(endpoints.pid))
        assert processes_of(endpoints) == []
        assert not Path(endpoints.redis_url.removeprefix("unix://")).parent.exists()


def test_a_killed_client_holds_nothing(var: Path) -> None:
    with clients(var) as (client,):
        endpoints = client.endpoints()
        client.kill()
        eventually(lambda: not alive(endpoints.pid))
        assert processes_of(endpoints) == []


async def test_a_client_that_comes_while_the_servers_stop_gets_new_ones(var: Path) -> None:
    told: list[str] = []
    with attached(var) as first:
        pass
    eventually(lambda: '"stopping"' in (var / "services.json").read_text())
    with attached(var, say=told.append) as second:
        assert second.pid != first.pid
        await remember(second, "otra vez")


async def test_two_checkouts_side_by_side_know_nothing_of_each_other(var: Path) -> None:
    other = var.with_name("other")
    async with running(var) as here, running(other) as there:
        await remember(here, "aquí")
        await remember(there, "allá")
        assert await remembered(here) == ("aquí", ["aquí"])
        assert await remembered(there) == ("allá", ["allá"])
    end(other)


async def test_a_very_deep_checkout_works(var: Path) -> None:
    deep = var.joinpath(*["a folder with a long name, spaces and ñandúes"] * 14)
    async with running(deep) as endpoints:
        await remember(endpoints, "hondo")
    end(deep)


def test_a_path_no_database_can_live_in_is_refused(var: Path) -> None:
    with pytest.raises(PlaceRefused, match="longer than 900 bytes"), attached(var / ("d/" * 500)):
        pass


async def test_a_checkout_nobody_else_can_enter_works_and_stays_closed(var: Path) -> None:
    """Containers keep projects in /root, where the user that runs Postgres cannot walk."""
    closed = var.with_name("closed")
    closed.mkdir(mode=0o700)
    async with running(closed / "var") as endpoints:
        await remember(endpoints, "cerrado")
        assert closed.stat().st_mode & 0o777 == 0o700
        assert (closed / "var" / "postgres" / "PG_VERSION").exists()
        assert (closed / "var" / "postgres").stat().st_uid != 0
    end(closed / "var")


async def test_a_damaged_state_file_is_written_again(var: Path) -> None:
    with attached(var) as first:
        (var / "services.json").write_text("{ not json")
        with attached(var) as second:
            assert second == first


async def test_notes_left_by_a_crash_hold_nothing_up(var: Path) -> None:
    """After a power cut the process ids in them may belong to somebody else."""
    with attached(var) as first:
        pass
    stop(first.pid, var)
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/gone\n")
    (var / "services.json").write_text(f'{{"pid": {os.getpid()}}}')
    with attached(var) as second:
        await remember(second, "de nuevo")


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(var: Path) -> None:
    var.write_text("")
    with pytest.raises(ServicesError, match="cannot be used"), attached(var):
        pass
    var.unlink()


def test_a_deleted_folder_takes_its_servers_along(var: Path) -> None:
    with attached(var) as endpoints:
        var.rename(var.with_name("gone"))
        eventually(lambda: not alive(endpoints.pid))
        assert processes_of(endpoints) == []
