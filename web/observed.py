"""What the pages are given to tell how the bot is: what it counts, checks and holds."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from evaluation.seen import Seen
from services.metrics import Meters
from services.spans import Tracer

Check: TypeAlias = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do when it is not as it should be."""

    name: str
    state: Literal["ok", "warning", "error"]
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """A stage's part of the stream: what it holds, and how long the oldest has lain there."""

    name: str
    pending: int
    behind: int
    lag_s: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page of the system shows; `versions` and `licences` are by name."""

    findings: Sequence[Finding] = ()
    queues: Sequence[Queue] = ()
    letters: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)


async def _nothing() -> Facts:
    return Facts()


async def _still() -> None:
    """Nothing is measured anew."""


@dataclass(frozen=True, slots=True)
class Observed:
    """`checks` are asked whether the bot is ready, besides its stores; `measure` brings what is
    only known by asking up to date, before the figures of `meters` are read; `terms` is what rules
    know besides history."""

    tracer: Tracer = field(default_factory=Tracer)
    meters: Meters = field(default_factory=Meters)
    checks: Mapping[str, Check] = field(default_factory=dict)
    measure: Callable[[], Awaitable[None]] = _still
    facts: Callable[[], Awaitable[Facts]] = _nothing
    terms: Seen = field(default_factory=Seen)
