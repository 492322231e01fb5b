"""How long a person waits for `main.py --help`, beside Python doing nothing."""

import subprocess
import sys
import time
from typing import Any

from benchmarks.load import Load
from config.settings import ROOT


def starting(load: Load) -> dict[str, Any]:
    """The fastest of several starts: a start can only be slowed down by others."""
    load.told("main.py --help")
    ours = _fastest(["main.py", "--help"], load.starts)
    floors = {
        "python_s": _fastest(["-c", "pass"], load.starts),
        "typer_s": _fastest(["-c", "import typer"], load.starts),
    }
    return {"seconds": ours, "floor": floors, "ratio": round(ours / floors["python_s"], 1)}


def _fastest(arguments: list[str], times: int) -> float:
    return round(min(_once(arguments) for _ in range(times)), 3)


def _once(arguments: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - begun
