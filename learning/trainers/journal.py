"""What a training tells while it runs, in the folder of its order.

    order.json       what is trained
    progress.jsonl   a line for each thing told
    result.json      how it ended; there is none before
    cancel, pause    somebody wants it to end, or to rest
    lock             held by the process that trains, until it ends however it ends; its number
    log              what its libraries say

Whoever looks reads files; whoever trains may be killed between any two of them.
"""

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from learning.trainers.base import Progress, State, Told, Trained

ORDER: Final = "order.json"
LINES: Final = "progress.jsonl"
RESULT: Final = "result.json"
CANCEL: Final = "cancel"
PAUSE: Final = "pause"
LOCK: Final = "lock"
LOG: Final = "log"
BEGAN: Final = "began"
RESTING: Final = "resting"


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    at: str
    stage: str
    percent: int
    message: str
    metrics: Mapping[str, float] = field(default_factory=dict)

    def told(self) -> Told:
        return Told(self.number, datetime.fromisoformat(self.at), self.message, self.metrics)


@dataclass(frozen=True, slots=True)
class Ending:
    state: State
    error: str | None = None
    trained: Mapping[str, Any] | None = None

    def progress(self, percent: int, told: tuple[Told, ...]) -> Progress:
        trained = None if self.trained is None else Trained(**self.trained)
        reached = 100 if self.state == "succeeded" else percent
        return Progress(self.state, reached, self.state, told, trained, self.error)


def told_since(
    lines: Sequence[Line], ending: Ending | None, after: int, *, alive: bool
) -> Progress:
    told = tuple(line.told() for line in lines if line.number > after)
    percent = lines[-1].percent if lines else 0
    if ending is not None:
        return ending.progress(percent, told)
    if alive:
        return Progress("running", percent, lines[-1].stage if lines else BEGAN, told)
    return Progress("paused", percent, RESTING, told)


def fruitless(lines: Sequence[Line]) -> int:
    """How often it began since it last got anywhere."""
    begun = 0
    for line in reversed(lines):
        if line.stage == "training":
            break
        begun += line.stage == BEGAN
    return begun


@dataclass(frozen=True, slots=True)
class Journal:
    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def lines(self) -> list[Line]:
        """A line that a killed process left half written does not count."""
        path = self / LINES
        text = path.read_bytes() if path.exists() else b""
        whole = text[: text.rfind(b"\n") + 1]
        return [Line(**json.loads(one)) for one in whole.splitlines()]

    def mend(self) -> None:
        """Cuts a half-written line off, before more are written."""
        path = self / LINES
        if path.exists():
            os.truncate(path, path.read_bytes().rfind(b"\n") + 1)

    def tell(self, line: Line) -> None:
        with (self / LINES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")

    def order(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self / ORDER).read_text(encoding="utf-8"))
        return found

    def take(self, order: Mapping[str, Any]) -> None:
        """The first order stays."""
        if not (self / ORDER).exists():
            self._place(ORDER, order)

    def ending(self) -> Ending | None:
        path = self / RESULT
        return Ending(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def end(self, ending: Ending) -> None:
        self._place(RESULT, asdict(ending))

    def lock(self) -> int | None:
        """A descriptor that holds it, also in the process that inherits it; None if it is held."""
        descriptor = os.open(self / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    @property
    def alive(self) -> bool:
        descriptor = self.lock() if (self / LOCK).exists() else None
        if descriptor is not None:
            os.close(descriptor)
        return descriptor is None and (self / LOCK).exists()

    def holds(self, pid: int) -> None:
        (self / LOCK).write_text(str(pid))

    @property
    def holder(self) -> int | None:
        text = (self / LOCK).read_text() if (self / LOCK).exists() else ""
        return int(text) if text.isdecimal() else None

    def _place(self, name: str, content: Mapping[str, Any]) -> None:
        draft = self / f"{name}.{uuid4().hex}.draft"
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self / name)


def now() -> str:
    return datetime.now(UTC).isoformat()
