"""A process that plays the customers, writes down when each was answered, and reports as JSON.

Paced: messages leave at a steady rate, whatever happens to the ones before.
Eager: each customer answers at once, so the pipeline always has work; ends when all is captured.
"""

import asyncio
import json
import math
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import uvloop

from benchmarks.conversations import TURNS, Customers, Line
from benchmarks.hops import FIRST, Entry
from benchmarks.place import Place
from benchmarks.processor import usage
from benchmarks.stamps import listening
from config.logging import configure
from events.envelope import encode
from events.stream import PartitionFull
from services.wire import connect
from store.session import BatchConnection, open_connection

PATIENCE_S = 60.0
"""A slow machine takes seconds for an answer, and a conversation has four."""
SILENCE_S = 3.0
SEEN_S = 172_800
Post: TypeAlias = Callable[[Line], Awaitable[None]]


@dataclass(slots=True)
class Clock:
    """When each message left and when its answer arrived, by the answer's id."""

    left: dict[bytes, int] = field(default_factory=dict)
    took_ms: dict[bytes, float] = field(default_factory=dict)
    waiting: dict[bytes, asyncio.Future[None]] = field(default_factory=dict)

    def heard(self, answer: bytes, moment: int) -> None:
        if answer in self.left:
            self.took_ms[answer] = (moment - self.left[answer]) / 1e6
        if (future := self.waiting.pop(answer, None)) is not None and not future.done():
            future.set_result(None)

    def answered(self, line: Line) -> asyncio.Future[None]:
        return self.waiting.setdefault(line.answer, asyncio.get_running_loop().create_future())

    async def leave(self, line: Line, post: Post) -> None:
        self.left[line.answer] = time.monotonic_ns()
        await post(line)


@asynccontextmanager
async def pipeline_post(place: Place) -> AsyncIterator[Post]:
    """As a channel does it: an event is durable when ingest returns."""
    async with place.stream() as stream:

        async def post(line: Line) -> None:
            while True:
                try:
                    await stream.ingest(line.event, remember_s=SEEN_S)
                except PartitionFull:
                    await asyncio.sleep(0.02)
                else:
                    return

        yield post


@asynccontextmanager
async def bare_post(place: Place) -> AsyncIterator[Post]:
    """The same payload by one XADD of redis-py."""
    redis = connect(place.redis_url)

    async def post(line: Line) -> None:
        flat = encode(line.event)
        entry: Entry = dict(zip(flat[::2], flat[1::2], strict=True))
        await redis.xadd(FIRST.format(place.prefix), entry)

    try:
        yield post
    finally:
        await redis.aclose()


async def paced(told: dict[str, Any], post: Post, clock: Clock) -> dict[str, Any]:
    rate, warm = told["rate"], int(told["rate"] * told["warm_s"])
    total = warm + int(rate * told["seconds"])
    lines = list(Customers().crowd(total, max(8, int(rate * told["pause_s"]))))
    if told["floor"]:
        lines = [Line(line.event, line.event.id.bytes) for line in lines]
    every = [clock.answered(line) for line in lines]
    before = usage(told["processes"])
    late: list[float] = []
    leaving = set()
    begun = time.perf_counter()
    for number, line in enumerate(lines):
        due = begun + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        if number == warm:
            before = usage(told["processes"])
        late.append((time.perf_counter() - due) * 1000)
        task = asyncio.create_task(clock.leave(line, post))
        leaving.add(task)
        task.add_done_callback(leaving.discard)
    await _quiet(every)
    spent = usage(told["processes"]).since(before)
    return _latencies([clock.took_ms.get(line.answer) for line in lines[warm:]]) | {
        "generator_late_p99_ms": percentile(late[warm:], 0.99),
        "cpu_us": spent.per(total - warm),
    }


async def _quiet(answers: Sequence[asyncio.Future[None]]) -> None:
    """Until all are there, or for a while none came: two messages may have got one answer."""
    waiting = set(answers)
    while waiting:
        came, waiting = await asyncio.wait(
            waiting, timeout=SILENCE_S, return_when=asyncio.FIRST_COMPLETED
        )
        if not came:
            return


def _latencies(took: Sequence[float | None]) -> dict[str, Any]:
    known = [ms for ms in took if ms is not None]
    return {
        "messages": len(took),
        "unanswered": len(took) - len(known),
        "p50_ms": percentile(known, 0.5),
        "p99_ms": percentile(known, 0.99),
    }


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 3)


async def eager(told: dict[str, Any], post: Post, clock: Clock) -> dict[str, Any]:
    """Counts until the last row is captured and the last answer scored."""
    customers = Customers()
    connection = await open_connection(told["place"]["database_url"])
    counted = Counted(connection)
    await counted.begin()
    before, begun = usage(told["processes"]), time.perf_counter()
    until, enough = begun + told["seconds"], told.get("conversations", math.inf)
    held = 0

    async def customer() -> None:
        nonlocal held
        while time.perf_counter() < until and held < enough:
            conversation, held = held, held + 1
            for turn in range(TURNS):
                line = customers.line(conversation, turn)
                answer = clock.answered(line)
                await clock.leave(line, post)
                await answer

    everybody = asyncio.gather(*(customer() for _ in range(told["customers"])))
    await asyncio.wait_for(everybody, told["seconds"] + PATIENCE_S)
    sent_s = time.perf_counter() - begun
    messages = held * TURNS
    await counted.until(rows=messages, scores=messages - held)
    seconds = time.perf_counter() - begun
    spent = usage(told["processes"]).since(before)
    await connection.close()
    return _latencies(list(clock.took_ms.values())) | {
        "seconds": round(seconds, 3),
        "sent_per_s": round(messages / sent_s, 1),
        "messages_per_s": round(messages / seconds, 1),
        "cpu_us": spent.per(messages),
        "cores_busy": round(sum(spent.seconds.values()) / seconds, 2),
    }


class Counted:
    """Rows and scores that were not there at the beginning."""

    def __init__(self, connection: BatchConnection) -> None:
        self._connection = connection
        self._before = 0, 0

    async def begin(self) -> None:
        self._before = await self._ask()

    async def until(self, rows: int, scores: int) -> None:
        async with asyncio.timeout(PATIENCE_S * 3):
            while True:
                here = await self._ask()
                if here[0] - self._before[0] >= rows and here[1] - self._before[1] >= scores:
                    return
                await asyncio.sleep(0.02)

    async def _ask(self) -> tuple[int, int]:
        rows = await self._connection.fetchval("SELECT count(*) FROM ml.training_data")
        return rows, await self._connection.fetchval("SELECT count(*) FROM ml.score")


async def play(told: dict[str, Any]) -> dict[str, Any]:
    place, clock = Place(**told["place"]), Clock()
    told["processes"] = told["processes"] | {"generator": os.getpid()}
    network = bare_post(place) if told["floor"] else pipeline_post(place)
    mode = eager if told["mode"] == "eager" else paced
    async with network as post, listening(place.answers, clock.heard):
        return await mode(told, post, clock)


if __name__ == "__main__":
    configure(str)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.write(json.dumps(runner.run(play(json.loads(sys.argv[1])))) + "\n")
