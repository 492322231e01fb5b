"""How often somebody may do something, counted in Redis so that every process agrees."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from bot.channels.base import NotStored
from events.stream import PartitionFull
from services.wire import Wire, WireClosed, script

LIMIT = script("web", "limit")
PATIENCE_S = 3.0
Answer = TypeVar("Answer")


class Unavailable(Exception):
    """What a page needs does not answer now; the same request may succeed later."""


async def soon(work: Awaitable[Answer], seconds: float = PATIENCE_S) -> Answer:
    """A page may not wait out an outage as the pipeline does: somebody is looking at it."""
    try:
        return await asyncio.wait_for(work, seconds)
    except (TimeoutError, NotStored, PartitionFull, WireClosed) as error:
        raise Unavailable from error


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `window_s`, for each `who`."""

    wire: Wire
    key: str
    times: int
    window_s: int

    async def wait_ms(self, who: str) -> int:
        """Counts one attempt; 0 when it is allowed."""
        counter = [f"{self.key}:{{{who}}}"]
        return int(await self.wire.call(LIMIT, counter, [self.times, self.window_s * 1000]))

    async def full_ms(self, who: str) -> int:
        """Counts nothing: how long the next attempt would have to wait, 0 while one is left."""
        key = f"{self.key}:{{{who}}}"
        used = await self.wire.command("GET", key)
        if used is None or int(used) < self.times:
            return 0
        return max(int(await self.wire.command("PTTL", key)), 1)

    async def forget(self, who: str) -> None:
        await self.wire.command("DEL", f"{self.key}:{{{who}}}")
