"""Pictures of what is known and how surely: an estimate between its bounds. Numbers alone, as in
web/charts.py. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

SIZE: Final = 100.0


class Bounded(Protocol):
    """An estimate of so many observations."""

    @property
    def value(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...

    @property
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Corridor:
    """A line between its bounds, on a square of 100; `zero` and `limit` are heights of what it is
    compared with, `top` and `bottom` the values at the edges."""

    area: str
    line: str
    zero: float
    limit: float
    top: float
    bottom: float
    counts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Whisker:
    """Places from 0 to 100; 50 is no difference."""

    low: float
    value: float
    high: float


def corridor(points: Sequence[Bounded], limit: float) -> Corridor | None:
    """None of fewer than two. The first bounds may be ten times the last ones: what lies far
    outside is cut off, so that the end can be read."""
    if len(points) < 2:  # noqa: PLR2004  a line has two ends
        return None
    last = points[-1]
    most = 1.6 * max(abs(last.low), abs(last.high), abs(limit)) or 1.0
    first, end = points[0].count, last.count
    span = (end - first) or 1

    def place(one: Bounded, value: float) -> str:
        inside = max(-most, min(most, value))
        x = (one.count - first) / span * SIZE
        return f"{x:.2f},{_height(inside, most):.2f}"

    upper = [place(one, one.high) for one in points]
    lower = [place(one, one.low) for one in reversed(points)]
    line = [place(one, one.value) for one in points]
    zero, allowed = _height(0.0, most), round(_height(limit, most), 2)
    return Corridor(
        " ".join(upper + lower), " ".join(line), zero, allowed, most, -most, (first, end)
    )


def whisker(low: float, value: float, high: float) -> Whisker:
    """What is not bounded above goes on to the edge."""
    most = max(abs(low), abs(value if math.isinf(high) else high)) or 1.0
    places = [round((one / most + 1) / 2 * SIZE, 1) for one in (low, value, min(high, most))]
    return Whisker(*places)


def metrics(lines: Sequence[Mapping[str, Any]], name: str) -> tuple[tuple[str, float], ...]:
    """One figure of what a training told, by its step where it has one."""
    return tuple(
        (str(round(one.get("step", place))), float(one[name]))
        for place, one in enumerate(lines, 1)
        if isinstance(one.get(name), int | float)
    )


def thinned(points: Sequence[tuple[str, float]], most: int = 120) -> list[tuple[str, float]]:
    """Some at even distances, the last one among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]


def _height(value: float, most: float) -> float:
    return round((1 - value / most) / 2 * SIZE, 2)
