"""A client's hold on the embedded servers: while somebody holds them, they run."""

import asyncio
import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from services import postgres, redis, state
from services.errors import ServerFailed, ServicesError
from services.places import last_words, locked, made, opened_log, room_in
from services.processes import alive
from services.state import Endpoints

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0
STEP = 0.05
REVIVE = 2.0
SUPERVISORS = 3
SPACE = 20_000_000
# The supervisor needs no token or key that the caller's environment may carry.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")


class Hold:
    """Take a step until it returns the endpoints; step again now and then, close at the end."""

    def __init__(self, var: Path) -> None:
        self.places = made(var)
        self.message = "starting"
        self._lock = os.open(self.places.clients_lock, os.O_RDWR)
        self._joined = False
        self._supervisors = 0

    def step(self) -> Endpoints | None:
        if not self._join():
            self.message = "waiting for the previous servers to stop"
            return None
        self.revive()
        return self._endpoints()

    def revive(self) -> None:
        """Start a supervisor if there is none; it takes over servers that still run."""
        if (lock := locked(self.places.supervisor_lock)) is not None:
            try:
                self._supervise(lock)
            finally:
                os.close(lock)

    def close(self) -> None:
        os.close(self._lock)

    def _join(self) -> bool:
        if not self._joined:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                self._joined = True
        return self._joined

    def _endpoints(self) -> Endpoints | None:
        """What is written counts only while the process that wrote it lives."""
        told = state.read(self.places.state)
        if told is None or not alive(told.pid):
            return None
        self.message = told.message
        if told.failure and self._supervisors:
            raise told.failure  # not that of an earlier supervisor on its way out
        if told.ready is None or not _both_answer(told.ready):
            return None
        self._supervisors = 0
        return told.ready

    def _supervise(self, lock: int) -> None:
        """Hand the lock to a new supervisor, so that there is never a second one."""
        told = state.read(self.places.state)
        if self._supervisors and told and told.failure:
            raise told.failure
        log = self.places.log("supervisor")
        if self._supervisors >= SUPERVISORS:
            room_in(self.places.var, SPACE)  # it could not even write what is wrong
            raise ServerFailed("The supervisor does not stay", last_words(log), f"Read {log}")
        self._supervisors += 1
        self.places.state.unlink(missing_ok=True)
        command = [sys.executable, "-m", "services.supervisor", "--detach"]
        written = opened_log(log)
        try:
            subprocess.run(  # noqa: S603  our own module with our own folder
                [*command, "--var", str(self.places.var), "--lock", str(lock)],
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                pass_fds=(lock,),
                start_new_session=True,
                check=False,
            )
        finally:
            os.close(written)


def _both_answer(endpoints: Endpoints) -> bool:
    database = Path(endpoints.database_url.partition("?host=")[2])
    stored = Path(endpoints.redis_url.removeprefix("unix://"))
    return redis.answers(stored) and postgres.answers(database)


@contextlib.contextmanager
def attached(
    var: Path, *, say: Callable[[str], None] = lambda _: None, patience: float = PATIENCE
) -> Iterator[Endpoints]:
    """Both servers under var, for code that does not run in an event loop."""
    hold = Hold(var)
    with contextlib.closing(hold):
        deadline = time.monotonic() + patience
        while (endpoints := hold.step()) is None:
            _or_give_up(hold, deadline)
            say(hold.message)
            time.sleep(STEP)
        yield endpoints


@contextlib.asynccontextmanager
async def running(
    var: Path, *, say: Callable[[str], None] = lambda _: None, patience: float = PATIENCE
) -> AsyncIterator[Endpoints]:
    """Both servers under var; a supervisor that is killed meanwhile is replaced."""
    hold = Hold(var)
    with contextlib.closing(hold):
        deadline = time.monotonic() + patience
        while (endpoints := hold.step()) is None:
            _or_give_up(hold, deadline)
            say(hold.message)
            await asyncio.sleep(STEP)
        watch = asyncio.create_task(_revived(hold))
        try:
            yield endpoints
        finally:
            watch.cancel()
            await asyncio.wait([watch])


async def _revived(hold: Hold) -> None:
    while True:
        await asyncio.sleep(REVIVE)
        with contextlib.suppress(ServicesError, OSError):
            hold.revive()


def _or_give_up(hold: Hold, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise ServerFailed(
            "The embedded servers are not ready",
            f"they are still {hold.message}",
            f"Read the logs in {hold.places.log('supervisor').parent}",
        )
