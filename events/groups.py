"""Which groups read the stream. A registered group's events are kept until it acknowledged them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from redis.exceptions import ResponseError

from events.answers import Entry, Held
from events.stream import Stream

log = structlog.get_logger()


async def register(stream: Stream, groups: Sequence[str]) -> None:
    """Each group sees every event from its registration on; none is trimmed before it did."""
    known = {g.decode() for g in await stream.wire.command("SMEMBERS", stream.keys.groups)}
    for stranger in sorted(known - set(groups)):
        log.error("group.unconfigured", group=stranger, hint=f"main.py groups drop {stranger}")
    await asyncio.gather(
        *(
            _create(stream, partition, group, "0" if group in known or not known else "$")
            for partition in range(stream.keys.partitions)
            for group in groups
        )
    )
    if groups:
        await stream.wire.command("SADD", stream.keys.groups, *groups)


async def _create(stream: Stream, partition: int, group: str, since: str) -> None:
    try:
        await stream.wire.command(
            "XGROUP", "CREATE", stream.keys.stream(partition), group, since, "MKSTREAM"
        )
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


@dataclass(slots=True)
class Groups:
    """Those of this process; where many find them gone at once, they are registered once."""

    stream: Stream
    names: Sequence[str]
    _again: asyncio.Task[None] | None = None

    async def register(self) -> None:
        await register(self.stream, self.names)

    async def pending(self, held: Held, group: str, after: str, count: int) -> Sequence[Entry]:
        """What was left unacknowledged; nothing, where Redis came back without what it held."""
        try:
            return await self.stream.pending(held, group, after, count)
        except ResponseError as error:
            await self.restored(error)
            return ()

    async def restored(self, error: ResponseError) -> None:
        """After Redis came back without them. Raises whatever else is wrong."""
        if "NOGROUP" not in str(error) and "no such key" not in str(error):
            raise error
        if self._again is None or self._again.done():
            log.warning("groups.gone", reason=str(error))
            self._again = asyncio.create_task(self.register())
        await asyncio.shield(self._again)


@dataclass(frozen=True, slots=True)
class GroupState:
    """`pending` was delivered and not yet acknowledged; `behind` counts partitions with a lag."""

    name: str
    pending: int
    behind: int


async def states(stream: Stream) -> list[GroupState]:
    found: dict[str, list[int]] = {}
    for partition in range(stream.keys.partitions):
        key = stream.keys.stream(partition)
        try:
            groups = await stream.wire.command("XINFO", "GROUPS", key)
            last = (await stream.wire.command("XREVRANGE", key, "+", "-", "COUNT", 1)) or [[b""]]
        except ResponseError:
            continue
        for flat in groups:
            group = dict(zip(flat[::2], flat[1::2], strict=True))
            one = found.setdefault(group[b"name"].decode(), [0, 0])
            one[0] += int(group[b"pending"])
            one[1] += int(last[0][0] not in (b"", group[b"last-delivered-id"]))
    return [GroupState(name, *counts) for name, counts in sorted(found.items())]


async def drop(stream: Stream, group: str) -> bool:
    """Forgets a group: what it has not handled is handled by nobody, and may be trimmed."""
    removed = await asyncio.gather(
        *(
            stream.wire.command("XGROUP", "DESTROY", stream.keys.stream(partition), group)
            for partition in range(stream.keys.partitions)
        ),
        return_exceptions=True,
    )
    known = await stream.wire.command("SREM", stream.keys.groups, group)
    return bool(known) or any(isinstance(n, int) and n > 0 for n in removed)
