"""Curves that say whether probabilities are worth anything, and words for them. Numbers alone, as
in web/charts.py. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from prediction.measuring import Metrics
from prediction.table import Feature
from prediction.telling import bare, direction
from web.scales import SIZE, Tick, joined, parts

Level: TypeAlias = Literal["low", "medium", "high"]
Row: TypeAlias = tuple[float, ...]
FACTORS: Final = 5
STEPS: Final = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Where the scale of a calibration may end."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points on a square whose sides are shares up to `top`; `rows` are its table: shares, and at
    the end a count where there is one. `name` is a code word."""

    name: str
    line: str
    spots: tuple[tuple[float, float], ...]
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What moved a probability, which way in the model's own Spanish, and how far beside the
    strongest one (of 100)."""

    words: str
    way: str
    raises: bool
    share: float


def roc(metrics: Metrics) -> Curve:
    """False alarms against those found, for every threshold there could be."""
    return _curve("roc", metrics.roc, 1.0, dots=False, rows=metrics.roc)


def calibration(metrics: Metrics) -> Curve:
    """What was said of ten groups of equal size, against what came of them."""
    points = [(one.said, one.seen) for one in metrics.bins]
    most = max((max(point) for point in points), default=1.0)
    top = next(step for step in STEPS if step >= min(most, 1.0))
    rows = tuple((one.said, one.seen, float(one.cases)) for one in metrics.bins)
    return _curve("calibration", points, top, dots=True, rows=rows)


def level(probability: float, threshold: float) -> Level:
    """From the threshold on somebody should look; from half of it on it is worth knowing."""
    if probability >= threshold:
        return "high"
    return "medium" if probability >= threshold / 2 else "low"


def of_hundred(probability: float) -> int:
    """So many of a hundred like this one; never nobody and never all, for nobody knows that."""
    return min(99, max(1, round(probability * 100)))


def reasons(factors: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The strongest first, as they are stored."""
    told = factors[:FACTORS]
    most = max((abs(float(one["effect"])) for one in told), default=0.0) or 1.0
    return [_reason(one, most) for one in told]


def looks(features: Sequence[Feature]) -> dict[str, str]:
    """What a model reads, in words without a value; by name."""
    return {one.name: bare(one) or one.name for one in features}


def _reason(factor: Mapping[str, Any], most: float) -> Reason:
    effect = float(factor["effect"])
    fact, _, way = str(factor.get("words") or factor["feature"]).rpartition(": ")
    if not fact:
        fact, way = way, direction(effect)
    return Reason(fact, way, effect > 0, round(abs(effect) / most * SIZE, 1))


def _curve(
    name: str,
    points: Sequence[tuple[float, float]],
    top: float,
    *,
    dots: bool,
    rows: tuple[Row, ...],
) -> Curve:
    places = [
        (round(x / top * SIZE, 2), round(SIZE - min(y, top) / top * SIZE, 2)) for x, y in points
    ]
    return Curve(name, joined(places), tuple(places) if dots else (), parts(top), rows)
