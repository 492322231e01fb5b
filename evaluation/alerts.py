"""When somebody should be told: what was seen, point by point, and the state it leads to.

A rule fires when it was broken several times in a row and is calm again only when the value has
been clearly below its threshold for a while, so that nobody is told twice of one thing. The same
step decides while a bot runs and when a rule is tried on history.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["calm", "pending", "firing"]
Turn: TypeAlias = Literal["fired", "resolved"]
EASE: Final = 0.9
"""Below this part of its threshold a value is calm again."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Looked at every `every_m` minutes; `fires_after` broken points in a row begin an alert, and
    `calms_after` calm ones end it."""

    kind: str
    threshold: float
    fires_after: int = 3
    calms_after: int = 5
    every_m: int = 1


class Looked(NamedTuple):
    """What a rule sees at a moment, the least its threshold can be, and whether chance alone could
    not have made the value."""

    value: float | None
    least: float = 0.0
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """`value` is None where there was too little to say anything; a rule is broken by a value that
    reaches its threshold and is `sure`: one that may be chance is `weak`."""

    at: datetime
    value: float | None
    threshold: float
    sure: bool = True

    @property
    def broken(self) -> bool:
        return self.sure and self._over

    @property
    def weak(self) -> bool:
        return not self.sure and self._over

    @property
    def calm(self) -> bool:
        return self.value is None or not self.sure or self.value < EASE * self.threshold

    @property
    def _over(self) -> bool:
        return self.value is not None and self.value >= self.threshold


@dataclass(frozen=True, slots=True)
class Watch:
    """Where a rule stands; `streak` counts the points that speak for the next state."""

    state: State = "calm"
    streak: int = 0


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that would have been; `until` is None for one that was still open."""

    since: datetime
    value: float
    peak: float
    threshold: float
    until: datetime | None = None


def step(rule: Rule, watch: Watch, point: Point) -> tuple[Watch, Turn | None]:
    if watch.state == "firing":
        streak = watch.streak + 1 if point.calm else 0
        if streak >= rule.calms_after:
            return Watch(), "resolved"
        return Watch("firing", streak), None
    if not point.broken:
        return Watch(), None
    streak = watch.streak + 1
    if streak >= rule.fires_after:
        return Watch("firing"), "fired"
    return Watch("pending", streak), None


def backtest(rule: Rule, points: Iterable[Point]) -> list[Firing]:
    """How often it would have been told, from calm."""
    found: list[Firing] = []
    watch = Watch()
    for point in points:
        watch, turn = step(rule, watch, point)
        if turn == "fired" and point.value is not None:
            found.append(Firing(point.at, point.value, point.value, point.threshold))
        elif turn == "resolved":
            found[-1] = replace(found[-1], until=point.at)
        elif watch.state == "firing" and point.value is not None:
            found[-1] = replace(found[-1], peak=max(found[-1].peak, point.value))
    return found


def ticks(rule: Rule, after: datetime, until: datetime) -> Iterator[datetime]:
    """The moments at which a rule is looked at, later than the one and up to the other."""
    every = rule.every_m * 60
    number = int(after.timestamp()) // every + 1
    while number * every <= until.timestamp():
        yield datetime.fromtimestamp(number * every, after.tzinfo)
        number += 1
