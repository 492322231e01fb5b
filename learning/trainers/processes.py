"""The processes that train: how they begin, and how they are ended."""

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Final

from config.settings import ROOT
from learning.trainers.base import TrainerUnavailable
from learning.trainers.journal import LOG, Journal

INHERITED: Final = 3
WAITS: Final = 100
WAIT_S: Final = 0.05
OFFLINE: Final = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}


def spawn(journal: Journal, keeper: int, lock: int) -> None:
    """The child inherits the lock, so there is no moment in which two could train."""
    log = os.open(journal / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "learning.trainers.working", str(journal.folder),
             "--keeper", str(keeper)],
            {**os.environ, **OFFLINE, "PYTHONPATH": _path(), "HF_HOME": str(journal / "cache")},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
                (os.POSIX_SPAWN_DUP2, lock, INHERITED),
            ],
            setsid=True,
        )  # fmt: skip
        journal.holds(pid)
    finally:
        os.close(log)


def _path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))


def reap(journal: Journal) -> None:
    """A child of ours that has ended is let go; another's is its parent's business."""
    if pid := journal.holder:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def end_process(journal: Journal) -> int:
    """Kills whoever holds the lock, and holds it then: whoever gets it closes it."""
    for _ in range(WAITS):
        if (lock := journal.lock()) is not None:
            reap(journal)
            return lock
        if pid := journal.holder:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(WAIT_S)
    raise TrainerUnavailable("The training goes on", "its process does not end", "Try again")
