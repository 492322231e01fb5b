"""How far behind the stages are: what the stream holds for each, and how long the oldest of it has
lain there."""

import asyncio
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from events.partitions import position
from events.stream import Stream


@dataclass(frozen=True, slots=True)
class Lag:
    """`pending` was delivered and not yet acknowledged; `behind` counts partitions that hold what
    was not delivered; `since_ms` is when the oldest of both was written, None for nothing."""

    pending: int = 0
    behind: int = 0
    since_ms: int | None = None

    def seconds(self, now_ms: int) -> float:
        return 0.0 if self.since_ms is None else max(0.0, (now_ms - self.since_ms) / 1000)


async def lags(stream: Stream) -> dict[str, Lag]:
    """Of every group, over all partitions; one trip for the partitions together."""
    partitions = range(stream.keys.partitions)
    found: dict[str, Lag] = {}
    for groups in await asyncio.gather(*(_of(stream, one) for one in partitions)):
        for name, lag in groups.items():
            found[name] = _added(found.get(name, Lag()), lag)
    return dict(sorted(found.items()))


async def _of(stream: Stream, partition: int) -> dict[str, Lag]:
    key = stream.keys.stream(partition)
    try:
        groups = await stream.wire.command("XINFO", "GROUPS", key)
        last = await stream.wire.command("XREVRANGE", key, "+", "-", "COUNT", 1)
    except ResponseError:
        return {}
    top = last[0][0] if last else b"0-0"
    found: dict[str, Lag] = {}
    for flat in groups:
        group = dict(zip(flat[::2], flat[1::2], strict=True))
        found[group[b"name"].decode()] = await _oldest(stream, key, group, top)
    return found


async def _oldest(stream: Stream, key: str, group: dict[bytes, Any], top: bytes) -> Lag:
    name, read = group[b"name"].decode(), group[b"last-delivered-id"]
    moments: list[int] = []
    pending = int(group[b"pending"])
    if pending:
        _, first, *_ = await stream.wire.command("XPENDING", key, name)
        moments.append(_ms(first))
    behind = position(read) < position(top)
    if behind:
        after = await stream.wire.command("XRANGE", key, b"(" + read, "+", "COUNT", 1)
        moments += [_ms(entry) for entry, _ in after]
    return Lag(pending, int(behind), min(moments, default=None))


def _ms(entry: bytes) -> int:
    return int(entry.partition(b"-")[0])


def _added(one: Lag, other: Lag) -> Lag:
    moments = [lag.since_ms for lag in (one, other) if lag.since_ms is not None]
    return Lag(one.pending + other.pending, one.behind + other.behind, min(moments, default=None))
