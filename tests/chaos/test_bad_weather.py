"""Models, networks and customers at their worst: slow, failing, repeating, out of order."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import pytest

from tests.chaos.checker import Findings
from tests.chaos.network import Fault, Network
from tests.chaos.world import Servers, chaos, until
from tests.servers.models import Turned, garbage, model_server, refuses, says

pytestmark = pytest.mark.chaos
T = TypeVar("T")


def drawn(choices: Sequence[T], seed: int) -> Callable[[], T]:
    luck = random.Random(seed)  # noqa: S311
    return lambda: luck.choice(choices)


async def test_a_slow_and_failing_model_delays_answers_and_loses_none(servers: Servers) -> None:
    """A third of the calls fail in every way there is; the offline model stands in."""
    good = Turned(body=says("Claro que sí, con gusto.").body, hang_s=0.3)
    bad = (
        refuses(429, headers={"retry-after": "0"}),
        refuses(500),
        garbage(),
        Turned(hang_s=5),
        Turned(cut=True),
    )
    turn = drawn([good] * 10 + list(bad), 11)
    async with model_server() as server:
        server.will(*(turn() for _ in range(2000)))

        async def asked(times: int) -> bool:
            return len(server.asked) > times

        settings = {
            "APRENDIZ_OPENAI__KEY": "sk-test",
            "APRENDIZ_OPENAI__BASE_URL": f"{server.url}/v1",
            "APRENDIZ_OPENAI__TIMEOUT_S": "1",
            "APRENDIZ_MODELS__ORDER": '["openai", "offline"]',
        }
        async with chaos(servers, settings=settings) as world:
            world.customers.burst = 2
            world.customers.start(12)
            await until(partial(asked, 15))
            await world.workers.kill(world.workers.any())
            await until(partial(asked, 30))
            assert await world.aftermath() == Findings()
            assert await world.letters() == []


async def test_a_network_that_fails_in_every_way_gets_every_answer_once(servers: Servers) -> None:
    """Too busy, hung up on, answer lost, no answer at all: one in three sends goes wrong."""
    faults: list[Fault | None] = ["busy", "lost", "refused", None, None, None, None, None, None]
    luck = drawn([*faults, *faults, "hang"], 5)
    network = partial(Network, idempotent=True, latency_s=0.02, fault=luck)
    hasty = {"CHAOS_IDEMPOTENT": "1", "CHAOS_PATIENCE": "2"}
    async with chaos(servers, network, settings=hasty) as world:
        world.customers.start(24)
        await asyncio.sleep(5)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())


async def test_messages_that_come_three_times_and_out_of_order_are_handled_once(
    servers: Servers,
) -> None:
    """A burst of five, each offered thrice at once, shuffled, some with an older platform time."""
    async with chaos(servers, partial(Network, copies=3)) as world:
        world.customers.burst = 5
        world.customers.late_s = 3.0
        world.customers.start(12)
        await asyncio.sleep(2)
        await world.workers.kill(world.workers.any())
        await asyncio.sleep(2)
        assert await world.aftermath() == Findings()


async def test_a_channel_that_raises_sends_once_more_at_most(servers: Servers) -> None:
    """The network took the message and answered nonsense: nobody knows, so nobody insists."""
    faults: list[Fault | None] = [None, None, None, None, None, "babble"]
    luck = drawn(faults, 5)
    async with chaos(servers, partial(Network, fault=luck)) as world:
        world.customers.start(24)
        await asyncio.sleep(4)
        found = await world.aftermath()
        held = {line.partition(":")[0] for line in found.undelivered if line.endswith("uncertain")}
        assert len(found.leftovers) == len(found.undelivered) == len(held)
        found.undelivered = found.leftovers = []
        assert found == Findings()
        assert await world.letters() == []
        times = Counter(sent.key for sent in world.network.sent)
        assert max(times.values()) == 2
        assert {key.partition(":")[0] for key, n in times.items() if n == 2} > held
