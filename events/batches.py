"""Runs a `Batches` stage: everything that has arrived is handled together, then acknowledged."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from events.answers import Held, LeaseLost, fenced
from events.effects import Delivered, Outcome, Retry
from events.envelope import Corrupt, TooNew
from events.handling import DIED, NEWER_PAUSE_S, Failed, Readable, backoff, guarded, told
from events.happened import Happened
from events.ownership import Owned
from events.partitions import position
from events.stages import Batches
from events.stream import Delivery, Stream
from services.wire import WireClosed

Lane: TypeAlias = tuple[Held, str]


@dataclass(slots=True)
class _Item:
    """`attempts` is None while no delivery of it is on record."""

    owned: Owned
    delivery: Delivery
    event: Happened | TooNew
    attempts: int | None = None
    lane: Lane = field(init=False)

    def __post_init__(self) -> None:
        self.lane = (self.owned.held, self.delivery.conversation)


@dataclass(slots=True)
class BatchRunner:
    """`freed` is called after each batch with its partitions, and whether events followed there.

    What has to wait keeps the rest of its conversation `_behind` it, in order.
    """

    stage: Batches
    stream: Stream
    max_deliveries: int
    freed: Callable[[int, bool], None]
    load: int = 0
    broken: BaseException | None = None
    _queue: list[_Item] = field(default_factory=list)
    _behind: dict[Lane, list[_Item]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _news_in: set[int] = field(default_factory=set)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _aside: set[asyncio.Task[None]] = field(default_factory=set)

    def put(self, owned: Owned, delivery: Delivery, event: Readable) -> None:
        self.load += 1
        if isinstance(event, Corrupt):
            self._set_aside(self._corrupt(owned, delivery, event))
            return
        item = _Item(owned, delivery, event)
        self._behind.get(item.lane, self._queue).append(item)
        self._news.set()

    async def run(self) -> None:
        """Batch after batch, for ever."""
        while True:
            await self._news.wait()
            if len(self._queue) < self.stage.size:
                await asyncio.sleep(self.stage.linger_s)
            self._news.clear()
            while self._queue:
                batch = self._queue[: self.stage.size]
                del self._queue[: self.stage.size]
                async with self._busy:
                    await self._batch([item for item in batch if not item.owned.leaving])
                self.load -= len(batch)
                for partition in {item.owned.held.partition for item in batch}:
                    self.freed(partition, partition in self._news_in)
                self._news_in.clear()

    async def quiet(self, owned: Owned) -> None:
        """Returns when the batch that holds entries of this partition is done."""
        kept = [item for item in self._queue if item.owned is not owned]
        self.load -= len(self._queue) - len(kept)
        self._queue = kept
        for lane in [lane for lane in self._behind if lane[0] == owned.held]:
            self.load -= len(self._behind.pop(lane))
        async with self._busy:
            pass

    async def _batch(self, items: list[_Item]) -> None:
        redelivered = [i for i in items if i.delivery.redelivered and i.attempts is None]
        await asyncio.gather(*(self._count(item, 0) for item in redelivered))
        together, apart = self._sorted(items)
        await asyncio.gather(*(self._count(i) for i in together if i.attempts is not None))
        if together:
            outcomes = await self._handled(together)
            if isinstance(outcomes, Failed):
                for item in together:
                    await self._alone(item)
            else:
                await self._finish(together, outcomes)
        for item in apart:
            await self._suspected(item)

    def _sorted(self, items: Sequence[_Item]) -> tuple[list[_Item], list[_Item]]:
        """What has failed or outlived its process goes apart, and what follows it goes after it."""
        together, apart, after = list[_Item](), list[_Item](), set[Lane]()
        for item in items:
            if isinstance(item.event, TooNew) or item.lane in self._behind:
                self._hold([item], NEWER_PAUSE_S)
            elif item.attempts or item.lane in after:
                after.add(item.lane)
                apart.append(item)
            else:
                together.append(item)
        return together, apart

    async def _handled(self, items: Sequence[_Item]) -> Sequence[Outcome] | Failed:
        deliveries = [
            Delivered(item.event, position(item.delivery.entry))
            for item in items
            if isinstance(item.event, Happened)
        ]
        with told(*(item.event for item in items)):
            return await guarded(lambda: self.stage.handler(deliveries), self.stage.group)

    async def _suspected(self, item: _Item) -> None:
        """Its attempt is on record before it is made: it may take the process with it."""
        if item.attempts is not None and item.lane not in self._behind:
            if item.attempts >= self.max_deliveries:
                await self._park(item, DIED)
                return
            await self._count(item)
        await self._alone(item)

    async def _alone(self, item: _Item) -> None:
        """The culprit of a failed batch is found by giving each event its own."""
        if item.owned.leaving:
            return
        if item.lane in self._behind:
            self._hold([item], 0)
            return
        outcomes = await self._handled([item])
        if not isinstance(outcomes, Failed):
            await self._finish([item], outcomes)
            return
        if item.attempts is None:
            await self._count(item)
        if (item.attempts or 0) >= self.max_deliveries:
            await self._park(item, outcomes.reason)
        else:
            self._hold([item], backoff(item.attempts or 0))

    async def _finish(self, items: Sequence[_Item], outcomes: Sequence[Outcome]) -> None:
        """All calls are begun before the first answer is awaited: one trip for the batch."""
        plain: dict[Held, list[str]] = {}
        begun: list[tuple[Held, asyncio.Future[Any]]] = []
        waiting, pause = list[_Item](), 0.0
        for item, outcome in zip(items, outcomes, strict=True):
            held, counted = item.owned.held, item.attempts is not None
            if isinstance(outcome, Retry):
                waiting.append(item)
                pause = max(pause, outcome.after)
            elif outcome.events or outcome.timers or counted:
                finished = self.stream.begin(held, item.delivery, outcome, counted=counted)
                begun.append((held, finished))
                self._news_in.add(held.partition)
            else:
                plain.setdefault(held, []).append(item.delivery.entry)
        for held, entries in plain.items():
            begun.append((held, self.stream.acknowledge(held, self.stage.group, entries)))
        self._hold(waiting, pause)
        await asyncio.gather(*(self._count(i, -1) for i in waiting if i.attempts is not None))
        for held, answer in begun:
            with suppress(LeaseLost, WireClosed):
                fenced(held, await answer)

    async def _park(self, item: _Item, reason: str) -> None:
        with suppress(LeaseLost, WireClosed):
            await self.stream.park(item.owned.held, item.delivery, reason, item.attempts or 0)

    def _hold(self, items: Sequence[_Item], seconds: float) -> None:
        """These wait, and whatever their conversations say meanwhile waits behind them."""
        new = {item.lane: item.owned for item in items if item.lane not in self._behind}
        self.load += len(items)
        for item in items:
            self._behind.setdefault(item.lane, []).append(item)
        for item in self._queue:
            if item.lane in new:
                self._behind[item.lane].append(item)
        self._queue = [item for item in self._queue if item.lane not in new]
        for owned in {id(owned): owned for owned in new.values()}.values():
            lanes = [lane for lane in new if lane[0] == owned.held]
            self._set_aside(self._again(owned, lanes, seconds))

    async def _again(self, owned: Owned, lanes: Sequence[Lane], seconds: float) -> None:
        await owned.pause(seconds)
        back = [item for lane in lanes for item in self._behind.pop(lane, ())]
        if owned.leaving:
            self.load -= len(back)
        else:
            self._queue[:0] = back
            self._news.set()

    async def _corrupt(self, owned: Owned, delivery: Delivery, why: Corrupt) -> None:
        with suppress(LeaseLost, WireClosed):
            await self.stream.park(owned.held, delivery, f"corrupt: {why}", 1)
        self.load -= 1

    async def _count(self, item: _Item, by: int = 1) -> None:
        with suppress(LeaseLost, WireClosed):
            item.attempts = await self.stream.attempt(
                item.owned.held, item.delivery.group, item.delivery.entry, by
            )

    def _set_aside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._noticed)

    def _noticed(self, task: asyncio.Task[None]) -> None:
        self._aside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broken = task.exception()
