"""Runs a `Batches` stage: everything that has arrived is handled together, then acknowledged."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from events.answers import Held, LeaseLost, fenced
from events.effects import Delivered, Outcome, Retry
from events.envelope import Corrupt, TooNew
from events.handling import NEWER_PAUSE_S, Failed, backoff, guarded, read
from events.ownership import Owned
from events.partitions import position
from events.stages import Batches
from events.stream import Delivery, Stream
from events.vocabulary import Happened
from services.wire import WireClosed


@dataclass(slots=True)
class _Item:
    owned: Owned
    delivery: Delivery
    event: Happened
    attempts: int = 0

    @property
    def delivered(self) -> Delivered:
        return Delivered(self.event, position(self.delivery.entry))


@dataclass(slots=True)
class BatchRunner:
    """`freed` is called after each batch with the partitions it came from."""

    stage: Batches
    stream: Stream
    max_deliveries: int
    freed: Callable[[int], None]
    load: int = 0
    broken: BaseException | None = None
    _queue: list[_Item] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _aside: set[asyncio.Task[None]] = field(default_factory=set)

    def put(self, owned: Owned, delivery: Delivery) -> None:
        event = read(delivery)
        self.load += 1
        if isinstance(event, Corrupt | TooNew):
            self._set_aside(self._unreadable(owned, delivery, event))
            return
        self._queue.append(_Item(owned, delivery, event))
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
                    self.freed(partition)

    async def quiet(self, owned: Owned) -> None:
        """Returns when the batch that holds entries of this partition is done."""
        self._queue, gone = (
            [item for item in self._queue if item.owned is not owned],
            [item for item in self._queue if item.owned is owned],
        )
        self.load -= len(gone)
        async with self._busy:
            pass

    async def _batch(self, items: list[_Item]) -> None:
        redelivered = [item for item in items if item.delivery.redelivered]
        await asyncio.gather(*(self._count(item) for item in redelivered))
        together = [item for item in items if item.attempts <= 1]
        outcomes = await guarded(
            lambda: self.stage.handler([item.delivered for item in together]), self.stage.group
        )
        if isinstance(outcomes, Failed):
            for item in together:
                await self._alone(item)
        else:
            await self._finish(together, outcomes)
        for item in items:
            if item.attempts > 1:
                await self._alone(item)

    async def _alone(self, item: _Item) -> None:
        """The culprit of a failed batch is found by giving each event its own."""
        outcomes = await guarded(lambda: self.stage.handler([item.delivered]), self.stage.group)
        if not isinstance(outcomes, Failed):
            await self._finish([item], outcomes)
            return
        if item.attempts == 0:
            await self._count(item)
        with suppress(LeaseLost, WireClosed):
            if item.attempts >= self.max_deliveries:
                await self.stream.park(
                    item.owned.held, item.delivery, outcomes.reason, item.attempts
                )
            else:
                self._set_aside(self._again(item, backoff(item.attempts)))

    async def _finish(self, items: Sequence[_Item], outcomes: Sequence[Outcome]) -> None:
        """All calls are begun before the first answer is awaited: one trip for the batch."""
        plain: dict[Held, list[str]] = {}
        begun: list[tuple[Held, asyncio.Future[Any]]] = []
        for item, outcome in zip(items, outcomes, strict=True):
            held = item.owned.held
            if isinstance(outcome, Retry):
                self._set_aside(self._again(item, outcome.after, counts=False))
            elif outcome.events or outcome.timers or item.attempts:
                counted = item.attempts > 0
                begun.append(
                    (held, self.stream.begin(held, item.delivery, outcome, counted=counted))
                )
            else:
                plain.setdefault(held, []).append(item.delivery.entry)
        for held, entries in plain.items():
            begun.append((held, self.stream.acknowledge(held, self.stage.group, entries)))
        for held, answer in begun:
            with suppress(LeaseLost, WireClosed):
                fenced(held, await answer)

    async def _again(self, item: _Item, after: float, *, counts: bool = True) -> None:
        self.load += 1
        await item.owned.pause(after)
        if item.owned.leaving:
            self.load -= 1
            return
        if counts:
            item.delivery = Delivery(
                item.delivery.group, item.delivery.entry, item.delivery.fields, redelivered=True
            )
        self._queue.append(item)
        self._news.set()

    async def _unreadable(self, owned: Owned, delivery: Delivery, why: Corrupt | TooNew) -> None:
        with suppress(LeaseLost, WireClosed):
            if isinstance(why, Corrupt):
                await self.stream.park(owned.held, delivery, f"corrupt: {why}", 1)
            else:
                await owned.pause(NEWER_PAUSE_S)
                if not owned.leaving:
                    self.put(owned, delivery)
        self.load -= 1

    async def _count(self, item: _Item) -> None:
        with suppress(LeaseLost, WireClosed):
            item.attempts = await self.stream.attempt(
                item.owned.held, item.delivery.group, item.delivery.entry
            )

    def _set_aside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._noticed)

    def _noticed(self, task: asyncio.Task[None]) -> None:
        self._aside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broken = task.exception()
