"""What takes a candidate back at once: counted in a short window. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from config.rollout import RolloutSettings
from learning.sequential import at_least

SURE: Final = 0.0001
"""A window is looked at every few seconds, day and night: bad luck must not look like a fault."""
INVENTS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Window:
    """The answers of one side: how many there were, and how many were what they must not be."""

    answers: int = 0
    failed: int = 0
    slow: int = 0
    invented: int = 0
    leaked: int = 0
    rude: int = 0


@dataclass(frozen=True, slots=True)
class Trip:
    """A guard rail that was touched: so many of so many answers."""

    rail: str
    hits: int
    answers: int

    def __str__(self) -> str:
        return f"{self.rail}: {self.hits} of {self.answers} answers"


def tripped(control: Window, canary: Window, knobs: RolloutSettings) -> Trip | None:
    """The first rail the candidate touches. Where the others fail or are slow as often, the network
    is to blame, not the candidate."""
    return next(_touched(control, canary, knobs), None)


def _touched(control: Window, canary: Window, knobs: RolloutSettings) -> Iterator[Trip]:
    count, answered = canary.answers, canary.answers - canary.failed
    if canary.leaked >= knobs.leaks:
        yield Trip("personal data or instructions given away", canary.leaked, answered)
    often = at_least(canary.invented, answered, knobs.off_policy) < INVENTS
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
