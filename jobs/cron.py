"""Looks regularly which periods are due and offers them. Any number of processes may do so."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from config.settings import JobSettings
from jobs.cadences import Cadence
from jobs.queue import QueueUnavailable
from jobs.rollups import stand
from jobs.schedule import Run, Terms, ensure, next_due, withdraw
from services.clock import Clock, now
from store.base import StoreUnavailable
from store.session import Store

log = structlog.get_logger()
OUTAGE_S: Final = 5.0
LEAST_S: Final = 0.2


class Carrier(Protocol):
    """Raises QueueUnavailable when it takes no more."""

    def offer(self, runs: list[Run], terms: Terms) -> None: ...


@dataclass(frozen=True, slots=True)
class Cron:
    store: Store
    queue: Carrier
    settings: JobSettings
    terms: Terms = field(default_factory=Terms)
    clock: Clock = now
    automatic: bool = False
    """Whether a training may be proposed each week."""
    cadences: Sequence[Cadence] = ()
    rollups: bool = False
    """Whether what pages add up is counted again and again."""

    async def tick(self) -> float:
        """Offers what is due; the seconds until it is worth looking again."""
        if self.rollups:
            await stand(self.store)
        due = await ensure(
            self.store,
            self.clock(),
            self.settings,
            self.terms,
            automatic=self.automatic,
            cadences=self.cadences,
        )
        if due:
            try:
                await asyncio.to_thread(self.queue.offer, due, self.terms)
            except QueueUnavailable:
                await withdraw(self.store, due)
                raise
        soon = await next_due(self.store, self.terms)
        return self.settings.every_s if soon is None else min(self.settings.every_s, soon)

    async def run(self) -> None:
        """Until it is cancelled; an outage is said once and waited for."""
        waiting = False
        while True:
            try:
                pause = await self.tick()
            except (StoreUnavailable, QueueUnavailable) as error:
                if not waiting:
                    log.warning("jobs.waiting", reason=str(error))
                waiting, pause = True, min(OUTAGE_S, self.settings.every_s)
            else:
                if waiting:
                    log.info("jobs.back")
                waiting = False
            await asyncio.sleep(max(pause, LEAST_S))
