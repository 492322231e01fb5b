"""What rules look at: a shop's turns, calls and evaluations, by the minute or the hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from config.manners import BudgetSettings

Bounds: TypeAlias = tuple[float, float, float]
"""A figure, and between what it is at 95 %."""


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
class Fallen:
    """By how much F1 is lower than the model in use promised, on turns that were drawn by chance:
    of all intents together, and of each that was meant often enough."""

    macro: Bounds
    intents: Mapping[str, Bounds]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asked of their data, and by when it has to be done."""

    at: datetime
    due_at: datetime
    done_at: datetime | None

    def rings_at(self, moment: datetime, left: timedelta) -> bool:
        is_open = self.at <= moment and (self.done_at is None or self.done_at > moment)
        return is_open and self.due_at - moment < left


@dataclass(frozen=True, slots=True)
class Seen:
    """What was stored, by the minute or the hour in which it began; `p95_ms` and how many answers
    it is of, by the end of their window. `ending` is how many models in use were to end soon,
    whenever their provider was asked. `refused` accounts are turned
    away by their network now. `budget` is what the settings say of money, `budget_micros`
    the day's cap that holds. `moved` are the days on which a lender's clients were compared with
    those its models `learned` from, with the worst index. `days` are the shop's, each with when it
    began. `fallen` is what was measured on drawn turns by a moment, `baseline` the F1 of each
    intent that the pack's own model had when it was made."""

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
    requests: Sequence[Asked] = ()
    fallen: Mapping[datetime, Fallen | None] = field(default_factory=dict)
    baseline: Mapping[str, float] = field(default_factory=dict)
    refused: int = 0
    stale: int = 0
    awaiting: int = 0
    budget: BudgetSettings | None = None
    budget_micros: int = 0
    day_of: Callable[[datetime], datetime] = lambda at: at.replace(hour=0, minute=0)
    is_open: Callable[[datetime], bool] = lambda _at: True
