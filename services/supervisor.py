"""The detached process that owns var/: keeps both servers while somebody uses them."""

import argparse
import contextlib
import fcntl
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from services import postgres, redis, state
from services.errors import PlaceRefused, ServicesError
from services.keeper import Keeper
from services.places import Places, locked, made, still_there
from services.state import Endpoints, State

GRACE = 2.0
POLL = 1.0
POLL_WHILE_STARTING = 0.03

log = logging.getLogger(__name__)


class Supervisor:
    def __init__(self, places: Places) -> None:
        self.places = places
        self._clients = os.open(places.clients_lock, os.O_RDWR)
        self._last_client = time.monotonic()
        self._asked_to_stop = False
        self._message, self._written = "starting", State(0)
        self._stamp = (0, 0)
        self._keepers: list[Keeper] = []
        self._endpoints = Endpoints("", "", os.getpid())
        self._wake = _woken_by_signals(self._on_stop)

    def run(self) -> None:
        try:
            self._begin()
            while not self._over():
                for keeper in self._keepers:
                    keeper.tick()
                self._report()
                self._sleep()
        except (ServicesError, OSError) as error:
            self._fail(error)
        finally:
            self._end()

    def _begin(self) -> None:
        """Redis first: it is there at once, while a new database takes seconds."""
        stored, database = redis.planned(self.places), postgres.planned(self.places)
        self._endpoints = Endpoints(database.url, stored.url, os.getpid())
        self._keepers = [Keeper(stored, self._say), Keeper(database, self._say)]
        for keeper in self._keepers:
            keeper.begin()

    def _over(self) -> bool:
        """Once nobody holds the clients' lock, take it and keep it: who comes now waits for us."""
        if self._asked_to_stop or not still_there(self.places):
            return True
        try:
            fcntl.flock(self._clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._last_client = time.monotonic()
            return False
        if time.monotonic() - self._last_client >= GRACE:
            return True
        fcntl.flock(self._clients, fcntl.LOCK_UN)
        return False

    def _report(self) -> None:
        ready = all(keeper.answered for keeper in self._keepers)
        self._write(State(os.getpid(), self._message, self._endpoints if ready else None))

    def _say(self, message: str) -> None:
        self._message = message
        self._write(State(os.getpid(), message))

    def _write(self, new: State) -> None:
        """Also when somebody damaged or removed the file."""
        if new == self._written and _stamp(self.places.state) == self._stamp:
            return
        with contextlib.suppress(OSError):
            state.write(self.places.state, new)
            self._written, self._stamp = new, _stamp(self.places.state)

    def _fail(self, error: ServicesError | OSError) -> None:
        log.error("%s", error)
        if not isinstance(error, ServicesError):
            error = PlaceRefused(
                "The embedded servers cannot start", str(error), "Check the folder and its disk"
            )
        self._write(State(os.getpid(), failure=error))

    def _end(self) -> None:
        if not self._written.failure:
            self._say("stopping")
        deleted = not still_there(self.places)
        for keeper in self._keepers:
            keeper.signal_stop()
        for keeper in self._keepers:
            keeper.stop(at_once=deleted)
            with contextlib.suppress(OSError):
                keeper.server.socket.parent.rmdir()
        log.info("stopped")

    def _sleep(self) -> None:
        ready = all(keeper.answered for keeper in self._keepers)
        select.select([self._wake], [], [], POLL if ready else POLL_WHILE_STARTING)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 1024)

    def _on_stop(self) -> None:
        self._asked_to_stop = True


def _woken_by_signals(on_stop: Callable[[], None]) -> int:
    """A descriptor that becomes readable when a server ends or somebody asks us to stop."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    # A handler that does nothing, not SIG_IGN, which the servers would inherit.
    for number in (signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: on_stop())
    return reading


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--lock", type=int, help="the lock, held by whoever starts us")
    parser.add_argument("--detach", action="store_true", help="go on without a parent")
    asked = parser.parse_args()
    places = made(asked.var)
    lock = asked.lock if asked.lock is not None else locked(places.supervisor_lock)
    if lock is None:
        sys.exit("another supervisor already keeps this folder")
    if asked.detach and os.fork():
        os._exit(0)
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    Supervisor(places).run()


if __name__ == "__main__":
    main()
