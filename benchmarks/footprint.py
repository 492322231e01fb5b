"""What a message leaves behind: memory of Redis, bytes of its log, and the size of its entries."""

import asyncio
import time
from collections import Counter
from typing import Any

from redis.asyncio import Redis

from app.simulation import settled
from benchmarks.children import at_work, result_of
from benchmarks.conversations import TURNS, Customers
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import Place
from benchmarks.processor import resident_mb, servers, usage
from events.envelope import encode, fields
from services.wire import connect

SAMPLE = 200
CUSTOMERS = 25
TRIMMED_S = 1.8
IDLE_S = 2.0
SCORED_S = 0.5


async def footprint(ground: Ground, load: Load) -> dict[str, Any]:
    redis = connect(ground.redis_url, connections=2)
    try:
        load.told("memory and log of a message")
        left = await _left_behind(ground, redis, load)
        load.told("entries of a message")
        entries = await _entries(ground, redis)
        load.told("memory and log of a bare message")
        floor = await _bare(ground, redis, load)
    finally:
        await redis.aclose()
    return left | {"entries": entries, "payload_bytes": _payload(), "floor": floor}


async def _left_behind(ground: Ground, redis: Redis, load: Load) -> dict[str, Any]:
    place = ground.place("memory")
    async with at_work("worker", place, share=64) as worker:
        await _play(ground, place, SAMPLE)
        await _compacted(redis)
        main = await servers(ground.database_url, ground.redis_url)
        idle = await _idle(redis, main | {"worker": worker.pid})
        before, begun = await _size(redis), time.perf_counter()
        await _play(ground, place, load.messages)
        await _settled(place)
        seconds = time.perf_counter() - begun
        after = _difference(await _size(redis), before)
        log = after["log"] - idle["log_bytes_per_s"] * seconds
        return {
            "messages": load.messages,
            "redis_bytes_retained": round(after["memory"] / load.messages),
            "log_bytes": round(log / load.messages),
            "worker_rss_mb": resident_mb(worker.pid),
            "idle": idle,
        }


async def _idle(redis: Redis, processes: dict[str, int]) -> dict[str, Any]:
    """What it costs that a bot is there and nobody writes."""
    spent, before = usage(processes), await _size(redis)
    await asyncio.sleep(IDLE_S)
    grown = _difference(await _size(redis), before)
    spent = usage(processes).since(spent)
    return {
        "log_bytes_per_s": round(grown["log"] / IDLE_S),
        "cpu_ms_per_s": {name: round(s / IDLE_S * 1e3, 1) for name, s in spent.seconds.items()},
    }


async def _play(ground: Ground, place: Place, messages: int) -> dict[str, Any]:
    main = await servers(ground.database_url, ground.redis_url)
    return await result_of(
        "generator", place, mode="eager", floor=False, customers=CUSTOMERS,
        conversations=messages // TURNS, seconds=60, processes=main,
    )  # fmt: skip


async def _settled(place: Place) -> None:
    async with place.stream() as stream:
        await settled(stream)
    await asyncio.sleep(TRIMMED_S)


async def _entries(ground: Ground, redis: Redis) -> dict[str, Any]:
    """A group that never reads keeps every entry from being trimmed, so they can be counted."""
    place = ground.place("entries")
    keys = place.keys
    streams = [keys.stream(partition) for partition in range(keys.partitions)]
    async with at_work("worker", place, share=64):
        for stream in streams:
            await redis.xgroup_create(stream, "witness", "0", mkstream=True)
        await _play(ground, place, SAMPLE)
        await asyncio.sleep(SCORED_S)
        kinds, sizes = Counter[str](), Counter[str]()
        for stream in streams:
            found: Any = await redis.xrange(stream)
            for _, entry in found:
                kind = entry[b"kind"].decode()
                kinds[kind] += 1
                sizes[kind] += sum(map(len, entry)) + sum(map(len, entry.values()))
        used = sum([await redis.memory_usage(stream, samples=0) or 0 for stream in streams])
    return {
        "per_message": round(kinds.total() / SAMPLE, 2),
        "stream_bytes_each": round(used / max(kinds.total(), 1)),
        "field_bytes": {kind: round(sizes[kind] / many) for kind, many in kinds.most_common()},
    }


async def _bare(ground: Ground, redis: Redis, load: Load) -> dict[str, Any]:
    """The program of the throughput's floor, which forgets its streams when it ends."""
    main = await servers(ground.database_url, ground.redis_url)
    await _compacted(redis)
    before = await _size(redis)
    ran = await result_of("bare", ground.place("log"), messages=load.messages, processes=main)
    after = _difference(await _size(redis), before)
    return {"log_bytes": round(after["log"] / ran["messages"])}


async def _size(redis: Redis) -> dict[str, int]:
    memory, log = await redis.info("memory"), await redis.info("persistence")
    return {"memory": int(memory["used_memory"]), "log": int(log["aof_current_size"])}


def _difference(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after}


async def _compacted(redis: Redis) -> None:
    """So that no rewrite of the log begins while its growth is measured."""
    await redis.bgrewriteaof()
    while True:
        await asyncio.sleep(0.1)
        state = await redis.info("persistence")
        if not state["aof_rewrite_in_progress"] and not state["aof_rewrite_scheduled"]:
            return


def _payload() -> int:
    line = Customers().line(0, 1)
    flat = [part if isinstance(part, bytes) else part.encode() for part in encode(line.event)]
    return sum(len(name) + len(value) for name, value in fields(flat).items())
