"""Customers of the chaos network: each talks on until told to stop, and waits for every answer."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.chaos.network import Network, Said

QUESTIONS = (
    "hola", "¿cuánto cuesta el polerón?", "¿hacen envíos a regiones?", "gracias, perfecto",
    "no me sirve, muy caro", "¿tienen foto?", "quiero dos tazas",
)  # fmt: skip
PAYMENT = ("¿aceptan transferencia?",)
"""The answer to this one never goes out twice, whatever happens."""


@dataclass(slots=True)
class Customers:
    """`burst` messages go out at once; the next ones when all of them are answered.

    With `late_s` a message may look that much older than it is.
    """

    network: Network
    case: str
    questions: Sequence[str] = QUESTIONS
    pause_s: float = 0.1
    burst: int = 1
    late_s: float = 0.0
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, count: int) -> None:
        chats = [f"{self.case}.{number}" for number in range(count)]
        self._tasks += [asyncio.create_task(self._talk(chat)) for chat in chats]

    async def _talk(self, chat: str) -> None:
        number = 0
        while not self.stopping.is_set():
            said = []
            for _ in range(self.burst):
                text = f"{self.questions[number % len(self.questions)]} ({number})"
                late_s = self.late_s * (number % 3) / 2
                said.append(await self.network.say(chat, number, text, late_s=late_s))
                number += 1
            await self.all_answered(said)
            await asyncio.sleep(self.pause_s)

    async def all_answered(self, said: Iterable[Said]) -> None:
        for one in said:
            await self.network.answered(one)

    async def catch_up(self, patience_s: float = 90.0) -> None:
        """Returns when everything said until now is answered. Raises TimeoutError."""
        async with asyncio.timeout(patience_s):
            await self.all_answered(list(self.network.said))

    async def finish(self, patience_s: float) -> None:
        """Everybody gets the answers that are due, and goes; who is never answered gives up."""
        self.stopping.set()
        everybody = asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(everybody, patience_s)
