"""Whether one evaluation went better than another: differences case by case, with their bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np

from learning.measuring import Bounded, drawn

BOTH_ENDS: Final = (2.5, 97.5)
MEASURES: Final = ("points", "latency_ms", "cost_micros")
"""What is compared, and the column it stands in."""


class Judged(Protocol):
    """A case of an evaluation, as it is kept."""

    @property
    def name(self) -> str: ...

    @property
    def passed(self) -> bool: ...


Kept = TypeVar("Kept", bound=Judged)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more the second has than the first, on the `cases` that both were given; between
    `low` and `high` at 95 %. `better` and `worse` count the cases."""

    cases: int
    mean: Bounded
    better: int
    worse: int

    @property
    def sure(self) -> str:
        """`more`, `less`, or nothing that can be told."""
        if self.mean.low > 0:
            return "more"
        return "less" if self.mean.high < 0 else ""

    def told(self) -> dict[str, Any]:
        counted = {"cases": self.cases, "better": self.better, "worse": self.worse}
        return counted | self.mean.told() | {"sure": self.sure}


def paired(first: Mapping[str, float], second: Mapping[str, float]) -> Difference | None:
    """By a bootstrap of the cases' own differences; None where they have no case in common."""
    names = sorted(first.keys() & second.keys())
    if not names:
        return None
    gaps = np.array([second[name] - first[name] for name in names])
    means = [gaps[rows].mean() for rows in drawn(range(len(names)))]
    low, high = np.percentile(means, BOTH_ENDS)
    mean = Bounded(round(float(gaps.mean()), 4), round(float(low), 4), round(float(high), 4))
    return Difference(len(names), mean, int((gaps > 0).sum()), int((gaps < 0).sum()))


def measured(rows: Sequence[Judged], measure: str) -> dict[str, float]:
    """Of messages that are only labelled nobody knows whether the answer is right."""
    wanted = [row for row in rows if measure != "points" or not row.name.startswith("message:")]
    return {row.name: float(getattr(row, measure)) for row in wanted}


def flipped(first: Sequence[Kept], second: Sequence[Kept]) -> list[tuple[Kept, Kept]]:
    """Cases that one got right and the other did not; what the second broke comes first."""
    before = {row.name: row for row in first}
    pairs = [(before[row.name], row) for row in second if row.name in before]
    changed = [(old, new) for old, new in pairs if old.passed != new.passed]
    return sorted(changed, key=lambda pair: (pair[1].passed, pair[1].name))
