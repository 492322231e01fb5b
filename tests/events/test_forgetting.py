"""A conversation that is forgotten leaves nothing, whatever is under way while it is looked for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest

from events.answers import Held
from events.effects import Effects, Timer
from events.envelope import fields
from events.forgetting import Forgetting
from events.groups import register
from events.partitions import Keys
from events.stream import Delivery, Stream
from services.leases import Lease
from services.wire import Argument, Script, Wire, connect
from tests.events.consuming import said
from tests.jobs.canary import CANARY, in_redis

GROUP = "reply"
MESSAGE = said("ana", 1, CANARY)
NEXT = said("ana", 2, CANARY)
HOUR_MS = 3_600_000


class Between(Wire):
    """Right after the first command that names `key`, something else happens."""

    key: str = ""
    then: Callable[[], Awaitable[object]] | None = None

    def after(self, key: str, then: Callable[[], Awaitable[object]]) -> None:
        self.key, self.then = key, then

    def call(
        self, run: Script, keys: Sequence[str], args: Sequence[Argument] = (), *, once: bool = False
    ) -> asyncio.Future[Any]:
        return self._watched(super().call(run, keys, args, once=once), keys)

    def command(self, *parts: Argument) -> asyncio.Future[Any]:
        return self._watched(super().command(*parts), parts)

    def _watched(
        self, answer: asyncio.Future[Any], named: Sequence[Argument]
    ) -> asyncio.Future[Any]:
        if self.then is None or self.key not in named:
            return answer
        then, self.then = self.then, None
        return asyncio.ensure_future(self._followed(answer, then))

    async def _followed(
        self, answer: asyncio.Future[Any], then: Callable[[], Awaitable[object]]
    ) -> object:
        found = await answer
        await then()
        return found


@pytest.fixture
async def between(redis_url: str) -> AsyncIterator[Between]:
    wire = Between(connect(redis_url))
    yield wire
    await wire.close()


@pytest.fixture
async def held(stream: Stream) -> Held:
    """The partition of the conversation, for as long as the test takes."""
    await register(stream, [GROUP])
    partition = stream.keys.partition(MESSAGE.conversation)
    token = await Lease(stream.wire, stream.keys.lease(partition), HOUR_MS).acquire("me")
    assert token is not None
    return Held(partition, token)


async def begun(stream: Stream, held: Held) -> Delivery:
    """A handler works at the message."""
    await stream.ingest(MESSAGE, remember_s=60)
    return await read(stream, held)


async def read(stream: Stream, held: Held) -> Delivery:
    entry, flat = (await stream.read(held, [(GROUP, "*", 1, b"")])).entries[GROUP][0]
    assert flat is not None
    return Delivery(GROUP, entry.decode(), fields(flat))


async def left(wire: Wire, keys: Keys) -> list[str]:
    """What lies in Redis of the conversation once it is forgotten."""
    forgetting = Forgetting(Stream(wire, keys))
    while (await forgetting.forget(MESSAGE.conversation, ()))[1]:
        pass
    return await in_redis(wire, keys.prefix, CANARY)


async def test_a_timer_that_is_set_once_timers_were_looked_at_is_found(
    stream: Stream, held: Held, between: Between
) -> None:
    delivery = await begun(stream, held)
    effects = Effects(timers=[Timer("due", HOUR_MS, NEXT)])

    between.after(
        stream.keys.timer_events(held.partition), lambda: stream.finish(held, delivery, effects)
    )

    assert await left(between, stream.keys) == []


async def test_a_dead_letter_that_is_laid_once_they_were_looked_at_is_found(
    stream: Stream, held: Held, between: Between
) -> None:
    delivery = await begun(stream, held)

    between.after(
        stream.keys.dead(held.partition, GROUP), lambda: stream.park(held, delivery, "roto", 1)
    )

    assert await left(between, stream.keys) == []


async def test_a_timer_that_comes_due_meanwhile_is_waited_for_as_an_event(
    stream: Stream, held: Held, between: Between
) -> None:
    timers = [Timer("due", 0, NEXT)]
    await stream.finish(held, await begun(stream, held), Effects(timers=timers))
    travelling = list[Delivery]()

    async def due() -> None:
        travelling.append(await read(stream, held))

    forgetting = Forgetting(Stream(between, stream.keys))
    between.after(stream.keys.stream(held.partition), due)
    assert (await forgetting.forget(MESSAGE.conversation, ()))[1], "somebody works at it"

    await stream.finish(held, travelling[0], Effects())
    assert await left(between, stream.keys) == []
