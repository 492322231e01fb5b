"""What the shops have in memory: fresh within seconds, and still there when Postgres is not."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from uuid import UUID

import structlog

from store.base import StoreError
from store.session import Store

log = structlog.get_logger()
RowT = TypeVar("RowT")
HeldT = TypeVar("HeldT")

TTL_S: Final = 5.0
LARGE: Final = 500
"""More rows are made ready beside the event loop, not on it."""


@dataclass(slots=True)
class Shelf(Generic[RowT, HeldT]):
    """One shop's rows, what was made of them, when they were read, and the reading under way."""

    held: HeldT | None = None
    rows: tuple[RowT, ...] = ()
    read_at: float = 0.0
    reading: asyncio.Task[HeldT] | None = None


@dataclass(frozen=True, slots=True)
class Shelves(ABC, Generic[RowT, HeldT]):
    store: Store
    ttl_s: float = field(default=TTL_S, kw_only=True)
    monotonic: Callable[[], float] = field(default=time.monotonic, kw_only=True)
    shelves: dict[UUID, Shelf[RowT, HeldT]] = field(default_factory=dict, kw_only=True)

    @abstractmethod
    async def read(self, shop: UUID) -> tuple[RowT, ...]:
        """The shop's rows as they are now. Raises StoreError."""

    @abstractmethod
    def made(self, rows: tuple[RowT, ...]) -> HeldT:
        """What is asked, made of the rows."""

    async def of(self, shop: UUID) -> HeldT:
        """What is in memory, while a newer one is fetched; only the first call waits.

        Raises StoreUnavailable when there is nothing in memory and Postgres is down.
        """
        shelf = self.shelves.setdefault(shop, Shelf())
        if shelf.held is None:
            return await asyncio.shield(self._reading(shop, shelf))
        if self.monotonic() - shelf.read_at >= self.ttl_s:
            self._reading(shop, shelf)
        return shelf.held

    async def close(self) -> None:
        readings = [shelf.reading for shelf in self.shelves.values() if shelf.reading is not None]
        for reading in readings:
            reading.cancel()
        await asyncio.gather(*readings, return_exceptions=True)

    def _reading(self, shop: UUID, shelf: Shelf[RowT, HeldT]) -> asyncio.Task[HeldT]:
        """The reading under way; there is never more than one."""
        if shelf.reading is None:
            shelf.reading = asyncio.create_task(self._refresh(shop, shelf))
            shelf.reading.add_done_callback(_looked_at)
        return shelf.reading

    async def _refresh(self, shop: UUID, shelf: Shelf[RowT, HeldT]) -> HeldT:
        try:
            rows = await self.read(shop)
            if shelf.held is None or shelf.rows != rows:
                shelf.held, shelf.rows = await self._ready(rows), rows
        except StoreError as error:
            if shelf.held is None:
                raise
            kind = type(self).__name__.lower()
            log.warning("shelf.stale", kind=kind, shop=str(shop), error=str(error))
        finally:
            shelf.read_at, shelf.reading = self.monotonic(), None
        return shelf.held

    async def _ready(self, rows: tuple[RowT, ...]) -> HeldT:
        if len(rows) > LARGE:
            return await asyncio.to_thread(self.made, rows)
        return self.made(rows)


def _looked_at(reading: "asyncio.Task[HeldT]") -> None:
    """A failed reading was logged or raised to who waited; nobody else has to ask."""
    if not reading.cancelled():
        reading.exception()
