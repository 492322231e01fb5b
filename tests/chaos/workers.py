"""Bots as processes of their own: the real `main.py run`, to be killed, frozen and replaced."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

PASSED_ON = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_START")


@dataclass(slots=True)
class Worker:
    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    @property
    def ready(self) -> bool:
        return b"running" in self.log.read_bytes()

    async def kill(self) -> None:
        """kill -9: it gets no word in."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def terminate(self, patience_s: float = 90.0) -> int:
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), patience_s)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@dataclass(slots=True)
class Workers:
    """`killed` says when each dead process was killed, on the clock of the network."""

    environment: Mapping[str, str]
    folder: Path
    running: list[Worker] = field(default_factory=list)
    killed: dict[int, float] = field(default_factory=dict)
    _random: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311
    _started: int = 0

    async def start(self, count: int = 1) -> None:
        for _ in range(count):
            self._started += 1
            log = self.folder / f"worker-{self._started}.log"
            with log.open("wb") as written:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, ROOT / "main.py", "run", "--no-web", "--no-jobs",
                    cwd=self.folder,
                    env={n: os.environ[n] for n in PASSED_ON if n in os.environ}
                    | dict(self.environment),
                    stdout=written,
                    stderr=written,
                )  # fmt: skip
            self.running.append(Worker(process, log))

    def any(self) -> Worker:
        return self._random.choice(self.running)

    async def kill(self, worker: Worker) -> None:
        self.running.remove(worker)
        self.killed[worker.pid] = time.monotonic()
        await worker.kill()

    async def replace_the_dead(self) -> None:
        """What a service manager does."""
        dead = [worker for worker in self.running if not worker.alive]
        for worker in dead:
            self.running.remove(worker)
            self.killed[worker.pid] = time.monotonic()
        await self.start(len(dead))

    async def stop(self) -> None:
        for worker in self.running:
            await worker.kill()

    def last_words(self) -> str:
        logs = sorted(self.folder.glob("worker-*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text()[-2500:]}" for log in logs)
