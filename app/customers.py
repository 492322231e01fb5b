"""Scripted customers: each says a line, waits for its answer, and says the next one at once."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from bot.channels.memory import MemoryChannel
from config.settings import ROOT
from events.happened import caused_by

SCRIPTS = ROOT / "examples" / "conversations.jsonl"


class ScriptError(Exception):
    """A file of conversations cannot be used."""


@dataclass(slots=True)
class Heard:
    """What the customers experienced. `expected` is, by chat, the reply each message deserves."""

    expected: dict[str, list[UUID]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    unanswered: int = 0


def read_scripts(path: Path = SCRIPTS) -> list[list[str]]:
    """One conversation a line: {"messages": ["hola", …]}."""
    scripts = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            scripts.append(_messages(path, number, line))
    if not scripts:
        raise ScriptError(f"{path} holds no conversation")
    return scripts


def _messages(path: Path, number: int, line: str) -> list[str]:
    try:
        messages = json.loads(line)["messages"]
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError(f'{path}:{number} is not {{"messages": [...]}}: {error}') from error
    if not isinstance(messages, list) or not all(isinstance(one, str) for one in messages):
        raise ScriptError(f"{path}:{number}: messages is not a list of texts")
    return [one for one in messages if one.strip()]


@dataclass(frozen=True, slots=True)
class Customers:
    """`patience_s` is how long one waits for an answer before giving up."""

    channel: MemoryChannel
    run: str
    patience_s: float = 60.0
    heard: Heard = field(default_factory=Heard)

    async def play(
        self,
        scripts: Sequence[Sequence[str]],
        conversations: int,
        concurrency: int,
        told: Callable[[], None] = lambda: None,
    ) -> Heard:
        numbers = iter(range(conversations))

        async def customer() -> None:
            for number in numbers:
                await self._talk(f"{self.run}-{number}", scripts[number % len(scripts)])
                told()

        await asyncio.gather(*(customer() for _ in range(min(concurrency, conversations))))
        return self.heard

    async def _talk(self, chat: str, script: Sequence[str]) -> None:
        expected = self.heard.expected.setdefault(chat, [])
        for number, text in enumerate(script):
            begun = time.perf_counter()
            message = await self.channel.say(chat, text, key=f"{chat}-{number}")
            expected.append(caused_by(caused_by(message.id, "turn"), "reply:1"))
            try:
                await asyncio.wait_for(
                    self.channel.wait_for_replies(chat, number + 1), self.patience_s
                )
            except TimeoutError:
                self.heard.unanswered += len(script) - number
                return
            self.heard.latencies.append(time.perf_counter() - begun)
