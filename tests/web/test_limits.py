"""Counting how often somebody does something, and not waiting for ever."""

import asyncio

import pytest

from bot.channels.base import NotStored
from services.wire import Wire, WireClosed, connect
from web.limits import Limit, Unavailable, soon


async def test_so_many_pass_and_the_next_one_waits(wire: Wire, prefix: str) -> None:
    limit = Limit(wire, prefix, 3, 60)

    waits = [await limit.wait_ms("ana") for _ in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert all(30_000 < wait <= 60_000 for wait in waits[3:])


async def test_one_does_not_wait_for_another(wire: Wire, prefix: str) -> None:
    limit = Limit(wire, prefix, 1, 60)

    assert await limit.wait_ms("ana") == 0
    assert await limit.wait_ms("luis") == 0
    assert await limit.wait_ms("ana") > 0


async def test_the_window_closes_by_itself(wire: Wire, prefix: str) -> None:
    limit = Limit(wire, prefix, 1, 3)
    await limit.wait_ms("ana")

    await asyncio.sleep((await limit.wait_ms("ana")) / 1000 + 0.05)

    assert await limit.wait_ms("ana") == 0


async def test_many_at_once_are_counted_one_by_one(wire: Wire, prefix: str) -> None:
    limit = Limit(wire, prefix, 7, 60)

    waits = await asyncio.gather(*(limit.wait_ms("ana") for _ in range(40)))

    assert waits.count(0) == 7


async def test_forgetting_opens_the_window_again(wire: Wire, prefix: str) -> None:
    limit = Limit(wire, prefix, 1, 60)
    await limit.wait_ms("ana")

    await limit.forget("ana")

    assert await limit.wait_ms("ana") == 0


@pytest.mark.parametrize("error", [NotStored("closed"), WireClosed(), TimeoutError()])
async def test_what_does_not_answer_is_unavailable(error: Exception) -> None:
    async def broken() -> None:
        raise error

    with pytest.raises(Unavailable):
        await soon(broken())


async def test_nobody_waits_for_a_redis_that_is_away() -> None:
    wire = Wire(connect("unix:///nowhere/redis.sock"))

    with pytest.raises(Unavailable):
        await soon(Limit(wire, "x", 1, 1).wait_ms("ana"), 0.2)

    await wire.close()
