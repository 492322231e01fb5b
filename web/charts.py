"""Charts as SVG numbers: the page styles them, so they follow its theme and need no script.

Drawings are on a square of 100 by 100, stretched to whatever room the page has; words stand beside
it as text of the page. No value is below zero.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final, Literal, TypeAlias

from web.scales import SIZE, Tick, clock, joined, parts, point, spread, ticks

DAYS = 14
WIDTH, HEIGHT, GAP = 140, 32, 2
LEVELS: Final = 6
HUES: Final = 7
"""So many colours; further series begin anew, and are told apart by their names."""
Unit: TypeAlias = Literal["count", "money", "usd", "time", "percent", "decimal"]
Label: TypeAlias = str | date


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


@dataclass(frozen=True, slots=True)
class Series:
    """A value for each label; None where nothing was measured."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, said in a table, and downloaded. `usd` are millionths of a dollar, `money` the
    smallest unit of `currency`, `time` milliseconds, `percent` parts of one. `title` and the names
    of the series may be code words, of the list `words` of web/wording.py. `top` is the highest
    value there can be, where there is one; `bottom`, of lines alone, the lowest."""

    title: str
    labels: tuple[Label, ...]
    series: tuple[Series, ...]
    unit: Unit = "count"
    currency: str = "CLP"
    words: str = "figure"
    top: float | None = None
    bottom: float = 0.0

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    def rows(self) -> list[tuple[Label, tuple[float | None, ...]]]:
        values = zip(*(one.values for one in self.series), strict=True)
        return list(zip(self.labels, values, strict=True)) if self.series else []


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a column, of the series at `hue`."""

    hue: int
    bar: Bar
    label: Label
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """`runs` are the points that follow each other without a gap; `area` lies under the first."""

    hue: int
    name: str
    runs: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    area: str


@dataclass(frozen=True, slots=True)
class Column:
    """The room of one label, with everything that is told when somebody points there."""

    bar: Bar
    label: Label
    told: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    chart: Chart
    ticks: tuple[Tick, ...]
    names: tuple[Label, ...]
    blocks: tuple[Block, ...] = ()
    lines: tuple[Line, ...] = ()
    columns: tuple[Column, ...] = ()

    @property
    def names_each(self) -> bool:
        return len(self.names) == len(self.chart.labels)


@dataclass(frozen=True, slots=True)
class Spark:
    points: str
    last: tuple[float, float]


def lines(chart: Chart) -> Drawing:
    """A line for each series, broken where nothing was measured."""
    scale = _scale(chart, (value for one in chart.series for value in one.values))
    ends = scale[0].value, scale[-1].value
    drawn = (_line(hue, one, ends) for hue, one in enumerate(chart.series))
    columns = tuple(_columns(chart))
    return Drawing(chart, scale, spread(chart.labels), lines=tuple(drawn), columns=columns)


def columns(chart: Chart) -> Drawing:
    """The series of a label side by side."""
    scale = _scale(chart, (value for one in chart.series for value in one.values))
    room = SIZE / max(1, len(chart.labels))
    each = room * 0.8 / max(1, len(chart.series))
    blocks = tuple(
        _block(chart, place, hue, (room * (place + 0.1) + hue * each, 0.0, each, scale[0].value))
        for place in range(len(chart.labels))
        for hue in range(len(chart.series))
    )
    return Drawing(chart, scale, spread(chart.labels), blocks=blocks)


def stacked(chart: Chart) -> Drawing:
    """The series of a label on top of each other."""
    scale = _scale(chart, (sum(value or 0.0 for value in values) for _, values in chart.rows()))
    room = SIZE / max(1, len(chart.labels))
    blocks: list[Block] = []
    for place, (_, values) in enumerate(chart.rows()):
        below = 0.0
        for hue, value in enumerate(values):
            where = room * (place + 0.1), below, room * 0.8, scale[0].value
            blocks += [_block(chart, place, hue, where)] if value else []
            below += value or 0.0
    return Drawing(chart, scale, spread(chart.labels), blocks=tuple(blocks))


def spark(values: Sequence[float | None]) -> Spark | None:
    """A line without words, for beside a figure; None where there is nothing to follow."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:  # noqa: PLR2004  a line has two ends
        return None
    most = max(value for _, value in known) or 1.0
    points = [point(place, value, len(values), most) for place, value in known]
    return Spark(joined(points), points[-1])


def heat(values: Sequence[Sequence[float]]) -> list[list[int]]:
    """How warm each cell is, of six steps; 0 is nothing at all."""
    most = max((value for row in values for value in row), default=0.0)
    return [[math.ceil(value / most * LEVELS) if value else 0 for value in row] for row in values]


def shares(values: Sequence[float]) -> list[float]:
    """How long each bar of a list is, of a hundred, beside the longest one."""
    most = max(values, default=0.0) or 1.0
    return [round(value / most * SIZE, 1) for value in values]


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


def _scale(chart: Chart, values: Iterable[float | None]) -> tuple[Tick, ...]:
    if chart.top is not None:
        return parts(chart.top, chart.bottom)
    most = max((value or 0.0 for value in values), default=0.0)
    if chart.unit == "time":
        _, length = clock(most)
        return tuple(Tick(one.y, one.value * length) for one in ticks(most / length, whole=False))
    return ticks(most, whole=chart.unit in {"count", "money", "usd"})


def _line(hue: int, series: Series, ends: tuple[float, float]) -> Line:
    count = len(series.values)
    runs = [
        [point(place, value, count, *ends) for place, value in run if value is not None]
        for known, run in groupby(enumerate(series.values), lambda pair: pair[1] is not None)
        if known
    ]
    area = ""
    if len(runs) == 1:
        (first, *_), (*_, last) = runs[0], runs[0]
        area = joined([(first[0], SIZE), *runs[0], (last[0], SIZE)])
    alone = tuple(run[0] for run in runs if len(run) == 1)
    return Line(hue % HUES, series.name, tuple(map(joined, runs)), alone, area)


def _columns(chart: Chart) -> Iterator[Column]:
    room = SIZE / max(1, len(chart.labels))
    for place, (label, values) in enumerate(chart.rows()):
        told = zip((one.name for one in chart.series), values, strict=True)
        yield Column(Bar(round(place * room, 2), 0, round(room, 2), SIZE), label, tuple(told))


def _block(chart: Chart, place: int, hue: int, where: tuple[float, float, float, float]) -> Block:
    """`where` is its left edge, the value below it, its width, and the value at the top."""
    x, below, width, top = where
    value = chart.series[hue].values[place] or 0.0
    height = value / top * SIZE
    bar = Bar(round(x, 2), round(SIZE - below / top * SIZE - height, 2), round(width, 2),
              round(height, 2))  # fmt: skip
    return Block(hue % HUES, bar, chart.labels[place], chart.series[hue].name, value)
