"""The floor of throughput: the same entries and rows with nothing of ours around them.

One process: pipelined XADD into a stream, four group deliveries over two streams, acknowledged in
batches, and unnest inserts of training-sized rows into a bare table.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias
from uuid import uuid4

import uvloop
from redis.asyncio import Redis

from benchmarks.conversations import Customers
from benchmarks.hops import COUNT, Entry, news
from benchmarks.place import Place
from benchmarks.processor import usage
from events.envelope import encode
from services.wire import connect
from store.session import BatchConnection, open_connection

BATCH = COUNT
TABLE = """
DROP TABLE IF EXISTS public.bare;
CREATE TABLE public.bare (id uuid PRIMARY KEY, conversation uuid, said text, answered text,
                          context jsonb, at timestamptz DEFAULT now());
CREATE INDEX ON public.bare (conversation, at);
"""
INSERT = """
INSERT INTO public.bare (id, conversation, said, answered, context)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[])
ON CONFLICT DO NOTHING
"""
QUESTION, ANSWER, CONTEXT = "¿cuánto cuesta?" * 4, "La mochila cuesta $24.990. " * 6, '{"a": "b"}'
Take: TypeAlias = Callable[[Sequence[bytes]], Awaitable[None]]


async def insert_bare(connection: BatchConnection, count: int) -> None:
    """As many rows in one statement, prepared beforehand but for their ids."""
    ids = [uuid4() for _ in range(count)]
    texts = [QUESTION] * count, [ANSWER] * count, [CONTEXT] * count
    await connection.execute(INSERT, ids, ids, *texts)


class Bare:
    def __init__(self, redis: Redis, connection: BatchConnection, prefix: str, count: int) -> None:
        self._redis = redis
        self._connection = connection
        self._count = count
        self._into, self._out = f"{prefix}:bare:in", f"{prefix}:bare:out"
        self._groups = {
            "reply": (self._into, self._answer),
            "capture": (self._into, self._insert),
            "send": (self._out, self._nothing),
            "score": (self._out, self._nothing),
        }
        flat = encode(Customers().line(0, 1).event)
        self._entry: Entry = dict(zip(flat[::2], flat[1::2], strict=True))

    async def run(self) -> float:
        for group, (stream, _) in self._groups.items():
            await self._redis.xgroup_create(stream, group, "0", mkstream=True)
        begun = time.perf_counter()
        deliveries = (self._deliver(group, *work) for group, work in self._groups.items())
        await asyncio.gather(self._publish(), *deliveries)
        seconds = time.perf_counter() - begun
        await self._redis.delete(self._into, self._out)
        return seconds

    async def _publish(self) -> None:
        for _ in range(self._count // BATCH):
            await self._append(self._into, BATCH)

    async def _append(self, stream: str, count: int) -> None:
        pipe = self._redis.pipeline(transaction=False)
        for _ in range(count):
            pipe.xadd(stream, self._entry)
        await pipe.execute()

    async def _deliver(self, group: str, stream: str, take: Take) -> None:
        handled = 0
        while handled < self._count:
            entries = [entry for entry, _ in await news(self._redis, group, stream)]
            if entries:
                await take(entries)
                await self._redis.xack(stream, group, *entries)
                handled += len(entries)

    async def _answer(self, entries: Sequence[bytes]) -> None:
        await self._append(self._out, len(entries))

    async def _insert(self, entries: Sequence[bytes]) -> None:
        await insert_bare(self._connection, len(entries))

    async def _nothing(self, entries: Sequence[bytes]) -> None: ...


async def play(told: dict[str, Any]) -> dict[str, Any]:
    place, count = Place(**told["place"]), told["messages"] // BATCH * BATCH
    processes = told["processes"] | {"program": os.getpid()}
    redis, connection = connect(place.redis_url), await open_connection(place.database_url)
    await connection.execute(TABLE)
    before = usage(processes)
    seconds = await Bare(redis, connection, place.prefix, count).run()
    spent = usage(processes).since(before)
    await connection.close()
    await redis.aclose()
    rate = round(count / seconds, 1)
    return {"messages": count, "messages_per_s": rate, "cpu_us": spent.per(count)}


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.write(json.dumps(runner.run(play(json.loads(sys.argv[1])))) + "\n")
