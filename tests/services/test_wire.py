"""The wire: calls of one loop turn travel together, survive an outage, and never hang for ever."""

import asyncio

import pytest
from redis.exceptions import ResponseError

from services.leases import RENEW
from services.wire import Wire, WireClosed, WireOutage, connect


async def test_a_script_the_server_forgot_is_taught_again(wire: Wire) -> None:
    await wire.command("SCRIPT", "FLUSH")
    assert await wire.call(RENEW, ["nobody"], ["token", 1000]) == 0


async def test_many_callers_get_each_their_own_answer(wire: Wire, prefix: str) -> None:
    answers = await asyncio.gather(*(wire.command("ECHO", f"{prefix}{n}") for n in range(500)))
    assert answers == [f"{prefix}{n}".encode() for n in range(500)]


async def test_an_error_reaches_its_caller_and_nobody_else(wire: Wire, prefix: str) -> None:
    answers = await asyncio.gather(
        wire.command("HGET", prefix), wire.command("ECHO", "hola"), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [ResponseError, bytes]


async def test_an_existing_group_is_an_error_and_not_an_outage(wire: Wire, prefix: str) -> None:
    """BUSYGROUP begins like BUSY, which means: wait."""
    create = ("XGROUP", "CREATE", prefix, "g", "0", "MKSTREAM")
    await wire.command(*create)
    with pytest.raises(ResponseError, match="BUSYGROUP"):
        async with asyncio.timeout(60):
            await wire.command(*create)


async def test_a_call_waits_through_an_outage(wire: Wire, redis_url: str) -> None:
    """Its connection is cut under it; the answer comes all the same."""
    other = Wire(connect(redis_url))
    try:
        await other.command("PING")
        await wire.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        async with asyncio.timeout(60):
            assert await other.command("ECHO", "back") == b"back"
    finally:
        await other.close()


async def test_what_is_to_be_sent_once_is_not_repeated_after_an_outage(
    wire: Wire, redis_url: str
) -> None:
    other = Wire(connect(redis_url))
    try:
        await other.command("PING")
        await wire.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        async with asyncio.timeout(5):
            with pytest.raises(WireOutage):
                await other.call(RENEW, ["nobody"], ["token", 1000], once=True)
            assert await other.call(RENEW, ["nobody"], ["token", 1000], once=True) == 0
    finally:
        await other.close()


async def test_closing_frees_those_who_wait(redis_url: str) -> None:
    nowhere = Wire(connect("unix:///tmp/nobody-listens-here.sock"))
    waiting = nowhere.command("PING")
    await asyncio.sleep(0.1)
    await nowhere.close()
    with pytest.raises(WireClosed):
        await waiting
    with pytest.raises(WireClosed):
        await nowhere.command("PING")
