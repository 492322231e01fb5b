"""The gate in front of a network with limits."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from bot.channels.base import Rate
from bot.channels.memory import MemoryChannel
from bot.gate import Gate
from services.wire import Wire
from tests.bot.channels.test_memory import SHOP, a_part
from tests.conftest import ROOT

ALL = Rate("all", 40, 5)
ANA = (ALL, Rate("chat:ana", 1000, 2))
BEA = (ALL, Rate("chat:bea", 1000, 2))
GROUP = (ALL, Rate("group:-1", 3334, 3))


def most_within_a_second(moments: Sequence[float]) -> int:
    ordered = sorted(moments)
    second = 0.99  # a process may be late to look at its watch
    return max(sum(1 for m in ordered if first <= m < first + second) for first in ordered)


def processes(url: str, prefix: str, *chats: str, each: int) -> list[tuple[str, float]]:
    """Each argument is one process and the chats it talks to."""
    command = [sys.executable, "-m", "tests.bot.gate_process", url, prefix]
    running = [
        subprocess.Popen([*command, names, str(each)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for names in chats
    ]
    lines = [line.split() for one in running for line in one.communicate(timeout=60)[0].split("\n")]
    assert [one.returncode for one in running] == [0] * len(running)
    return [(line[0], float(line[1])) for line in lines if line]


def test_processes_share_the_rate_of_one_chat(redis_url: str, wire: Wire, prefix: str) -> None:
    sent = processes(redis_url, prefix, "ana", "ana", each=3)

    moments = [moment for _, moment in sent]
    assert len(moments) == 6
    assert most_within_a_second(moments) <= 2
    assert 3.8 <= max(moments) - min(moments) <= 5.5


def test_a_burst_of_many_processes_stays_below_thirty_a_second(
    redis_url: str, wire: Wire, prefix: str
) -> None:
    crowds = [",".join(f"{letter}{n}" for n in range(40)) for letter in "abc"]

    sent = processes(redis_url, prefix, *crowds, each=1)

    moments = [moment for _, moment in sent]
    assert len({chat for chat, _ in sent}) == 120
    assert most_within_a_second(moments) <= 30


async def test_a_group_gets_three_at_once_and_then_has_to_wait(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.2)

    waits = [await gate.wait("telegram:main", GROUP) for _ in range(4)]

    assert waits[:3] == [0.0, 0.0, 0.0]
    assert 3.0 < waits[3] <= 3.334


async def test_a_chat_that_waits_costs_the_others_nothing(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix)
    for _ in range(2):
        await gate.wait("telegram:main", ANA)
    waiting = [asyncio.create_task(gate.wait("telegram:main", ANA)) for _ in range(5)]
    await asyncio.sleep(0.05)

    began = time.monotonic()
    assert await gate.wait("telegram:main", BEA) == 0.0
    assert time.monotonic() - began < 0.8  # a second is what the others wait for

    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_the_many_leave_in_the_order_they_came(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix)
    left: list[int] = []

    async def leave(number: int) -> None:
        assert await gate.wait("telegram:main", (ALL, Rate(f"chat:{number}", 1000, 2))) == 0.0
        left.append(number)

    await asyncio.gather(*(leave(number) for number in range(25)))

    assert left == sorted(left)


async def test_a_frozen_chat_waits_alone(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.1)

    await gate.freeze("telegram:main", ANA, 5)

    assert 4 < await gate.wait("telegram:main", ANA) <= 5
    assert await gate.wait("telegram:main", BEA) == 0.0


async def test_two_chats_frozen_within_a_second_freeze_the_account(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.1)
    cleo = (ALL, Rate("chat:cleo", 1000, 2))

    await gate.freeze("telegram:main", ANA, 5)
    await gate.freeze("telegram:main", BEA, 3)

    assert 2 < await gate.wait("telegram:main", cleo) <= 3
    assert 4 < await gate.wait("telegram:main", ANA) <= 5
    assert await gate.wait("telegram:second", cleo) == 0.0


async def test_one_chat_frozen_twice_is_still_one_chat(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.1)

    await gate.freeze("telegram:main", ANA, 3)
    await gate.freeze("telegram:main", ANA, 1)

    assert 2 < await gate.wait("telegram:main", ANA) <= 3
    assert await gate.wait("telegram:main", BEA) == 0.0


async def test_a_freeze_stops_those_who_already_hold_a_place(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=1.0)
    crowd = [(ALL, Rate(f"chat:{number}", 1000, 2)) for number in range(20)]
    waiting = [asyncio.create_task(gate.wait("telegram:main", rates)) for rates in crowd]
    await asyncio.sleep(0.1)

    await gate.freeze("telegram:main", ANA, 5)
    await gate.freeze("telegram:main", BEA, 5)
    waits = await asyncio.gather(*waiting)

    assert waits[0] == 0.0
    assert sum(1 for seconds in waits if seconds > 3) >= 10


async def test_a_network_without_limits_never_asks_redis(wire: Wire, prefix: str) -> None:
    gate, channel = Gate(wire, prefix), MemoryChannel(SHOP)
    await wire.close()

    assert await gate.wait(channel.account, channel.rates(a_part())) == 0.0
    await gate.freeze(channel.account, channel.rates(a_part()), 5)


@pytest.mark.parametrize("seconds", [0.0, 0.0004])
async def test_a_freeze_of_no_time_is_no_error(wire: Wire, prefix: str, seconds: float) -> None:
    await Gate(wire, prefix).freeze("telegram:main", ANA, seconds)
