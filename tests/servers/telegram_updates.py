"""What Telegram keeps for a bot: updates, until they are confirmed or too old."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DAY_S = 24 * 3600
NOT_UNLESS_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Updates:
    """`now` is wall-clock seconds, so that a test may let a day pass."""

    now: Callable[[], float]
    first: int = 1000
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _expires: dict[int, float] = field(default_factory=dict)

    def allow(self, kinds: list[str]) -> None:
        """Sticky: a caller that names none keeps the last list."""
        self.allowed = frozenset(kinds)

    async def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """None when the bot did not ask for this kind of update."""
        if kind not in self.allowed if self.allowed else kind in NOT_UNLESS_NAMED:
            return None
        number, self.first = self.first, self.first + 1
        self.waiting[number] = {"update_id": number, kind: body}
        self._expires[number] = self.now() + DAY_S
        async with self.arrived:
            self.arrived.notify_all()
        return number

    def since(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """A positive offset forgets all before it; a negative one all but the last ones."""
        self._forget_old()
        numbers = sorted(self.waiting)
        if offset > 0:
            gone = [number for number in numbers if number < offset]
        else:
            gone = numbers[:offset] if offset < 0 else []
        for number in gone:
            self.confirm(number)
        return [self.waiting[number] for number in sorted(self.waiting)[:limit]]

    def confirm(self, number: int) -> None:
        self.waiting.pop(number, None)
        self._expires.pop(number, None)

    def _forget_old(self) -> None:
        for number in [n for n, at in self._expires.items() if at <= self.now()]:
            self.confirm(number)


@dataclass
class Poll:
    """The rules by which Telegram slows down those who poll without confirming."""

    updates: Updates
    newest: int = 0
    _offset: int | None = None
    _began: float = -10.0
    _ended: float = -10.0

    async def run(self, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]] | None:
        """None when another poller took over."""
        clock = asyncio.get_running_loop().time
        again, began = offset == self._offset, clock()
        if again and began < self._began + 3:
            timeout_s = max(timeout_s, 3)
        if again and began < self._ended + 0.5:
            limit = 1
        self.newest += 1
        me, self._offset, self._began = self.newest, offset, began
        async with self.updates.arrived:
            self.updates.arrived.notify_all()
            while not (found := self.updates.since(offset, limit)):
                left = began + timeout_s - clock()
                if left <= 0 or me != self.newest:
                    break
                await self._news(left)
        self._ended = clock()
        return found if me == self.newest else None

    async def _news(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.updates.arrived.wait(), seconds)
        except TimeoutError:
            return
