"""The whole bot is quiet, or one of its accounts: a person pressed pause. Every claim reads it, so
that nothing of ours leaves from then on, a message in flight included; what people of the shop
write does."""

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from events.partitions import Keys
from services.clock import Clock, now
from services.wire import Wire


@dataclass(frozen=True, slots=True)
class Paused:
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Waits while Redis is away, as every claim does."""

    wire: Wire
    keys: Keys
    shop: UUID
    clock: Clock = now

    async def begin(self, seconds: int, *, by: str, reason: str = "") -> Paused:
        """A longer one takes the place of the one before, and a shorter one too."""
        paused = Paused(by, reason, self.clock() + timedelta(seconds=seconds))
        told = json.dumps({"by": by, "reason": reason, "until": paused.until.timestamp()})
        await asyncio.gather(
            *(self.wire.command("SET", key, told, "EX", seconds) for key in self._places())
        )
        return paused

    async def end(self) -> None:
        await asyncio.gather(*(self.wire.command("DEL", key) for key in self._places()))

    async def standing(self) -> Paused | None:
        """None where the bot may speak."""
        told = await self.wire.command("GET", self.keys.pause(self.shop, 0))
        if told is None:
            return None
        said = json.loads(told)
        return Paused(said["by"], said["reason"], datetime.fromtimestamp(said["until"], UTC))

    def _places(self) -> list[str]:
        return [self.keys.pause(self.shop, number) for number in range(self.keys.partitions)]


@dataclass(frozen=True, slots=True)
class Voices:
    """By which of its accounts a bot speaks: by all, until somebody silences one for good."""

    wire: Wire
    keys: Keys
    shop: UUID

    async def silence(self, account: str, *, by: str) -> None:
        places = self._places(account)
        await asyncio.gather(*(self.wire.command("SET", place, by) for place in places))

    async def give(self, account: str) -> None:
        await asyncio.gather(*(self.wire.command("DEL", one) for one in self._places(account)))

    async def silent(self, accounts: Collection[str]) -> frozenset[str]:
        first = [self.keys.pause(self.shop, 0, account) for account in accounts]
        told = await asyncio.gather(*(self.wire.command("EXISTS", place) for place in first))
        return frozenset(one for one, quiet in zip(accounts, told, strict=True) if quiet)

    def _places(self, account: str) -> list[str]:
        every = range(self.keys.partitions)
        return [self.keys.pause(self.shop, number, account) for number in every]
