"""Keeps a worker process: starts it, starts it again when it ends, and ends it with us."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from config.settings import ROOT

log = structlog.get_logger()
PAUSES: Final = (0.2, 1.0, 5.0, 15.0, 30.0)
HEALTHY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """`environment` is laid over ours: addresses and keys travel there, never on a command line."""

    environment: Mapping[str, str] = field(repr=False)
    grace_s: float = 10.0

    async def run(self) -> None:
        """Until it is cancelled. A job that outlasts the grace is begun again by the next one."""
        failures = 0
        while True:
            started = time.monotonic()
            code = await self._one_life()
            failures = 0 if time.monotonic() - started > HEALTHY_S else failures + 1
            pause = PAUSES[min(max(failures - 1, 0), len(PAUSES) - 1)]
            log.warning("jobs.worker_ended", code=code, again_in=pause)
            await asyncio.sleep(pause)

    async def _one_life(self) -> int:
        # A session of its own: Ctrl-C in a terminal is for us, and we tell the worker once.
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "jobs.queue",
            "--parent",
            str(os.getpid()),
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return await child.wait()
        finally:
            if child.returncode is None:
                await self._end(child)

    def _environment(self) -> dict[str, str]:
        """The folder we stand in stays the same, because it may hold aprendiz.toml."""
        paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
        return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **self.environment}

    async def _end(self, child: Process) -> None:
        child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(child.wait(), self.grace_s)
        except TimeoutError:
            log.warning("jobs.worker_killed", after_s=self.grace_s)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
