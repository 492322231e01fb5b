"""Where the figures are taken: servers of their own, started empty and thrown away after."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from benchmarks.place import Place
from services.embedded import running
from services.places import locked
from services.processes import tell
from store.migrations import migrate


@dataclass(frozen=True, slots=True)
class Ground:
    database_url: str
    redis_url: str
    folder: Path

    def place(self, name: str) -> Place:
        prefix = f"bench-{name}-{uuid4().hex[:6]}"
        return Place(self.database_url, self.redis_url, prefix, str(self.folder))


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """An empty Postgres and an empty Redis with the settings every bot gets, log file included."""
    folder, supervisor = _folder(), 0
    try:
        async with running(folder / "var") as endpoints:
            supervisor = endpoints.pid
            await migrate(endpoints.database_url)
            yield Ground(endpoints.database_url, endpoints.redis_url, folder)
    finally:
        if supervisor:
            _stop(supervisor, folder / "var")
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    """Every user may enter it: as root, Postgres runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="aprendiz-bench-"))
    folder.chmod(0o755)
    return folder


def _stop(supervisor: int, var: Path) -> None:
    """Servers that still run would write into a folder that is being deleted."""
    tell([supervisor], signal.SIGTERM)
    lock = locked(var / "supervisor.lock", patience=30)
    if lock is not None:
        os.close(lock)
