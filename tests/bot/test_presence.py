"""Typing, shown while an answer is being made."""

import asyncio

import pytest

from bot.channels.base import Channel, Part, Rate
from bot.channels.memory import MemoryChannel
from bot.gate import Gate
from bot.presence import Presence
from events.happened import named
from services.wire import Wire
from tests.handlers.replying import SHOP, turn_of

ACCOUNT = turn_of("hola").account


class Typing(MemoryChannel):
    """A network in memory that shows who is writing."""

    def __init__(self) -> None:
        super().__init__(SHOP, ACCOUNT)
        self.shown = asyncio.Queue[tuple[str, str | None, str | None]]()

    async def attend(self, chat: str, thread: str | None, platform_id: str | None) -> None:
        self.shown.put_nowait((chat, thread, platform_id))

    def rates(self, part: Part) -> tuple[Rate, ...]:
        return (Rate("all", 60_000, 1), Rate(f"chat:{part.chat}", 60_000, 1))


@pytest.fixture
def gate(wire: Wire, prefix: str) -> Gate:
    return Gate(wire, prefix, patience_s=0)


async def test_it_is_shown_while_somebody_writes(gate: Gate) -> None:
    channel = Typing()
    with Presence({ACCOUNT: channel}, gate).writing(turn_of("hola")):
        assert await asyncio.wait_for(channel.shown.get(), 60) == ("ana", None, None)


async def test_replies_go_first_where_the_rate_is_used_up(gate: Gate) -> None:
    channel = Typing()
    part = Part("k", named("c"), "ana", "hola")
    assert await gate.wait(ACCOUNT, channel.rates(part)) == 0

    with Presence({ACCOUNT: channel}, gate).writing(turn_of("hola")):
        await asyncio.sleep(0.1)
    assert channel.shown.empty()


async def test_it_costs_the_chat_nothing(gate: Gate) -> None:
    channel = Typing()
    with Presence({ACCOUNT: channel}, gate).writing(turn_of("hola")):
        await asyncio.wait_for(channel.shown.get(), 60)
    part = Part("k", named("c"), "ana", "hola")
    assert await gate.wait(ACCOUNT, channel.rates(part)[1:]) == 0


@pytest.mark.parametrize("channels", [{}, {ACCOUNT: MemoryChannel(SHOP, ACCOUNT)}])
async def test_a_network_that_cannot_show_it_is_left_alone(
    gate: Gate, channels: dict[str, Channel]
) -> None:
    with Presence(channels, gate).writing(turn_of("hola")):
        await asyncio.sleep(0)
    assert Presence(channels, gate).window_s(ACCOUNT) is None
