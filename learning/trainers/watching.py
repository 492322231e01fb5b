"""What bounds a process that trains: its keeper's life, time and memory."""

import os
import resource
import select
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LOOK_S: Final = 0.5
MEGABYTE: Final = 2**20
UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""Of what the system tells about memory, in bytes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`megabytes` 0 is no bound."""

    keeper: int
    seconds: float
    megabytes: int


def watch(bounds: Bounds, over: Callable[[str], None]) -> None:
    """From a thread of its own, ends this process: with its keeper silently, else `over` is told.

    A limit that the system enforced would end it too, but in whatever library asked for memory
    last, and without a word. It ends at once: what a killed training leaves is good to go on from.
    """
    gone = _watched(bounds.keeper)
    began = time.monotonic()

    def wait() -> None:
        while not gone():
            if time.monotonic() - began > bounds.seconds:
                over("time")
                break
            if bounds.megabytes and used() > bounds.megabytes:
                over("memory")
                break
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="watch").start()


def used() -> int:
    """Megabytes, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT // MEGABYTE


def _watched(keeper: int) -> Callable[[], bool]:
    """Waits a moment; true when the keeper has ended by then."""
    if not hasattr(os, "pidfd_open"):
        return lambda: _asked(keeper)
    try:
        descriptor = os.pidfd_open(keeper)
    except ProcessLookupError:
        return lambda: True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda: bool(poll.poll(LOOK_S * 1000))


def _asked(keeper: int) -> bool:
    time.sleep(LOOK_S)
    try:
        os.kill(keeper, 0)
    except ProcessLookupError:
        return True
    return False
