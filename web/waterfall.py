"""The steps of a request as bars on one line of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, Literal, Protocol, TypeAlias
from uuid import UUID

WIDE: Final = 1000
QUEUE: Final = "queue"
REPLY: Final = "reply"
LEAST: Final = 4.0
"""A step of no time at all can be seen, too."""


class Step(Protocol):
    """A row of the store's, or anything like it."""

    @property
    def id(self) -> UUID: ...
    @property
    def parent_id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def duration_us(self) -> int: ...
    @property
    def ok(self) -> bool: ...
    @property
    def error(self) -> str | None: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` are of a thousand; `after_ms` since the first step began."""

    step: Step
    inner: bool
    x: float
    width: float
    after_ms: float
    ms: float

    @property
    def notes(self) -> Sequence[tuple[str, str]]:
        return [(name, str(value)) for name, value in sorted(self.step.attributes.items())]


Why: TypeAlias = Literal["queue", "words", "out"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Time in which nobody worked: in the `queue`, for more `words` of the customer before an
    answer was begun, or on the way `out`, for its turn and the pace at which a person types."""

    why: Why
    x: float
    width: float
    ms: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`total_ms` from the first step's begin to the last one's end; `tokens` read and written."""

    bars: tuple[Bar, ...]
    began_at: datetime
    total_ms: float
    model_ms: float
    cost_micros: int
    tokens: int
    failed: bool
    pauses: tuple[Pause, ...] = ()

    @property
    def waited(self) -> Mapping[str, float]:
        """Milliseconds, by what for."""
        found: dict[str, float] = {}
        for one in self.pauses:
            found[one.why] = found.get(one.why, 0.0) + one.ms
        return found

    @property
    def worked_ms(self) -> float:
        return max(self.total_ms - sum(one.ms for one in self.pauses), 0.0)


def waterfall(steps: Sequence[Step]) -> Waterfall:
    """Of at least one step, in the order in which they began."""
    began = min(one.started_at for one in steps)
    whole = max(0.001, *(_after(one, began) + one.duration_us / 1000 for one in steps))
    models = [one for one in steps if one.name == "model"]
    return Waterfall(
        bars=tuple(_bar(one, began, whole) for one in steps),
        began_at=began,
        total_ms=whole,
        model_ms=sum(one.duration_us for one in models) / 1000,
        cost_micros=sum(int(one.attributes.get("cost_micros", 0)) for one in models),
        tokens=sum(
            int(one.attributes.get(name, 0))
            for one in models
            for name in ("tokens_in", "tokens_out")
        ),
        failed=any(not one.ok for one in steps),
        pauses=_pauses(steps, began, whole),
    )


def _pauses(steps: Sequence[Step], began: datetime, whole: float) -> tuple[Pause, ...]:
    """What no step but the queue covers, cut where the queue begins and ends."""
    spans = [(_after(one, began), one) for one in steps]
    worked = [(at, at + one.duration_us / 1000) for at, one in spans if one.name != QUEUE]
    queued = [(at, at + one.duration_us / 1000) for at, one in spans if one.name == QUEUE]
    answered = min((at for at, one in spans if one.name == REPLY), default=whole)
    cuts = sorted({0.0, whole, *(end for span in (*worked, *queued) for end in span)})
    found = []
    for at, end in pairwise(cuts):
        middle = (at + end) / 2
        if not _within(middle, worked):
            quiet: Why = "words" if middle < answered else "out"
            why: Why = "queue" if _within(middle, queued) else quiet
            x, width = at / whole * WIDE, (end - at) / whole * WIDE
            found.append(Pause(why, round(x, 1), round(width, 1), end - at))
    return tuple(found)


def _within(moment: float, spans: Iterable[tuple[float, float]]) -> bool:
    return any(begin <= moment <= end for begin, end in spans)


def _bar(one: Step, began: datetime, whole: float) -> Bar:
    after = _after(one, began)
    width = max(LEAST, one.duration_us / 1000 / whole * WIDE)
    x = min(after / whole * WIDE, WIDE - width)
    inner = one.parent_id is not None
    return Bar(one, inner, round(max(x, 0.0), 1), round(width, 1), after, one.duration_us / 1000)


def _after(one: Step, began: datetime) -> float:
    return (one.started_at - began) / timedelta(milliseconds=1)
