"""Keeps one server alive: adopts it, starts it, starts it again, stops it."""

import fcntl
import logging
import os
import signal
import subprocess
import time
from dataclasses import dataclass

from services.errors import ServerFailed, ServicesError
from services.places import last_words
from services.processes import alive, gone_within, matching, tell
from services.server import Say, Server

STARTS = 3  # a server that never answered gets so many
LONGEST_PAUSE = 5.0
STEADY = 10.0  # after so many seconds of life a death is the first again
STOP_PATIENCE = 30.0

log = logging.getLogger(__name__)


@dataclass
class Keeper:
    server: Server
    say: Say
    pid: int | None = None
    answered: bool = False
    _proven: bool = False
    _child: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _due: float = 0.0
    _deaths: int = 0

    def begin(self) -> None:
        """Take over what a killed supervisor left, when it still answers at its socket."""
        mains = matching(self.server.is_main)
        if mains and self.server.answers():
            self.pid, self.answered, self._proven = min(mains), True, True
            log.info("%s adopted as process %d", self.server.name, self.pid)
            return
        self._start()

    def tick(self) -> None:
        """Look after the server once; it is ready when it has answered and still lives."""
        if self.pid is not None and not self._lives():
            self._died(last_words(self.server.log))
        if self.pid is None:
            self._start_again()
        elif not self.answered:
            self._ask()
        elif not self.server.socket.exists():
            log.warning("%s lost its socket", self.server.name)
            self.stop()

    def signal_stop(self) -> None:
        if self._lives() and self.pid:
            tell([self.pid], self.server.stop_signal)

    def stop(self, *, at_once: bool = False) -> None:
        """Ask until it goes: Redis ignores the request while it rewrites its file."""
        deadline = time.monotonic() + (0 if at_once else STOP_PATIENCE)
        while self._lives() and time.monotonic() < deadline:
            self.signal_stop()
            self._wait(0.5)
        if self._lives():
            log.warning("%s did not stop and is killed", self.server.name)
        self._clear()
        self.pid, self._child, self.answered = None, None, False
        self.server.socket.unlink(missing_ok=True)

    def _start(self) -> None:
        self.say(f"starting {self.server.name}")
        lock = self._locked()
        try:
            self.server.prepare(lock, self.say)
            self._child = self.server.program().start(lock)
        finally:
            os.close(lock)
        self.pid, self.answered, self._started = self._child.pid, False, time.monotonic()
        log.info("%s started as process %d", self.server.name, self.pid)

    def _locked(self) -> int:
        """Held by every process of a server: with it in hand, no other one touches the data."""
        self._clear()
        descriptor = os.open(self.server.lock, os.O_RDWR | os.O_CREAT, 0o600)
        for _ in range(200):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.05)
            else:
                return descriptor
        os.close(descriptor)
        raise ServerFailed(
            f"{self.server.name} cannot start",
            f"a process this one cannot see still holds {self.server.lock}",
            "Stop it (another container?), then start again",
        )

    def _clear(self) -> None:
        """End what is left of a dead server: its children may be in the middle of a query."""
        if tell_all(self.server, self.server.leftover_signal) and not gone_within(
            3, self.server.is_part
        ):
            tell_all(self.server, signal.SIGKILL)
            gone_within(3, self.server.is_part)
        if self._child:
            self._child.wait()

    def _ask(self) -> None:
        self.answered = self.server.answers()
        if self.answered:
            self._proven = True
            log.info("%s answers", self.server.name)

    def _start_again(self) -> None:
        if time.monotonic() < self._due:
            return
        try:
            self._start()
        except (ServicesError, OSError) as error:
            if not self._proven:
                raise
            self._died(str(error))

    def _died(self, why: str) -> None:
        self._deaths = 1 if time.monotonic() - self._started > STEADY else self._deaths + 1
        log.warning("%s ended: %s", self.server.name, why)
        self.say(f"{self.server.name} ended ({why}) and is started again")
        if not self._proven and self._deaths >= STARTS:
            raise ServerFailed(f"{self.server.name} does not start", why, f"Read {self.server.log}")
        self._due = time.monotonic() + min(LONGEST_PAUSE, 0.25 * 2**self._deaths - 0.5)
        self.pid, self._child, self.answered = None, None, False

    def _lives(self) -> bool:
        if self._child:
            return self._child.poll() is None
        return self.pid is not None and alive(self.pid)

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._lives() and time.monotonic() < deadline:
            time.sleep(0.02)


def tell_all(server: Server, number: signal.Signals) -> bool:
    parts = matching(server.is_part)
    tell(parts, number)
    return bool(parts)
