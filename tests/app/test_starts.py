"""What a process does before it begins, and no more than once."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def told(probe: str) -> str:
    """What a process of its own says."""
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_what_a_command_imports_is_not_looked_at_again_and_again() -> None:
    looks = told(
        "import gc; from app.console import Explained; before = gc.get_stats();"
        "Explained().__enter__(); import store.app, store.ml; after = gc.get_stats();"
        "print(*(now['collections'] - then['collections'] for now, then in zip(after, before)))"
    )
    young, _, old = map(int, looks.split())
    assert (young < 20, old) == (True, 0)


def test_what_a_test_starts_is_compiled_once() -> None:
    assert told("import app, os; print(os.path.exists(app.__cached__))") == "True"
