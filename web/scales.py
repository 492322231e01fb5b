"""The scales of charts: what is written beside them, and where a value is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

SIZE: Final = 100.0
STEPS: Final = 4
NAMED: Final = 7
NEARLY: Final = 1 - 1e-9
"""What binary fractions miss of a number by."""
FAINT: Final = 1e-6
"""What is no more is drawn as nothing."""
LENGTHS: Final = (("h", 3_600_000.0), ("min", 60_000.0), ("s", 1000.0), ("ms", 1.0))
"""Units of time, in milliseconds."""
Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Tick:
    """`y` counts from the top."""

    y: float
    value: float


def ticks(most: float, *, whole: bool) -> tuple[Tick, ...]:
    """From the top down to zero, in steps that people count in: 1, 2 or 5 of a power of ten."""
    rough = (most if most > FAINT else 1.0) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * NEARLY)
    step = max(step, 1.0) if whole else step
    count = max(1, math.ceil(most / step * NEARLY))
    return tuple(
        Tick(round(SIZE * (count - number) / count, 2), round(step * number, 10))
        for number in range(count, -1, -1)
    )


def clock(most: float) -> tuple[str, float]:
    """The one unit in which times up to `most` are told beside each other: the longest of which
    there are two."""
    return next((one for one in LENGTHS if most >= 2 * one[1]), LENGTHS[-1])


def parts(top: float, bottom: float = 0.0) -> tuple[Tick, ...]:
    """Of a scale whose ends are known: whole steps where they are few, quarters otherwise."""
    span = top - bottom
    count = int(span) if 1 < span <= 2 * STEPS else STEPS
    return tuple(
        Tick(round(SIZE * (count - number) / count, 2), bottom + span * number / count)
        for number in range(count, -1, -1)
    )


def spread(labels: Sequence[Label]) -> tuple[Label, ...]:
    """All where they are few, else some at even distances."""
    if len(labels) <= NAMED:
        return tuple(labels)
    last = len(labels) - 1
    return tuple(labels[round(last * number / STEPS)] for number in range(STEPS + 1))


def point(
    place: int, value: float, count: int, top: float, bottom: float = 0.0
) -> tuple[float, float]:
    """In the middle of its label's room."""
    height = (value - bottom) / (top - bottom) * SIZE
    return round(SIZE * (place + 0.5) / count, 2), round(SIZE - height, 2)


def joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
