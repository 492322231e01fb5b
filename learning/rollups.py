"""Counts a shop's days for its pages, as far as something may have changed in them.

Today is counted again each time. Once a day the days before it are too, for scores and deliveries
that came late; each day is one transaction, so whoever is interrupted goes on where it was.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from learning.facts import PROVIDERS
from learning.understood import understood
from store import rolling, wares
from store.recounting import DayOf, recount
from store.session import Store, WriteSession, driver

SETTLE_D: Final = 3
LABELLED: Final = 5_000
Hold: TypeAlias = Callable[[WriteSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Progress:
    """`counted` is the last day that was counted, perhaps before it was over."""

    counted: date
    settled: date


def due(progress: Progress | None, first: date | None, today: date) -> list[date]:
    """The days to count, the oldest first; `first` is when the shop first replied, or spent."""
    if first is None:
        return []
    begin = first
    if progress is not None:
        late = SETTLE_D if progress.settled < today else 0
        begin = max(first, progress.counted - timedelta(late))
    return [begin + timedelta(number) for number in range((today - begin).days + 1)]


@dataclass(frozen=True, slots=True)
class Rollups:
    """By the shop's clock. `hold` belongs into each transaction: it raises where somebody else has
    taken the work over."""

    store: Store
    shop: UUID
    zone: ZoneInfo
    hold: Hold | None = None

    async def refresh(
        self,
        now: datetime,
        *,
        since: date | None = None,
        told: Callable[[date], None] | None = None,
    ) -> list[date]:
        """Counts what is due, or everything from `since` on; returns the days."""
        today = now.astimezone(self.zone).date()
        days = await self._due(today, since)
        for day in days:
            await self._count(day, today)
            if told is not None:
                told(day)
        return days

    async def _due(self, today: date, since: date | None) -> list[date]:
        async with self.store.reading() as session:
            found = await rolling.progress(session, self.shop)
            began = await rolling.first_day(session, self.shop)
        first = began.astimezone(self.zone).date() if began else None
        if found is None or first is None or found.zone != self.zone.key:
            return due(None, first, today)
        late = due(Progress(found.counted, found.settled), first, today)
        return late if since is None else due(None, max(first, min(since, *late)), today)

    async def _count(self, day: date, today: date) -> None:
        async with self.store.transaction() as session:
            if self.hold is not None:
                await self.hold(session)
            await rolling.begin(session, self.shop)
            began, ended = (_midnight(one, self.zone) for one in (day, day + timedelta(1)))
            one = DayOf(self.shop, day, began, ended, self.zone.key)
            connection = await driver(session)
            await recount(connection, one, PROVIDERS)
            await wares.count(connection, one, today)
            before = await rolling.progress(session, self.shop)
            if day == today:
                await self._intents(session, before.settled if before else None, today)
            counted = max(day, before.counted) if before else day
            settled = today if day == today else before.settled if before else day
            await rolling.advance(session, self.shop, self.zone.key, counted, settled)

    async def _intents(self, session: WriteSession, settled: date | None, today: date) -> None:
        """Once a day is enough: labels are given by people."""
        if settled == today:
            return
        found = understood(await rolling.understood(session, self.shop, LABELLED))
        await rolling.keep_intents(session, self.shop, [one.kept() for one in found])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
