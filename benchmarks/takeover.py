"""How long customers wait when one of two workers is killed without a word."""

import asyncio
import itertools
import time
from contextlib import AsyncExitStack
from typing import Any

from benchmarks.children import Child, at_work
from benchmarks.conversations import Customers, Line
from benchmarks.generator import Clock, Post, pipeline_post
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import Place
from benchmarks.stamps import listening

RATE = 20
PATIENCE_S = 30.0


async def takeover(ground: Ground, load: Load) -> dict[str, Any]:
    """The longest of several: from the kill until a customer of every partition is answered."""
    place, clock = ground.place("takeover"), Clock()
    lease_ms = place.settings().events.lease_ms
    partitions = place.settings().events.partitions
    fair = partitions // 2
    took = []
    async with (
        AsyncExitStack() as stack,
        listening(place.answers, clock.heard),
        pipeline_post(place) as post,
    ):
        workers = [await _joined(stack, place, partitions), await _joined(stack, place, fair)]
        for number in range(load.kills):
            load.told(f"kill -9, {number + 1} of {load.kills}")
            took.append(await _killed(workers.pop(0), place, post, clock))
            if number + 1 < load.kills:
                workers.append(await _joined(stack, place, fair))
    return {"seconds": max(took), "kills": took, "floor": {"lease_s": lease_ms / 1000}}


async def _joined(stack: AsyncExitStack, place: Place, share: int) -> Child:
    return await stack.enter_async_context(at_work("worker", place, share=share))


async def _killed(victim: Child, place: Place, post: Post, clock: Clock) -> float:
    enough = asyncio.Event()
    talking = asyncio.create_task(_light_load(post, clock, enough))
    await asyncio.sleep(1)
    everywhere = _one_in_every_partition(place)
    answers = [clock.answered(line) for line in everywhere]
    begun = time.perf_counter()
    victim.kill()
    await asyncio.gather(*(clock.leave(line, post) for line in everywhere))
    await asyncio.wait_for(asyncio.gather(*answers), PATIENCE_S)
    seconds = round(time.perf_counter() - begun, 3)
    enough.set()
    await talking
    await victim.process.wait()
    return seconds


async def _light_load(post: Post, clock: Clock, enough: asyncio.Event) -> None:
    customers, conversations = Customers(), itertools.count()
    while not enough.is_set():
        await clock.leave(customers.line(next(conversations), 0), post)
        await asyncio.sleep(1 / RATE)


def _one_in_every_partition(place: Place) -> list[Line]:
    keys = place.keys
    customers, found = Customers(), dict[int, Line]()
    for conversation in itertools.count():
        line = customers.line(conversation, 0)
        found.setdefault(keys.partition(line.event.conversation), line)
        if len(found) == keys.partitions:
            break
    return list(found.values())
