"""Bots die, freeze and are replaced; their customers and their rows do not notice."""

import asyncio
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest

from tests.chaos.checker import Findings
from tests.chaos.customers import PAYMENT
from tests.chaos.network import Network, Sent
from tests.chaos.world import LEASE_MS, Servers, World, chaos, kill, until

pytestmark = pytest.mark.chaos
SLOW = partial(Network, latency_s=0.05)
EXACT = partial(Network, latency_s=0.4, idempotent=True)
LONGEST_TAKEOVER_S = 45.0


def doubled(world: World, explained: Callable[[Sent, Sent], bool]) -> list[tuple[Sent, Sent]]:
    """Second deliveries that nothing explains."""
    return [pair for pair in world.network.doubles() if not explained(*pair)]


def by_death(world: World) -> Callable[[Sent, Sent], bool]:
    """The bot that sent it first was killed while it was on its way; another one repeated it."""

    def explained(first: Sent, second: Sent) -> bool:
        return first.pid in world.workers.killed and first.pid != second.pid

    return explained


async def test_nothing_is_wrong_when_nothing_goes_wrong(servers: Servers) -> None:
    """The control: without a fault nothing is lost, doubled or late, so what follows is chaos."""
    async with chaos(servers, SLOW) as world:

        async def said_much() -> bool:
            return len(world.network.said) > 24 * 4

        world.customers.start(24)
        await until(said_much)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())


async def test_a_killed_bot_loses_nothing_and_doubles_only_what_it_was_sending(
    servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    """kill -9, three times: the one thing that may happen twice is a send that was on its way."""
    takeovers = []
    async with chaos(servers, SLOW, workers=3) as world:
        world.customers.start(24)
        for _ in range(3):
            await asyncio.sleep(0.7)
            await world.workers.kill(world.workers.any())
            killed = time.monotonic()
            await world.workers.start()
            await world.customers.catch_up()
            takeovers.append(time.monotonic() - killed)
        assert await world.aftermath() == Findings()
        assert doubled(world, by_death(world)) == []
    with capsys.disabled():
        sys.stdout.write(f" taken over in {max(takeovers):.1f} s at most, lease {LEASE_MS} ms ")
    assert max(takeovers) < LONGEST_TAKEOVER_S


async def test_a_network_that_knows_our_key_never_delivers_twice(servers: Servers) -> None:
    """Killed at the worst moments, even while it repeats what the one before had sent."""
    async with chaos(servers, EXACT, settings={"CHAOS_IDEMPOTENT": "1"}) as world:
        world.customers.start(24)
        for _ in range(6):
            await asyncio.sleep(LEASE_MS / 1000 + 0.2)
            await world.workers.kill(world.workers.any())
            await world.workers.start()
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        assert world.network.attempts > len(world.network.sent)


async def test_what_is_sensitive_is_never_doubled_but_held_and_shown(servers: Servers) -> None:
    """An answer about payment whose bot died while sending it waits for a person's eyes."""
    async with chaos(servers, SLOW) as world:
        world.customers.questions = PAYMENT
        world.customers.start(24)
        for _ in range(2):
            await asyncio.sleep(1.5)
            await world.workers.kill(world.workers.any())
            await world.workers.start()
        await asyncio.sleep(2 * LEASE_MS / 1000)
        found = await world.aftermath(patience_s=1)
        held = {line.partition(":")[0] for line in found.undelivered if line.endswith("uncertain")}
        assert set(found.unsaid) <= held
        assert len(found.unanswered) == len(found.unsaid)
        assert len(found.leftovers) == len(held) == len(found.undelivered)
        found.unsaid = found.unanswered = found.undelivered = found.leftovers = []
        assert found == Findings()
        assert not list(world.network.doubles())


async def test_bursts_are_answered_whole_whoever_dies_meanwhile(servers: Servers) -> None:
    """Three messages at once are one turn, or two or three, and none is left out or repeated."""
    settings = {
        "APRENDIZ_TURNS__PATIENCE": "1",
        **dict.fromkeys(
            (f"APRENDIZ_TURNS__{wait}_MS" for wait in ("QUICK", "USUAL", "UNFINISHED")), "60"
        ),
        "APRENDIZ_EVENTS__IN_FLIGHT": "8",
    }
    async with chaos(servers, settings=settings) as world:
        world.customers.burst = 3
        world.customers.start(16)
        for _ in range(2):
            await asyncio.sleep(1.5)
            await world.workers.kill(world.workers.any())
            await world.workers.start()
            await world.customers.catch_up()
        assert await world.aftermath() == Findings()
        assert doubled(world, by_death(world)) == []


async def test_a_rolling_restart_doubles_nothing(servers: Servers) -> None:
    """SIGTERM: a bot finishes what it is sending, hands over and goes; nobody waits long.

    Nobody dies, so no lease has to run out: on a busy machine a short one would.
    """
    unhurried = {"APRENDIZ_EVENTS__LEASE_MS": "6000"}
    async with chaos(servers, SLOW, workers=3, settings=unhurried) as world:
        world.customers.start(24)
        for _ in range(4):
            await asyncio.sleep(0.5)
            await world.workers.start()
            await world.ready()
            old = world.workers.running.pop(0)
            begun = time.monotonic()
            assert await old.terminate() == 0
            assert time.monotonic() - begun < LONGEST_TAKEOVER_S
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())


async def test_a_bot_that_was_frozen_past_its_lease_changes_nothing_when_it_wakes(
    servers: Servers,
) -> None:
    """SIGSTOP, the others take over, SIGCONT: at most what it was sending goes out twice."""
    async with chaos(servers, SLOW, workers=3) as world:
        world.customers.start(24)
        frozen = world.workers.any()
        for _ in range(2):
            await asyncio.sleep(1)
            frozen.freeze()
            await asyncio.sleep(2 * LEASE_MS / 1000)
            await world.customers.catch_up()
            frozen.thaw()
        assert await world.aftermath() == Findings()
        assert doubled(world, lambda first, second: frozen.pid in {first.pid, second.pid}) == []
        assert frozen.alive


async def test_when_everything_dies_at_once_everything_comes_back(servers: Servers) -> None:
    """Bots, Redis, Postgres and the supervisor that would have started them again."""
    async with chaos(servers, SLOW) as world:
        world.customers.start(24)
        await asyncio.sleep(2)
        for pid in (servers.supervisor(), servers.redis(), servers.postgres()):
            kill(pid)
        for worker in list(world.workers.running):
            await world.workers.kill(worker)
        await world.workers.start(2)
        await world.customers.catch_up()
        await asyncio.sleep(1)
        assert await world.aftermath() == Findings()
        assert doubled(world, by_death(world)) == []
