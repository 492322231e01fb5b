"""The gate in front of a network with limits."""

import asyncio
import subprocess
import sys
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
GROUP = (ALL, Rate("group:-1", 60_000, 3))


def took(sent: Sequence[tuple[str, float, float]]) -> float:
    """Seconds from the first question to the last send: a busy machine makes them more, never
    fewer."""
    return max(left for _, _, left in sent) - min(asked for _, asked, _ in sent)


def processes(url: str, prefix: str, *chats: str, each: int) -> list[tuple[str, float, float]]:
    """Each argument is one process and the chats it talks to."""
    command = [sys.executable, "-m", "tests.bot.gate_process", url, prefix]
    running = [
        subprocess.Popen([*command, names, str(each)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for names in chats
    ]
    said = [one.communicate(timeout=120)[0] for one in running]
    assert [one.returncode for one in running] == [0] * len(running)
    lines = [line.split() for line in "".join(said).splitlines()]
    return [(chat, float(asked), float(left)) for chat, asked, left in lines]


def test_processes_share_the_rate_of_one_chat(redis_url: str, wire: Wire, prefix: str) -> None:
    sent = processes(redis_url, prefix, "ana", "ana", each=3)

    assert len(sent) == 6
    assert 3.9 <= took(sent) < 30


def test_a_burst_of_many_processes_stays_below_thirty_a_second(
    redis_url: str, wire: Wire, prefix: str
) -> None:
    crowds = [",".join(f"{letter}{n}" for n in range(40)) for letter in "abc"]

    sent = processes(redis_url, prefix, *crowds, each=1)

    assert len({chat for chat, _, _ in sent}) == 120
    assert 120 / 30 < took(sent) < 60


async def test_a_group_gets_three_at_once_and_then_has_to_wait(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.2)

    waits = [await gate.wait("telegram:main", GROUP) for _ in range(4)]

    assert waits[:3] == [0.0, 0.0, 0.0]
    assert 30 < waits[3] <= 60


async def test_a_chat_that_waits_costs_the_others_nothing(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=120)
    slow = (ALL, Rate("chat:ana", 60_000, 1))
    assert await gate.wait("telegram:main", slow) == 0.0
    waiting = [asyncio.create_task(gate.wait("telegram:main", slow)) for _ in range(5)]
    await asyncio.sleep(0.05)

    assert await gate.wait("telegram:main", BEA) == 0.0
    assert not any(task.done() for task in waiting)

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

    await gate.freeze("telegram:main", ANA, 60)

    assert 30 < await gate.wait("telegram:main", ANA) <= 60
    assert await gate.wait("telegram:main", BEA) == 0.0


async def test_two_chats_frozen_within_a_second_freeze_the_account(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.1)
    cleo = (ALL, Rate("chat:cleo", 1000, 2))

    await gate.freeze("telegram:main", ANA, 600)
    await gate.freeze("telegram:main", BEA, 300)

    assert 150 < await gate.wait("telegram:main", cleo) <= 300
    assert 450 < await gate.wait("telegram:main", ANA) <= 600
    assert await gate.wait("telegram:second", cleo) == 0.0


async def test_one_chat_frozen_twice_is_still_one_chat(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=0.1)

    await gate.freeze("telegram:main", ANA, 300)
    await gate.freeze("telegram:main", ANA, 100)

    assert 150 < await gate.wait("telegram:main", ANA) <= 300
    assert await gate.wait("telegram:main", BEA) == 0.0


async def test_a_freeze_stops_those_who_already_hold_a_place(wire: Wire, prefix: str) -> None:
    gate = Gate(wire, prefix, patience_s=10)
    everybody = Rate("all", 3000, 1)
    crowd = [(everybody, Rate(f"chat:{number}", 1000, 2)) for number in range(2)]
    waiting = [asyncio.create_task(gate.wait("telegram:main", rates)) for rates in crowd]
    assert await waiting[0] == 0.0

    await gate.freeze("telegram:main", (everybody, ANA[1]), 600)
    await gate.freeze("telegram:main", (everybody, BEA[1]), 600)

    assert await waiting[1] > 300


async def test_a_network_without_limits_never_asks_redis(wire: Wire, prefix: str) -> None:
    gate, channel = Gate(wire, prefix), MemoryChannel(SHOP)
    await wire.close()

    assert await gate.wait(channel.account, channel.rates(a_part())) == 0.0
    await gate.freeze(channel.account, channel.rates(a_part()), 5)


@pytest.mark.parametrize("seconds", [0.0, 0.0004])
async def test_a_freeze_of_no_time_is_no_error(wire: Wire, prefix: str, seconds: float) -> None:
    await Gate(wire, prefix).freeze("telegram:main", ANA, seconds)
