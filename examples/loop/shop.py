"""The shop of the example: its settings, its running bot, and commands as a person types them."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.backing import Backing
from app.parts import Parts, build
from app.pipeline import pipeline
from app.plugins import App, Setting
from app.rolling import rolling_of
from app.simulation import settled
from bot.channels.memory import MemoryChannel
from config.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[2]
PACK: Final = Path(__file__).resolve().parent / "andes"
ACCOUNT: Final = "memory:main"
PATIENCE_S: Final = 30.0
Sections = dict[str, dict[str, Any]]


class CommandFailed(Exception):
    """A command of the example ended otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Shop:
    parts: Parts
    channel: MemoryChannel

    async def ask(self, chat: str, text: str) -> str:
        before = len(self.channel.replies(chat))
        await self.channel.say(chat, text)
        async with asyncio.timeout(PATIENCE_S):
            return (await self.channel.wait_for_replies(chat, before + 1))[-1]

    async def settled(self) -> None:
        await settled(self.parts.stream)


@dataclass(frozen=True, slots=True)
class Typist:
    """Types commands in the shop's surroundings."""

    sections: Sections

    async def type(self, *words: str, codes: tuple[int, ...] = (0,)) -> Any:  # noqa: ANN401  JSON
        """What the command tells as JSON. Raises CommandFailed."""
        command = (sys.executable, str(ROOT / "main.py"), *words, "--json")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=os.environ | surroundings(self.sections),
            stdout=pipe, stderr=pipe,
        )  # fmt: skip
        said, complained = await process.communicate()
        if process.returncode not in codes:
            raise CommandFailed(f"{' '.join(words)}: {complained.decode().strip()}")
        return json.loads(said)


def surroundings(sections: Sections) -> dict[str, str]:
    """The same settings as environment variables."""
    return {
        f"APRENDIZ_{section}__{field}".upper(): value if isinstance(value, str) else _json(value)
        for section, fields in sections.items()
        for field, value in fields.items()
    }


def _json(value: Any) -> str:  # noqa: ANN401  what JSON can hold
    return json.dumps(value)


def sections_of(here: Backing, prefix: str, url: str, folder: Path) -> Sections:
    """Small enough for a run of two minutes: real shops leave these as they are."""
    return {
        "app": {"shop": "andes", "pack": str(PACK), "var": str(folder)},
        "database": {"url": here.database_url},
        "redis": {"url": here.redis_url, "prefix": prefix},
        "events": {"partitions": 4, "drain_s": 5},
        # A model this small answers what it was taught to the letter: what it says is then what
        # it learned, and not what an example in its prompt says.
        "models": {"order": ["ollama", "offline"], "temperature": 0.0, "examples": 0},
        "ollama": {"url": url, "model": "before"},
        "turns": {"patience": 0, "replies_per_minute": 0},
        "pace": {"in_5_minutes": 0, "a_day": 0},
        "handover": {"enabled": False},
        "knowledge": {"starter": False},
        "jobs": {"datasets": str(folder / "datasets")},
        "curation": {"min_tokens": 3, "per_customer": 1.0, "settle_h": 0},
        "local_training": {**LEARNING},
        "evaluation": {**GATES},
        "rollout": {**STEPS},
    }


LEARNING: Final[Mapping[str, Any]] = {
    "served_base": "andes-base", "adapter": "gguf", "epochs": 60, "batch": 6,
    "learning_rate": 5e-3, "threads": 1,
}  # fmt: skip
GATES: Final[Mapping[str, Any]] = {
    "intent_f1": 0.0,
    "slot_exact": 0.0,
    "correct": 0.1,
    "off_policy": 0.1,
    "latency_s": 60.0,
    "latency_rag_s": 60.0,
    "confidence": 0.51,
}
STEPS: Final[Mapping[str, Any]] = {
    "least": 3, "worse": 3.0, "shadow_answers": 3, "shadow_share": 1.0, "every_s": 0.05,
    "steps": [50],
}  # fmt: skip


@asynccontextmanager
async def opened(sections: Sections, here: Backing) -> AsyncIterator[Shop]:
    """The bot as `main.py run` has it, over a network in memory; it watches its rollouts."""
    made: list[MemoryChannel] = []

    def memory(setting: Setting) -> MemoryChannel:
        made.append(MemoryChannel(setting.shop, setting.account))
        return made[-1]

    chosen: dict[str, Any] = {**sections}
    settings = Settings(**chosen)
    async with (
        build(settings, here, App(), {ACCOUNT: memory}) as parts,
        pipeline(parts, here.redis_url, App()),
    ):
        watching = asyncio.create_task(rolling_of(parts).attend())
        try:
            yield Shop(parts, made[0])
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
