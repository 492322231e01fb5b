"""Redis, Postgres and the road to them die; everybody waits, and nothing is lost."""

import asyncio
from pathlib import Path

import pytest

from tests.chaos.checker import Findings
from tests.chaos.proxy import proxy
from tests.chaos.world import Servers, chaos, kill

pytestmark = pytest.mark.chaos


async def test_redis_is_killed_and_nothing_that_was_acknowledged_is_gone(servers: Servers) -> None:
    """kill -9 of Redis, three times; no bot loses its lease meanwhile, so no reply leaves twice."""
    async with chaos(servers, settings={"APRENDIZ_EVENTS__LEASE_MS": "8000"}) as world:
        world.customers.start(24)
        for _ in range(3):
            await asyncio.sleep(1.5)
            kill(servers.redis())
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())


async def test_postgres_is_killed_and_replies_go_on_while_capture_catches_up(
    servers: Servers,
) -> None:
    async with chaos(servers) as world:
        world.customers.start(24)
        for _ in range(3):
            await asyncio.sleep(1.5)
            kill(servers.postgres())
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())


async def test_answers_of_redis_that_are_lost_on_the_way_change_nothing(
    servers: Servers, tmp_path: Path
) -> None:
    """Commands that were carried out, and whose answers never came, are repeated harmlessly."""
    path = tmp_path / "redis"
    url = {"APRENDIZ_REDIS_URL": f"unix://{path}"}
    async with (
        proxy(servers.endpoints.redis_url, path) as road,
        chaos(servers, settings=url) as world,
    ):
        world.customers.start(24)
        for _ in range(10):
            await asyncio.sleep(0.5)
            await road.lose_answers(0.03)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        assert road.cuts > 20
