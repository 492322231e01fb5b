"""Finding processes by their command lines."""

import os
import signal
import subprocess
import sys
import time

from services.processes import alive, gone_within, matching, tell

MARK = f"sleeper-{os.getpid()}"


def is_sleeper(line: str) -> bool:
    return MARK in line


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", MARK])


def shown(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """A busy machine takes its time to show its command line."""
    deadline = time.monotonic() + 100
    while not matching(is_sleeper) and time.monotonic() < deadline:
        time.sleep(0.01)
    return process


def test_a_process_is_found_by_its_command_line_until_it_is_gone() -> None:
    process = shown(sleeper())
    assert matching(is_sleeper) == [process.pid]
    tell([process.pid], signal.SIGKILL)
    assert gone_within(5, is_sleeper)
    process.wait()
    assert matching(is_sleeper) == []


def test_a_process_that_stays_is_not_waited_for_longer_than_said() -> None:
    process = shown(sleeper())
    try:
        assert not gone_within(0.1, is_sleeper)
    finally:
        process.kill()
        process.wait()


def test_a_dead_process_that_nobody_collected_is_not_alive() -> None:
    process = sleeper()
    assert alive(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not alive(process.pid)
    process.wait()


def test_a_signal_to_a_process_that_just_ended_is_lost_quietly() -> None:
    process = sleeper()
    process.kill()
    process.wait()
    tell([process.pid], signal.SIGTERM)
    assert not alive(process.pid)
