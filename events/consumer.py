"""The consumer: owns partitions, reads them for every stage, wakes on news, trims, drains."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from redis.exceptions import ResponseError

from events.answers import Entry, Held, LeaseLost, Read, told
from events.batches import BatchRunner
from events.groups import Groups
from events.handling import Arrived, arrived
from events.lanes import LaneRunner
from events.ownership import Owned, Ownership
from events.stages import Lanes, Stage
from events.stream import Delivery, Stream
from events.waking import Waker
from services.wire import Wire, WireClosed, WireOutage, connect

PAGE, TRIM_S = 100, 1.0
Reading: TypeAlias = tuple[Owned, asyncio.Future[Any]]
CROWD, CROWDED_S = 64, 0.002  # with so much at hand, news wait this long and are read together


@dataclass(frozen=True, slots=True)
class Limits:
    lease_ms: int = 3000
    max_deliveries: int = 5
    in_flight: int = 1000


class Consumer:
    """One per process. `stages` is the whole flow; each is one consumer group."""

    def __init__(
        self, stream: Stream, redis_url: str, stages: Sequence[Stage], limits: Limits
    ) -> None:
        self.stream, self.limits = stream, limits
        self.ownership = Ownership(
            stream.wire, stream.keys, limits.lease_ms, self._gained, self._lost
        )
        alone = asyncio.Lock()
        self.runners: dict[str, LaneRunner | BatchRunner] = {
            stage.group: LaneRunner(stage, stream, limits.max_deliveries, self._freed, alone)
            if isinstance(stage, Lanes)
            else BatchRunner(stage, stream, limits.max_deliveries, self._freed)
            for stage in stages
        }
        self._kinds = {stage.group: stage.kinds for stage in stages}
        self._groups = Groups(stream, list(self._kinds))
        self._waker = Waker(Wire(connect(redis_url, connections=2)), stream.keys)
        self._ready: dict[Held, dict[str, str]] = {}
        self._reached: dict[Held, dict[str, bytes]] = {}
        self._dirty, self._starved = set[int](), set[int]()
        self._alarms: dict[int, asyncio.TimerHandle] = {}
        self._news, self._round = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._recoveries: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Registers the groups and begins; returns at once."""
        await self._groups.register()
        loops = [self.ownership.run(), self._read_loop(), self._wake_loop(), self._trim_loop()]
        loops += [r.run() for r in self.runners.values() if isinstance(r, BatchRunner)]
        self._tasks = [asyncio.create_task(work) for work in loops]

    async def stop(self, drain_s: float) -> None:
        """What runs finishes, sends in flight included; what waits stays for the next owner."""
        self.ownership.closing = True
        await _cancelled(self._tasks[1:4])
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ownership.leave_all(), drain_s)
        await _cancelled(self._tasks)
        await self._waker.wire.close()

    def failed(self) -> BaseException | None:
        """Why the consumer cannot go on, if one of its loops ended."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                return task.exception() or RuntimeError("a consumer loop ended")
        return next((r.broken for r in self.runners.values() if r.broken is not None), None)

    async def _gained(self, owned: Owned) -> None:
        self._ready[owned.held], self._reached[owned.held] = {}, {}
        for group in self._kinds:
            self._recovering(owned, group, "0", redelivered=True)

    def _recovering(self, owned: Owned, group: str, after: str, *, redelivered: bool) -> None:
        task = asyncio.create_task(self._recover(owned, group, after, redelivered=redelivered))
        self._recoveries.add(task)
        task.add_done_callback(self._recovered)

    def _recovered(self, task: asyncio.Task[None]) -> None:
        self._recoveries.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._tasks.append(task)  # what it left would be handled by nobody

    async def _recover(self, owned: Owned, group: str, after: str, *, redelivered: bool) -> None:
        """What a predecessor left, or a lost answer held, in order, before anything new."""
        with suppress(LeaseLost, WireClosed):
            while page := await self._groups.pending(owned.held, group, after, PAGE):
                self._deliver(owned, {group: page}, redelivered=redelivered)
                after = page[-1][0].decode()
                while self.runners[group].load > self.limits.in_flight and not owned.leaving:
                    await owned.pause(0.05)
            if owned.held in self._ready:
                self._ready[owned.held][group] = after
                self._nudge(owned.held.partition)

    async def _lost(self, owned: Owned) -> None:
        self._ready.pop(owned.held, None)
        self._reached.pop(owned.held, None)
        await asyncio.gather(*(runner.quiet(owned) for runner in self.runners.values()))

    def _nudge(self, partition: int) -> None:
        """There may be news in this partition, or room for what it still holds."""
        self._dirty.add(partition)
        self._news.set()

    def _freed(self, partition: int, news: bool) -> None:  # noqa: FBT001  a callback of the runners
        if news:
            self._nudge(partition)
        elif self._starved:
            self._news.set()

    async def _read_loop(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            dirty, self._dirty = self._dirty | self._starved, set()
            self._starved = set()
            asked = [self._ask(self.ownership.owned[p]) for p in dirty if p in self.ownership.owned]
            for reading in filter(None, asked):
                await self._answered(*reading)
            self._round.set()

    def _ask(self, owned: Owned) -> Reading | None:
        """Begins a read for every group that has recovered; None where nothing may be read now."""
        partition = owned.held.partition
        ready = self._ready.get(owned.held, ())
        reached = self._reached.get(owned.held, {})
        wanted = [
            (group, kinds, self._room(group), reached.get(group, b""))
            for group, kinds in self._kinds.items()
            if group in ready
        ]
        if not owned.fresh and not owned.leaving:
            self._alarm(partition, 0.05)
        if not owned.fresh or not wanted:
            return None
        if any(room == 0 for _, _, room, _ in wanted):
            self._starved.add(partition)
        return owned, self.stream.ask(owned.held, wanted)

    async def _answered(self, owned: Owned, answer: asyncio.Future[Any]) -> None:
        try:
            got = told(owned.held, await answer)
        except (LeaseLost, WireClosed):
            return
        except WireOutage:
            self._read_again(owned)
            return
        except ResponseError as error:
            await self._groups.restored(error)
            self._read_again(owned)
            return
        self._take(owned, got)
        if got.more:
            self._nudge(owned.held.partition)

    def _read_again(self, owned: Owned) -> None:
        """The answer to a read may be lost, and its entries delivered to nobody."""
        for group, after in self._ready.get(owned.held, {}).items():
            self._recovering(owned, group, after, redelivered=False)
        if owned.held in self._ready:
            self._ready[owned.held], self._reached[owned.held] = {}, {}

    def _take(self, owned: Owned, got: Read) -> None:
        partition = owned.held.partition
        self._deliver(owned, got.entries, redelivered=False)
        if owned.held in self._ready:
            latest = {g: entries[-1][0].decode() for g, entries in got.entries.items() if entries}
            self._ready[owned.held].update(latest)
        if owned.held in self._reached:
            self._reached[owned.held].update(got.reached)
        self._waker.saw(partition, got.reached.values())
        if got.due_ms is not None:
            self._alarm(partition, got.due_ms / 1000)

    def _alarm(self, partition: int, seconds: float) -> None:
        if partition in self._alarms:
            self._alarms[partition].cancel()
        loop = asyncio.get_running_loop()
        self._alarms[partition] = loop.call_later(seconds, self._nudge, partition)

    def _room(self, group: str) -> int:
        return max(0, min(PAGE, self.limits.in_flight - self.runners[group].load))

    def _deliver(
        self, owned: Owned, got: Mapping[str, Sequence[Entry]], *, redelivered: bool
    ) -> None:
        """An entry is decoded once, whoever gets it."""
        known: dict[bytes, Arrived] = {}
        for group, entries in got.items():
            put = self.runners[group].put
            for entry, flat in entries:
                one = known.get(entry) or known.setdefault(entry, arrived(entry, flat))
                put(owned, Delivery(group, one.entry, one.fields, redelivered), one.event)

    async def _wake_loop(self) -> None:
        """Goes on when what is new has been read, so that one entry wakes us once."""
        while True:
            partitions = list(self.ownership.owned)
            if not partitions:
                await asyncio.sleep(0.02)
                continue
            await self._woken(await self._waker.news(partitions))

    async def _woken(self, partitions: Sequence[int]) -> None:
        self._round.clear()
        for partition in partitions:
            self._nudge(partition)
        if partitions:
            await self._round.wait()
        if sum(runner.load for runner in self.runners.values()) > CROWD:
            await asyncio.sleep(CROWDED_S)

    async def _trim_loop(self) -> None:
        trimmed: dict[int, bytes] = {}
        while True:
            await asyncio.sleep(TRIM_S)
            for partition, owned in list(self.ownership.owned.items()):
                top = self._waker.top(partition)
                if trimmed.get(partition) == top:
                    continue
                if not any(runner.load for runner in self.runners.values()):
                    trimmed[partition] = top
                with suppress(LeaseLost, WireClosed):
                    await self.stream.trim(owned.held)


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
