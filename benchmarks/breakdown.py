"""Where the time of one message goes: scripts, exchanges, entries, and our own functions.

Taken on a run of its own, because looking costs time: Redis notes every command in its slow log,
and the worker's stack is looked at every two milliseconds of its processor time.
"""

from collections import Counter, defaultdict
from importlib import resources
from typing import Any

from redis.asyncio import Redis

from benchmarks.children import at_work, result_of
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import Place
from benchmarks.processor import servers
from benchmarks.traffic import CUSTOMERS, PAUSE_S
from services.wire import connect, script

PACKAGES = ("events", "handlers", "bot", "services")
LOG_LENGTH = 1_000_000
FUNCTIONS = 25
COMMANDS = 12
STEADY = 200


async def breakdown(ground: Ground, load: Load) -> dict[str, Any]:
    processes = await servers(ground.database_url, ground.redis_url)
    told = {"floor": False, "warm_s": 0, "seconds": load.seconds / 2, "processes": processes}
    steady = {"mode": "paced", "rate": STEADY, "pause_s": PAUSE_S}
    eager = {"mode": "eager", "customers": CUSTOMERS}
    figures = {}
    for name, way in {f"at_{STEADY}": steady, "saturated": eager}.items():
        load.told(f"where the time goes, {name.replace('_', ' ')}")
        figures[name] = await _looked_at(ground.place("breakdown"), told | way)
    return figures


async def _looked_at(place: Place, told: dict[str, Any]) -> dict[str, Any]:
    redis = connect(place.redis_url, connections=2)
    try:
        async with at_work("worker", place, share=64, sampled=True) as worker:
            told["processes"] = told["processes"] | {"worker": worker.pid}
            await _watch(redis)
            before = await redis.info("stats")
            run = await result_of("generator", place, **told)
            after = await redis.info("stats")
            spent = await _told_by_redis(redis, run["messages"])
        samples = worker.result["samples"]
    finally:
        await redis.config_set("slowlog-log-slower-than", 10_000)
        await redis.aclose()
    return {
        "messages": run["messages"],
        "cpu_us": run["cpu_us"],
        "redis": spent | {"exchanges": _each(before, after, "total_reads_processed", run)},
        "worker_us": python_time(samples, run["cpu_us"]["worker"]),
    }


async def _watch(redis: Redis) -> None:
    await redis.config_set("slowlog-max-len", LOG_LENGTH)
    await redis.config_resetstat()
    await redis.slowlog_reset()
    await redis.config_set("slowlog-log-slower-than", 0)


async def _told_by_redis(redis: Redis, messages: int) -> dict[str, Any]:
    """Calls and microseconds (of the clock) per message; commands are those inside scripts too."""
    await redis.config_set("slowlog-log-slower-than", -1)
    commands = await redis.info("commandstats")
    names, took = scripts(), defaultdict[str, list[int]](list)
    for entry in await redis.slowlog_get(LOG_LENGTH):
        words = entry["command"].split(b" ", 2)
        if words[0] == b"EVALSHA":
            took[names.get(words[1].decode(), "?")].append(entry["duration"])
    by_cost = sorted(took.items(), key=lambda found: -sum(found[1]))
    told = {name.removeprefix("cmdstat_"): one for name, one in commands.items()}
    return {
        "scripts": {name: _per(len(us), sum(us), messages) for name, us in by_cost},
        "commands": {
            name: _per(one["calls"], one["usec"], messages)
            for name, one in sorted(told.items(), key=lambda found: -found[1]["usec"])[:COMMANDS]
        },
        "entries_added": _per(told["xadd"]["calls"], 0, messages)["calls"],
    }


def _per(calls: int, us: int, messages: int) -> dict[str, float]:
    return {"calls": round(calls / messages, 2), "us": round(us / messages, 1)}


def scripts() -> dict[str, str]:
    """Our scripts' names by their hash."""
    return {
        script(package, file.name.removesuffix(".lua")).sha: file.name
        for package in PACKAGES
        for file in resources.files(package).joinpath("lua").iterdir()
    }


def python_time(samples: dict[str, int], cpu_us: float) -> dict[str, Any]:
    """The worker's processor time per message, shared out by how often each place was seen."""
    total = sum(samples.values()) or 1
    folders: Counter[str] = Counter()
    for name, seen in samples.items():
        folders[name.partition(":")[0].partition("/")[0]] += seen
    return {
        "samples": total,
        "folders": {name: round(n / total * cpu_us, 1) for name, n in folders.most_common()},
        "functions": {
            name: round(n / total * cpu_us, 1)
            for name, n in Counter(samples).most_common(FUNCTIONS)
        },
    }


def _each(before: dict[str, Any], after: dict[str, Any], name: str, run: dict[str, Any]) -> float:
    """Socket reads of Redis: a pipeline of many calls is one."""
    return round(float(after[name] - before[name]) / int(run["messages"]), 2)
