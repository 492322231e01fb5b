"""The job that evaluates a model: the command does it, in a process of its own.

It builds a whole bot, which only the composition root knows how to do. A run that dies with its
worker is gone on with by the next attempt, case by case.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from config.settings import ROOT, Settings
from jobs import statements
from jobs.attempts import Attempt
from jobs.schedule import EVALUATION, Run
from jobs.telling import beating, told_of
from services.lineage import ASKED_BY, end_with
from store.app import Shop
from store.session import Store
from store.work import asked_by

JUDGED: Final = frozenset({0, 1, 3})
"""Exit codes of an evaluation that came to its end: passed, failed, too few cases."""
LAB: Final = "lab"
"""Instead of cases: simulated customers live through the whole pipeline."""
_APART: Final = "|"
_SAID: Final = 1500
TOLD: Final = ("run", "verdict", "score", "pack", "version")


class EvaluationFailed(Exception):
    """The command ended without a verdict; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is evaluated: the cases of `split`, or LAB; "" is the shop's pack, and whoever answers
    now. Who asks stands in the job's row."""

    split: str
    pack: str = ""
    version: str = ""

    def run(self, shop: UUID, at: datetime, *, by: str) -> Run:
        """Each time it is asked for it is another period."""
        return Run(EVALUATION, shop, _APART.join([*self._parts(), at.isoformat()]), by)

    @property
    def command(self) -> list[str]:
        return ["eval", "lab" if self.split == LAB else "run"]

    @property
    def options(self) -> list[str]:
        cases = "" if self.split == LAB else self.split
        named = zip(("--set", "--pack", "--version"), (cases, self.pack, self.version), strict=True)
        return [word for option in named if option[1] for word in option]

    def _parts(self) -> tuple[str, str, str]:
        return (self.split, self.pack, self.version)


def asked_in(period: str) -> Asked:
    split, pack, version, _ = period.split(_APART)
    return Asked(split, pack, version)


async def want(store: Store, run: Run) -> None:
    """Written down as wanted; whoever asks for it next is told to offer it."""
    async with store.transaction() as session:
        await session.execute(statements.ASK, run.key)


async def evaluate(attempt: Attempt, settings: Settings) -> None:
    shop, by = await _key(attempt.store, attempt.run.shop), await _by(attempt.store, attempt.run)
    asked = asked_in(attempt.run.period)
    words = [*asked.command, "--json", *asked.options, "--shop", shop]
    async with told_of(settings, attempt.run.shop) as tell:
        beat = asyncio.create_task(beating(tell, "job", id=attempt.run.name))
        try:
            found = await _commanded(words, _environment(settings, by))
        finally:
            beat.cancel()
            await asyncio.wait([beat])
        await tell("job", id=attempt.run.name)
    told = {"set": asked.split} | {name: found.get(name) for name in TOLD}
    async with attempt.store.transaction() as session:
        await attempt.end(session, told)


async def _key(store: Store, shop: UUID) -> str:
    async with store.reading() as session:
        return str(await session.scalar(select(Shop.key).where(Shop.id == shop)))


async def _by(store: Store, run: Run) -> str:
    async with store.reading() as session:
        return await asked_by(session, run.shop, run.name, run.period)


async def _commanded(words: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "main.py"),
        *words,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=partial(end_with, os.getpid(), signal.SIGKILL),
    )
    try:
        said, complained = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode not in JUDGED or not said.strip():
        raise EvaluationFailed(complained.decode(errors="replace").strip()[-_SAID:])
    found: dict[str, Any] = json.loads(said)
    return found


def _environment(settings: Settings, by: str) -> dict[str, str]:
    """Addresses, keys and names travel there, never on a command line."""
    redis = settings.redis.url or settings.jobs.redis_url
    places = {
        "APRENDIZ_DATABASE__URL": settings.database.url,
        "APRENDIZ_REDIS__URL": redis,
    }
    given = {name: url.get_secret_value() for name, url in places.items() if url is not None}
    own = {"APRENDIZ_REDIS__PREFIX": settings.redis.prefix, ASKED_BY: by}
    return {**os.environ, **given, **own}
