"""Charts as SVG numbers: the page styles them, so they follow its theme and need no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

DAYS = 14
WIDTH, HEIGHT, GAP = 140, 32, 2


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    replies: int


def every_day(days: Sequence[Any], today: date) -> list[Day]:
    """Days without replies are days too."""
    known = {day.day: int(day.replies) for day in days}
    span = (today - timedelta(days=DAYS - 1 - step) for step in range(DAYS))
    return [Day(day, known.get(day, 0)) for day in span]


def bars(values: Sequence[int]) -> list[Bar]:
    most = max(values, default=0) or 1
    width = WIDTH / max(1, len(values)) - GAP
    return [_bar(place, value / most, width) for place, value in enumerate(values)]


def _bar(place: int, part: float, width: float) -> Bar:
    height = max(1.5, round(part * HEIGHT, 1))
    return Bar(round(place * (width + GAP), 1), round(HEIGHT - height, 1), round(width, 1), height)
