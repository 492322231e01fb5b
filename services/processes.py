"""What runs on this machine, told by its command line; works where another user's files do not."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROC = Path("/proc")


def command_lines() -> Iterator[tuple[int, str]]:
    if PROC.joinpath("self/cmdline").exists():
        yield from _from_proc()
    else:
        yield from _from_ps()


def matching(wanted: Callable[[str], bool]) -> list[int]:
    return [pid for pid, line in command_lines() if wanted(line) and pid != os.getpid()]


def alive(pid: int) -> bool:
    """A zombie is dead: inside a container nobody may ever collect it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        stat = PROC.joinpath(str(pid), "stat").read_text()
    except OSError:
        return not PROC.joinpath("self").exists()
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def tell(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def gone_within(seconds: float, wanted: Callable[[str], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in matching(wanted)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _from_proc() -> Iterator[tuple[int, str]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                raw = entry.joinpath("cmdline").read_bytes()
                yield int(entry.name), os.fsdecode(raw.replace(b"\0", b" ").strip())


def _from_ps() -> Iterator[tuple[int, str]]:
    listing = subprocess.run(
        ["ps", "-axww", "-o", "pid=,command="],  # noqa: S607  its place differs between systems
        capture_output=True,
        check=True,
    )
    for row in os.fsdecode(listing.stdout).splitlines():
        pid, _, line = row.strip().partition(" ")
        yield int(pid), line
