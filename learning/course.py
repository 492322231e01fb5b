"""How a confidence sequence has moved, conversation by conversation. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from learning.sequential import ALPHA, Difference, Sample, difference

POINTS: Final = 60


@dataclass(slots=True)
class Running:
    """Mean and variance of what has come so far (B. P. Welford, Technometrics 4(3), 1962)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)

    @property
    def sample(self) -> Sample:
        spread = self.squares / (self.count - 1) if self.count > 1 else 0.0
        return Sample(self.count, self.mean, spread)


def course(scores: Iterable[tuple[str, float]], least: int) -> list[Difference]:
    """At no more than POINTS places, the last one included; `scores` are `canary` or `control`."""
    seen = list(scores)
    sides = {"control": Running(), "canary": Running()}
    every = max(1, len(seen) // POINTS)
    found: list[Difference] = []
    for place, (side, score) in enumerate(seen, 1):
        sides[side].add(score)
        if place % every == 0 or place == len(seen):
            told = difference(sides["control"].sample, sides["canary"].sample, ALPHA, least)
            found += [told] if told else []
    return found
