"""The floor of latency: two stream hops by redis-py's blocking reads, and nothing else."""

import asyncio
import json
import os
import signal
import sys
from typing import Any, TypeAlias

import uvloop
from redis.asyncio import Redis
from redis.exceptions import RedisError

from benchmarks.place import Place
from benchmarks.stamps import Teller
from services.wire import connect

FIRST, SECOND = "{}:hop:1", "{}:hop:2"
GROUP, COUNT, BLOCK_MS = "floor", 100, 1000
Entry: TypeAlias = dict[Any, Any]
"""Bytes by bytes; the client's own type says so less plainly."""


async def relay(redis: Redis, source: str, target: str) -> None:
    while True:
        for entry, found in await news(redis, GROUP, source):
            pipe = redis.pipeline(transaction=False)
            pipe.xadd(target, found)
            pipe.xack(source, GROUP, entry)
            await pipe.execute()


async def arrive(redis: Redis, source: str, teller: Teller) -> None:
    while True:
        for entry, found in await news(redis, GROUP, source):
            teller.tell(bytes.fromhex(found[b"id"].decode().replace("-", "")))
            await redis.xack(source, GROUP, entry)


async def news(redis: Redis, group: str, stream: str) -> list[tuple[bytes, Entry]]:
    got: Any = await redis.xreadgroup(group, "c", {stream: ">"}, count=COUNT, block=BLOCK_MS)
    return list(got[0][1]) if got else []


async def serve(place: Place) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    redis = connect(place.redis_url)
    first, second = FIRST.format(place.prefix), SECOND.format(place.prefix)
    for stream in (first, second):
        await redis.xgroup_create(stream, GROUP, "0", mkstream=True)
    teller = Teller(place.answers)
    hops = [
        asyncio.create_task(relay(redis, first, second)),
        asyncio.create_task(arrive(redis, second, teller)),
    ]
    sys.stdout.write(json.dumps({"ready": os.getpid()}) + "\n")
    sys.stdout.flush()
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([*hops, stopped], return_when=asyncio.FIRST_COMPLETED)
    for hop in hops:
        hop.cancel()
    for result in await asyncio.gather(*hops, return_exceptions=True):
        if isinstance(result, RedisError):
            raise result
    await redis.delete(first, second)
    await redis.aclose()
    sys.stdout.write("{}\n")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Place(**json.loads(sys.argv[1])["place"])))
