"""A rule's value against its threshold as one drawing: lines in numbers, styled by the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from evaluation.alerts import Point

WIDTH, HEIGHT, POINTS = 600, 120, 240
ABOVE: Final = 1.15
"""So much room above the highest line."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`lines` are the stretches in which there was a value; `rows` are what they show."""

    lines: tuple[str, ...]
    threshold: str
    top: float
    since: datetime | None
    until: datetime | None
    rows: tuple[Point, ...]


def chart(points: Sequence[Point]) -> Chart:
    shown = _fewer(points)
    highest = max((max(one.value or 0.0, one.threshold) for one in shown), default=1.0)
    top = highest * ABOVE or 1.0
    places = [(round(_x(n, len(shown)), 1), one) for n, one in enumerate(shown)]
    known = groupby(places, key=lambda place: place[1].value is not None)
    return Chart(
        lines=tuple(
            " ".join(f"{x},{_y(one.value or 0.0, top)}" for x, one in stretch)
            for there, stretch in known
            if there
        ),
        threshold=" ".join(f"{x},{_y(one.threshold, top)}" for x, one in places),
        top=top,
        since=shown[0].at if shown else None,
        until=shown[-1].at if shown else None,
        rows=tuple(one for one in shown if one.value is not None),
    )


def _fewer(points: Sequence[Point]) -> list[Point]:
    """Of several next to each other the highest: what matters is whether a line was crossed."""
    size = -(-len(points) // POINTS) or 1
    parts = (points[n : n + size] for n in range(0, len(points), size))
    return [max(part, key=lambda one: -1.0 if one.value is None else one.value) for part in parts]


def _x(place: int, of: int) -> float:
    return place / max(1, of - 1) * WIDTH


def _y(value: float, top: float) -> float:
    return round(HEIGHT - value / top * HEIGHT, 1)
