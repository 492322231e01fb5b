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


def parts(top: float) -> tuple[Tick, ...]:
    """Of a scale whose end is known: whole steps where they are few, quarters otherwise."""
    count = int(top) if 1 < top <= 2 * STEPS else STEPS
    return tuple(
        Tick(round(SIZE * (count - number) / count, 2), top * number / count)
        for number in range(count, -1, -1)
    )


def spread(labels: Sequence[Label]) -> tuple[Label, ...]:
    """All where they are few, else some at even distances."""
    if len(labels) <= NAMED:
        return tuple(labels)
    last = len(labels) - 1
    return tuple(labels[round(last * number / STEPS)] for number in range(STEPS + 1))


def point(place: int, value: float, count: int, top: float) -> tuple[float, float]:
    """In the middle of its label's room."""
    return round(SIZE * (place + 0.5) / count, 2), round(SIZE - value / top * SIZE, 2)


def joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
