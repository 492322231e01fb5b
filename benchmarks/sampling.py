"""Where a process spends its processor time: one look at the stack every few milliseconds of it."""

import signal
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
EVERY_S = 0.002


class Sampler:
    """Counts, per look, the innermost function of ours and the folder it stands in."""

    every_s = EVERY_S

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._functions: Counter[str] = Counter()

    def __enter__(self) -> Self:
        if self._wanted:
            signal.signal(signal.SIGPROF, self._look)
            signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._wanted:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def found(self) -> dict[str, int]:
        return dict(self._functions.most_common())

    def _look(self, _number: int, frame: FrameType | None) -> None:
        self._functions[_name(frame)] += 1


def _name(frame: FrameType | None) -> str:
    """Time in a library counts for the function of ours that called it."""
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)) and "/.venv/" not in path:
            if frame.f_code.co_name == "<module>":
                break
            own = Path(path).relative_to(ROOT).with_suffix("")
            return f"{own}:{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "the event loop"
