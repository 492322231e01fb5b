"""A network with a channel in front of it, seen from the customer's side, and a storage."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from bot.channels.base import Channel, Ingest, NotStored
from events.happened import Happened
from events.vocabulary import ChannelChanged, MessageReceived
from services.wire import Wire

SHOP = UUID(int=1)
CHAT = "7"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Network(Protocol):
    @property
    def channel(self) -> Channel: ...

    async def says(self, text: str) -> None:
        """The customer writes; nobody waits for the bot."""
        ...

    def unacknowledged(self) -> int: ...

    async def delivered(self) -> list[str]: ...


@dataclass
class Ledger:
    """A storage one can close: while it is closed nothing is stored, and everybody is told."""

    stored: list[MessageReceived] = field(default_factory=list)
    offered: int = 0
    closed: bool = False

    async def ingest(self, event: Happened) -> bool:
        if isinstance(event, ChannelChanged):
            return True
        assert isinstance(event, MessageReceived)
        self.offered += 1
        if self.closed:
            raise NotStored("closed")
        new = event.id not in {known.id for known in self.stored}
        if new:
            self.stored.append(event)
        return new

    def texts(self) -> list[str]:
        return [event.text for event in self.stored]


Opened: TypeAlias = Callable[[Ledger, Wire, str], AbstractAsyncContextManager[Network]]
"""Sets a network up; the last argument is the prefix of its keys in Redis."""


async def until(true: Callable[[], bool], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  what we wait for lies outside of this loop's reach
            await asyncio.sleep(0.005)


@asynccontextmanager
async def listening(channel: Channel, ingest: Ingest) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.receive(ingest))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
