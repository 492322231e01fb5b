"""Events that nobody can handle are put aside, and harm nobody."""

import asyncio
import json
from functools import partial

import pytest

from events.happened import named
from events.stream import Stream
from tests.chaos.checker import Findings
from tests.chaos.network import ACCOUNT, Network
from tests.chaos.plugin import MORTAL, POISON
from tests.chaos.world import Servers, World, chaos, until

pytestmark = pytest.mark.chaos
MAX_DELIVERIES = 3


async def scatter_rubbish(stream: Stream, chat: str) -> int:
    """Entries that no release ever wrote, in the middle of a conversation; how many can be parked.

    An entry of no kind, or of a kind nobody handles, is stepped over.
    """
    conversation = named(ACCOUNT, "conversation", chat)
    rubbish: list[list[str | bytes]] = [
        ["kind", "TurnReady", "conversation", str(conversation), "data", "{not json"],
        ["kind", "TurnReady", "id", "7", "conversation", b"\xff\xfe", "data", "{}"],
        ["kind", "ReplyDrafted", "v", "one", "conversation", str(conversation), "data", "[]"],
        ["kind", "FollowUpCaptured", "data", json.dumps({"text": "x" * 100_000})],
    ]
    ignored: list[list[str | bytes]] = [
        ["nobody", "knows"],
        ["kind", "SomethingElse", "data", "{}"],
        ["kind", b"\xff", "v", "1"],
    ]
    key = stream.keys.stream(stream.keys.partition(conversation))
    for fields in rubbish + ignored:
        await stream.wire.command("XADD", key, "*", *fields)
    return len(rubbish)


async def test_what_a_handler_cannot_read_is_parked_with_its_reason(servers: Servers) -> None:
    async with chaos(servers) as world:
        world.customers.start(12)
        case = world.customers.case
        poison = [await world.network.say(f"{case}.p{n}", 0, POISON) for n in range(6)]
        await asyncio.sleep(1)
        corrupt = await scatter_rubbish(world.stream, f"{case}.3")
        await asyncio.sleep(2)
        assert await world.aftermath(*(one.id for one in poison)) == Findings()
        letters = await world.letters()
        raised = [one for one in letters if "cannot read" in one.error]
        assert [(one.group, one.kind, one.attempts) for one in raised] == [
            ("reply", "TurnReady", MAX_DELIVERIES)
        ] * len(poison)
        assert len([one for one in letters if "corrupt" in one.error]) == corrupt
        assert len(letters) == len(poison) + corrupt


async def replace_the_dead(world: World) -> None:
    while True:
        await asyncio.sleep(0.1)
        await world.workers.replace_the_dead()


async def test_what_kills_its_process_is_parked_and_its_neighbours_are_served(
    servers: Servers,
) -> None:
    """Whoever handles it dies at once, and takes down what else is in hand."""
    exact = partial(Network, idempotent=True)
    async with chaos(servers, exact, settings={"CHAOS_IDEMPOTENT": "1"}) as world:
        world.customers.start(24)
        await asyncio.sleep(1)
        mortal = await world.network.say(f"{world.customers.case}.m", 0, MORTAL)
        manager = asyncio.create_task(replace_the_dead(world))
        await until(world.has_letters)
        manager.cancel()
        assert await world.aftermath(mortal.id) == Findings()
        letters = await world.letters()
        assert [(one.group, one.kind, one.attempts) for one in letters] == [
            ("reply", "TurnReady", MAX_DELIVERIES)
        ]
        assert len(world.workers.killed) == MAX_DELIVERIES + 1
        assert not list(world.network.doubles())
