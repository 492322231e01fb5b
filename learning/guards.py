"""What takes a candidate back at once: counted in its last answers. Pure."""

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Final, TypeAlias

from config.rollout import RolloutSettings
from learning.sequential import at_least

SURE: Final = 0.0001
"""Answers are looked at every few seconds, day and night: bad luck must not look like a fault."""


@dataclass(frozen=True, slots=True)
class Window:
    """The answers of one side: how many there were, and how many were what they must not be."""

    answers: int = 0
    failed: int = 0
    slow: int = 0
    invented: int = 0
    leaked: int = 0
    rude: int = 0

    def __add__(self, other: "Window") -> "Window":
        return Window(*map(operator.add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Trip:
    """A guard rail that was touched: so many of so many answers."""

    rail: str
    hits: int
    answers: int

    def __str__(self) -> str:
        return f"{self.rail}: {self.hits} of {self.answers} answers"


Look: TypeAlias = tuple[Window, Window]
"""The answers of the others and of the candidate within the same time."""


def looks(counted: Iterable[tuple[str, bool, Mapping[str, int]]]) -> tuple[Look, Look]:
    """The last minutes, which show what broke just now; and the candidate's last answers with
    what else was answered since, which show it where a shop has few. `counted` are sides, whether
    it was within the last minutes, and the counts."""
    recent = {"control": Window(), "canary": Window()}
    every = dict(recent)
    for side, within, counts in counted:
        every[side] += Window(**counts)
        if within:
            recent[side] += Window(**counts)
    return (recent["control"], recent["canary"]), (every["control"], every["canary"])


def tripped(control: Window, canary: Window, knobs: RolloutSettings) -> Trip | None:
    """The first rail the candidate touches. Where the others fail or are slow as often, the network
    is to blame, not the candidate."""
    return next(_touched(control, canary, knobs), None)


def _touched(control: Window, canary: Window, knobs: RolloutSettings) -> Iterator[Trip]:
    count, answered = canary.answers, canary.answers - canary.failed
    if canary.leaked >= knobs.leaks:
        yield Trip("personal data or instructions given away", canary.leaked, answered)
    often = at_least(canary.invented, answered, knobs.off_policy) < SURE
    if canary.invented >= knobs.invented and often:
        yield Trip("invented amounts", canary.invented, answered)
    if canary.rude >= knobs.invented:
        yield Trip("insults", canary.rude, answered)
    errors = max(knobs.errors, share(control.failed, control.answers))
    if at_least(canary.failed, count, errors) < SURE:
        yield Trip("errors", canary.failed, count)
    slow = max(knobs.slow, share(control.slow, control.answers - control.failed))
    if at_least(canary.slow, answered, slow) < SURE:
        yield Trip(f"answers over {knobs.slow_ms} ms", canary.slow, answered)


def share(hits: int, count: int) -> float:
    """At most: a few answers of the control say little, so its own share gets the benefit."""
    return min((hits + 1) / (count + 2), 0.99) if hits else 0.0
