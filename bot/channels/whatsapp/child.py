"""Starts the process that holds a session, and ends it."""

import asyncio
import os
import signal
import socket
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

from bot.channels.whatsapp.health import discreet
from bot.channels.whatsapp.protocol import Begin, Link, linked
from config.settings import ROOT

STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Child:
    """`noise` is what it and its library printed last: for people, when it is dead."""

    link: Link
    pid: int
    noise: deque[str]

    def last_words(self) -> str:
        """Why it died: a panic of Go says so before it prints where it was."""
        panics = [line for line in self.noise if line.startswith(("panic:", "fatal error:"))]
        return discreet((panics or list(self.noise) or ["it said nothing"])[-1])


@asynccontextmanager
async def started(command: Sequence[str], begin: Begin) -> AsyncIterator[Child]:
    ours, theirs = socket.socketpair()
    with closing(await linked(ours)) as link:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command,
                str(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,  # the library prints pair codes there
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # a terminal's Ctrl+C is ours to pass on
                cwd=ROOT,
            )
        noise: deque[str] = deque(maxlen=200)
        listening = asyncio.create_task(_listen(process, noise))
        link.put(begin)
        try:
            yield Child(link, process.pid, noise)
        finally:
            await _stopped(process)
            link.close()
            await listening


async def _listen(process: asyncio.subprocess.Process, noise: deque[str]) -> None:
    stderr = process.stderr
    while stderr is not None and (chunk := await stderr.read(1 << 14)):
        noise.extend(line for line in chunk.decode("utf-8", "replace").splitlines() if line.strip())


async def _stopped(process: asyncio.subprocess.Process) -> None:
    """Whoever has no time to wait for it still leaves nobody behind."""
    try:
        _tell(process, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await process.wait()
    finally:
        _tell(process, signal.SIGKILL)
    await process.wait()


def _tell(process: asyncio.subprocess.Process, sign: signal.Signals) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, sign)  # Popen's own would take the exit code from asyncio
