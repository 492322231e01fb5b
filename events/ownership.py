"""Which partitions are ours: a fair share of leases, renewed while we live, moved as we grow."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import structlog

from events.answers import Held
from events.partitions import Keys
from services.leases import Lease
from services.wire import Wire, script

log = structlog.get_logger()
BEAT = script("events", "beat")
SAFETY = 0.8
"""New work starts only within this part of a lease: fencing is for correctness, this saves work."""


@dataclass(slots=True)
class Owned:
    """A partition while we hold it; `until` is on our own monotonic clock."""

    held: Held
    until: float
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def leaving(self) -> bool:
        return self.gone.is_set()

    @property
    def fresh(self) -> bool:
        return not self.gone.is_set() and time.monotonic() < self.until

    async def pause(self, seconds: float) -> None:
        """Sleeps, but not past the end of our ownership."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.gone.wait(), seconds)


@dataclass(slots=True)
class Ownership:
    """`gained` and `lost` are told of every change; `lost` returns when nothing of ours runs."""

    wire: Wire
    keys: Keys
    lease_ms: int
    gained: Callable[[Owned], Awaitable[None]]
    lost: Callable[[Owned], Awaitable[None]]
    me: str = field(default_factory=lambda: uuid4().hex[:12])
    owned: dict[int, Owned] = field(default_factory=dict)
    closing: bool = False
    _leaving: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Beat, renew, give up what is too much, take what is free; for ever."""
        pause = self.lease_ms / 1000 / 6
        for beat in count():
            share = await self._share()
            if beat % 2 == 0:  # a renewal is written to the append-only file, for each partition
                await self._renew()
            if not self.closing:
                await self._settle(share)
            await asyncio.sleep(pause)

    async def _share(self) -> int:
        alive = int(await self.wire.call(BEAT, [self.keys.members], [self.me, self.lease_ms]))
        return -(-self.keys.partitions // max(alive, 1))

    async def _renew(self) -> None:
        begun = time.monotonic()
        owned = list(self.owned.values())
        kept = await asyncio.gather(
            *(self._lease(o.held.partition).renew(o.held.token) for o in owned)
        )
        for one, still in zip(owned, kept, strict=True):
            if still:
                one.until = begun + SAFETY * self.lease_ms / 1000
            elif not one.leaving and self.owned.get(one.held.partition) is one:
                log.warning("partition.lost", partition=one.held.partition)
                del self.owned[one.held.partition]
                one.gone.set()
                self._later(self.lost(one))  # what runs may run long; the others want renewing

    async def _settle(self, share: int) -> None:
        for one in list(self.owned.values())[share:]:
            if not one.leaving:
                one.gone.set()
                self._later(self._leave(one))
        free = [p for p in range(self.keys.partitions) if p not in self.owned]
        random.shuffle(free)
        while free and (missing := share - len(self.owned)) > 0:
            some, free = free[:missing], free[missing:]
            await asyncio.gather(*(self._take(partition) for partition in some))

    async def _take(self, partition: int) -> None:
        begun = time.monotonic()
        token = await self._lease(partition).acquire(self.me)
        if token is None:
            return
        if self.closing:
            await self._lease(partition).release(token)
            return
        until = begun + SAFETY * self.lease_ms / 1000
        one = Owned(Held(partition, token), until)
        self.owned[partition] = one
        await self.gained(one)

    async def _leave(self, one: Owned) -> None:
        """Renewed until the last handler has finished, then handed over at once."""
        one.gone.set()
        await self.lost(one)
        await self._lease(one.held.partition).release(one.held.token)
        if self.owned.get(one.held.partition) is one:
            del self.owned[one.held.partition]

    async def leave_all(self) -> None:
        """Takes nothing more, and hands over each partition when its handlers have finished."""
        self.closing = True
        await asyncio.gather(*(self._leave(one) for one in list(self.owned.values())))
        await self.wire.command("ZREM", self.keys.members, self.me)

    def _lease(self, partition: int) -> Lease:
        return Lease(self.wire, self.keys.lease(partition), self.lease_ms)

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
