"""Runs a `Lanes` stage: a queue per conversation, keyed by the token under which it was read."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeAlias

from events.answers import Held, LeaseLost, fenced
from events.effects import NOTHING, Effects, Outcome, Retry
from events.envelope import Corrupt, TooNew
from events.handling import DIED, NEWER_PAUSE_S, Failed, Readable, backoff, guarded, told
from events.happened import Happened
from events.ownership import Owned
from events.stages import Lanes, never
from events.stream import Delivery, Stream
from services.wire import WireClosed

Key: TypeAlias = tuple[Held, str]
"""Tokens of two partitions may look alike: the partition is part of the key."""


@dataclass(slots=True)
class _Lane:
    queue: deque[tuple[Delivery, Readable]] = field(default_factory=deque)
    running: asyncio.Task[Outcome | Failed] | None = None
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class LaneRunner:
    """`freed` is called after each delivery with its partition, and whether it brought news.

    What failed, or outlived its process, is handled `alone`: it takes no others of its kind along.
    """

    stage: Lanes
    stream: Stream
    max_deliveries: int
    freed: Callable[[int, bool], None]
    alone: asyncio.Lock
    load: int = 0
    broken: BaseException | None = None
    _lanes: dict[Key, _Lane] = field(default_factory=dict)

    def put(self, owned: Owned, delivery: Delivery, event: Readable) -> None:
        key = (owned.held, delivery.conversation)
        lane = self._lanes.setdefault(key, _Lane())
        if lane.running is not None and self._supersedes(lane.queue[0][1], event):
            lane.running.cancel()
        lane.queue.append((delivery, event))
        self.load += 1
        if lane.task is None:
            lane.task = asyncio.create_task(self._run(key, lane, owned))
            lane.task.add_done_callback(self._noticed)

    async def quiet(self, owned: Owned) -> None:
        """Returns when nothing read under this token is running; what waits stays pending."""
        running = [
            lane.task
            for (held, _), lane in self._lanes.items()
            if held == owned.held and lane.task is not None
        ]
        await asyncio.gather(*running)

    async def _run(self, key: Key, lane: _Lane, owned: Owned) -> None:
        try:
            while lane.queue and not owned.leaving:
                if not owned.fresh:
                    await owned.pause(0.02)
                    continue
                await self._deliver(lane, owned, *lane.queue[0])
                lane.queue.popleft()
                self.load -= 1
                self.freed(owned.held.partition, False)  # noqa: FBT003  room, no news
        except (LeaseLost, WireClosed):
            pass
        finally:
            self.load -= len(lane.queue)
            del self._lanes[key]
            self.freed(owned.held.partition, False)  # noqa: FBT003  no news

    async def _deliver(
        self, lane: _Lane, owned: Owned, delivery: Delivery, event: Readable
    ) -> None:
        """`attempts` is None while no delivery is on record: the very first one is not worth it."""
        attempts = await self._count(owned, delivery, 0) if delivery.redelivered else None
        while not owned.leaving:
            async with self.alone if attempts else nullcontext():
                if owned.leaving:
                    return
                if attempts is not None:
                    if attempts >= self.max_deliveries:
                        await self.stream.park(owned.held, delivery, DIED, attempts)
                        return
                    attempts = await self._count(owned, delivery)
                outcome = await self._attempt(lane, owned, event)
            match outcome:
                case Effects():
                    await self._finish(owned, delivery, outcome, counted=attempts is not None)
                    return
                case Retry(after=after):
                    if attempts is not None:
                        attempts = await self._count(owned, delivery, -1)
                    await owned.pause(after)
                case Failed(reason=reason):
                    attempts = attempts or await self._count(owned, delivery)
                    if attempts >= self.max_deliveries or isinstance(event, Corrupt):
                        await self.stream.park(owned.held, delivery, reason, attempts)
                        return
                    await owned.pause(backoff(attempts))

    async def _finish(
        self, owned: Owned, delivery: Delivery, effects: Effects, *, counted: bool
    ) -> None:
        done = self.stream.begin(owned.held, delivery, effects, counted=counted)
        if effects.events or effects.timers or effects.join is not None:
            self.freed(owned.held.partition, True)  # noqa: FBT003  what follows is read on this trip
        fenced(owned.held, await done)

    async def _attempt(self, lane: _Lane, owned: Owned, event: Readable) -> Outcome | Failed:
        if isinstance(event, Corrupt):
            return Failed(f"corrupt: {event}")
        if isinstance(event, TooNew):
            return Retry(NEWER_PAUSE_S, f"written by a newer release: {event}")
        if self.stage.supersedes is never:
            return await self._handle(owned, event)
        return await self._cancellable(lane, owned, event)

    async def _cancellable(self, lane: _Lane, owned: Owned, event: Happened) -> Outcome | Failed:
        if any(self._supersedes(event, later) for _, later in list(lane.queue)[1:]):
            return NOTHING
        lane.running = asyncio.ensure_future(self._handle(owned, event))
        try:
            return await lane.running
        except asyncio.CancelledError:
            if lane.running.cancelled():
                return NOTHING
            raise
        finally:
            lane.running = None

    async def _handle(self, owned: Owned, event: Happened) -> Outcome | Failed:
        with told(event):
            return await guarded(lambda: self.stage.handle(event, owned.held), self.stage.group)

    def _noticed(self, task: asyncio.Task[None]) -> None:
        """A bug of ours, not of a handler: the process ends rather than strand a lane."""
        if not task.cancelled() and task.exception() is not None:
            self.broken = task.exception()

    def _supersedes(self, running: Readable, arrived: Readable) -> bool:
        if isinstance(running, Corrupt | TooNew) or isinstance(arrived, Corrupt | TooNew):
            return False
        return self.stage.supersedes(running, arrived)

    async def _count(self, owned: Owned, delivery: Delivery, by: int = 1) -> int:
        return await self.stream.attempt(owned.held, delivery.group, delivery.entry, by)
