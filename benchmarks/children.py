"""Starts the processes of a measurement and reads the JSON they say."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.place import Place
from config.settings import ROOT
from services.places import last_words

LONGEST_S = 600.0
STOPPING_S = 30.0


class ChildFailed(RuntimeError):
    """A process of a measurement ended without its result; the message holds its last words."""


@dataclass(slots=True)
class Child:
    module: str
    process: asyncio.subprocess.Process
    log: Path
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.process.pid

    async def says(self) -> dict[str, Any]:
        assert self.process.stdout is not None, "it was started with a pipe"  # noqa: S101  narrows the type
        line = await asyncio.wait_for(self.process.stdout.readline(), LONGEST_S)
        if not line:
            raise ChildFailed(f"{self.module}: {last_words(self.log, 8)}")
        said: dict[str, Any] = json.loads(line)
        return said

    def kill(self) -> None:
        self.process.kill()

    async def end(self) -> None:
        """Asks it to stop and keeps what it says at the end."""
        if self.process.returncode is None:
            self.process.terminate()
            self.result = await self.says()
        try:
            await asyncio.wait_for(self.process.wait(), STOPPING_S)
        except TimeoutError as error:
            raise ChildFailed(f"{self.module} did not stop: {last_words(self.log, 8)}") from error


async def start(module: str, place: Place, **told: object) -> Child:
    log = Path(place.folder) / f"{module}.log"
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"benchmarks.{module}",
            json.dumps({"place": place.told(), **told}),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=2**24,
        )
    return Child(module, process, log)


@asynccontextmanager
async def at_work(module: str, place: Place, **told: object) -> AsyncIterator[Child]:
    """A worker from the moment it is ready; it is gone afterwards, whatever happened."""
    child = await start(module, place, **told)
    try:
        await child.says()
        yield child
        await child.end()
    finally:
        if child.process.returncode is None:
            child.kill()
            await child.process.wait()


async def result_of(module: str, place: Place, **told: object) -> dict[str, Any]:
    """Runs a program to its end."""
    child = await start(module, place, **told)
    try:
        return await child.says()
    finally:
        if child.process.returncode is None:
            try:
                await asyncio.wait_for(child.process.wait(), 5)
            except TimeoutError:
                child.kill()
                await child.process.wait()
