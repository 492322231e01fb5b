"""What rules look at: a shop's turns, calls and evaluations, by the minute or the hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Minute:
    """What ended within a minute; `waited_us` is the longest wait in the stream."""

    turns: int = 0
    errors: int = 0
    waited_us: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Hour:
    turns: int
    median_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """An evaluation of the active model: macro F1 with its bounds at 95 %, on the same cases."""

    at: datetime
    f1: float
    low: float
    high: float
    cases: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was stored, by the minute or the hour in which it began; `p95_ms` and how many answers
    it is of, by the end of their window. `ending` is how many models in use were to end soon,
    whenever their provider was asked. `moved` are the days on which a lender's clients were
    compared with those its models `learned` from, with the worst index. `days` are the shop's, each
    with when it began."""

    minutes: Mapping[datetime, Minute] = field(default_factory=dict)
    answers: Mapping[datetime, int] = field(default_factory=dict)
    micros: Mapping[datetime, int] = field(default_factory=dict)
    p95_ms: Mapping[datetime, tuple[float, int]] = field(default_factory=dict)
    hours: Mapping[datetime, Hour] = field(default_factory=dict)
    intents: Mapping[datetime, Mapping[str, int]] = field(default_factory=dict)
    withdrawn: Sequence[datetime] = ()
    measured: Sequence[Measured] = ()
    ending: Sequence[tuple[datetime, int]] = ()
    moved: Sequence[tuple[datetime, float]] = ()
    learned: Sequence[datetime] = ()
    stale: int = 0
    awaiting: int = 0
    budget_micros: int = 0
    day_of: Callable[[datetime], datetime] = lambda at: at.replace(hour=0, minute=0)
    is_open: Callable[[datetime], bool] = lambda _at: True
