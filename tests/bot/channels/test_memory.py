"""The network in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from bot.channels.base import (
    Accepted,
    Ambiguous,
    Channel,
    ChannelUnavailable,
    Ingest,
    Part,
    Permanent,
    RetryAfter,
    SendResult,
)
from bot.channels.memory import MemoryChannel
from events.happened import Happened

SHOP = UUID(int=1)


def a_part(key: str = "k", text: str = "hola") -> Part:
    return Part(key=key, conversation=UUID(int=2), chat="ana", text=text)


@asynccontextmanager
async def listening(channel: Channel, ingest: Ingest) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.receive(ingest))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_script_answers_in_order_and_then_the_network_is_well() -> None:
    script: list[SendResult | None] = [RetryAfter(1.0), Permanent("blocked"), None]
    channel = MemoryChannel(SHOP, script=script)

    results = [await channel.send(a_part()) for _ in range(4)]

    assert results[:2] == script[:2]
    assert results[2:] == [Accepted("s1"), Accepted("s2")]
    assert len(channel.sent) == 2


async def test_an_ambiguous_send_was_delivered() -> None:
    channel = MemoryChannel(SHOP, script=[Ambiguous("the answer was lost")])

    assert await channel.send(a_part()) == Ambiguous("the answer was lost")
    assert channel.replies("ana") == ["hola"]


async def test_one_key_is_delivered_once_when_the_network_is_idempotent() -> None:
    channel = MemoryChannel(SHOP, idempotent=True, script=[Ambiguous("lost")])

    await channel.send(a_part("k"))

    assert await channel.send(a_part("k")) == Accepted("s1")
    assert len(channel.sent) == 1


async def test_replies_can_be_awaited() -> None:
    channel = MemoryChannel(SHOP, latency_s=0.01)
    waiting = asyncio.create_task(channel.wait_for_replies("ana", 2))

    await channel.send(a_part(text="uno"))
    await channel.send(a_part(text="dos"))

    assert await waiting == ["uno", "dos"]


async def test_a_customer_waits_for_a_channel_that_is_not_listening_yet() -> None:
    channel = MemoryChannel(SHOP)
    found: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        found.append(event)
        return True

    saying = asyncio.create_task(channel.say("ana", "hola"))
    await asyncio.sleep(0)
    assert not saying.done()
    async with listening(channel, ingest):
        event = await saying

    assert found == [event]


async def test_nobody_is_heard_after_the_end() -> None:
    channel = MemoryChannel(SHOP)
    await channel.close()

    with pytest.raises(ChannelUnavailable):
        await channel.say("ana", "hola")


async def test_what_is_said_in_two_runs_are_two_messages_unless_a_key_says_otherwise() -> None:
    found: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        found.append(event)
        return True

    for _ in range(2):
        channel = MemoryChannel(SHOP)
        async with listening(channel, ingest):
            await channel.say("ana", "hola")
            await channel.say("ana", "hola", key="k")

    assert len({event.id for event in found}) == 3
