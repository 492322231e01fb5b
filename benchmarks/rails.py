"""Candidates that never were, under the guard rails: how often one is taken back for nothing.

Answers come at random, so many a day; each is bad by itself with the same probability. The very
rules that take a candidate back look after every answer, at the last minutes and as far back as
its last answers reach.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.load import Load
from config.rollout import RolloutSettings
from learning.guards import Window, tripped

KNOBS: Final = RolloutSettings()
DAYS: Final = 28
DAY_S: Final = 86_400
MOST: Final = 6_000
"""Answers of the candidate's after which nobody looks on; a quick shop has them sooner."""
TRAFFIC: Final = (3, 30, 300, 10_000)
"""Answers of the candidate's a day: 30 of a shop, a tenth of them its own, and more."""
RAILS: Final = {"invented": (0.005, 0.01, 0.015), "failed": (0.01, 0.03, 0.05)}
"""Of each rail how often an answer is bad of a candidate that may stay, up to the most it may."""
FAULTS: Final = (0.1, 0.2, 0.5, 1.0)
NEVER: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Run:
    """When answers came, and how many of them had been bad before each."""

    at: NDArray[np.float64]
    bad: NDArray[np.int64]

    def trips(self, rail: str) -> int | None:
        """After how many answers."""
        count = np.arange(1, len(self.at) + 1)
        recent = np.searchsorted(self.at, self.at - KNOBS.window_s)
        lasting = np.minimum(recent, np.maximum(count - KNOBS.window_answers, 0))
        over = np.zeros(len(self.at), dtype=bool)
        for first in (recent, lasting):
            seen, which = np.unique(count - first, return_inverse=True)
            enough = np.array([least(rail, int(one)) for one in seen])
            over |= self.bad[count] - self.bad[first] >= enough[which]
        return int(over.argmax()) + 1 if over.any() else None


@cache
def least(rail: str, answers: int) -> int:
    """Of so many answers, how many bad ones take the candidate back."""
    for bad in range(1, answers + 1):
        if tripped(Window(), Window(answers, **{rail: bad}), KNOBS):
            return bad
    return NEVER


def played(rail: str, share: float, daily: int, runs: int) -> list[int | None]:
    """Of each candidate, after how many answers it was taken back."""
    dice = np.random.default_rng([round(1000 * share), daily, len(rail)])
    answers = min(MOST, DAYS * daily)
    found = []
    for _ in range(runs):
        at = np.cumsum(dice.exponential(DAY_S / daily, answers))
        bad = np.concatenate([[0], np.cumsum(dice.random(answers) < share)])
        found.append(Run(at, bad).trips(rail))
    return found


def rails(load: Load) -> dict[str, Any]:
    """Shares that were taken back for nothing, by the rail, how often answers are bad, and how many
    come a day; and the median of the answers until one that is bad was."""
    runs = load.rollouts
    return {
        "false": {
            rail: {
                _told(share): {f"{daily}_a_day": taken(rail, share, daily, runs)
                                  for daily in TRAFFIC}
                for share in shares
            }
            for rail, shares in RAILS.items()
        },
        "answers_until": {
            rail: {_told(share): until(rail, share, runs) for share in FAULTS} for rail in RAILS
        },
    }  # fmt: skip


def _told(share: float) -> str:
    return f"at_{round(1000 * share)}_in_1000"


def taken(rail: str, share: float, daily: int, runs: int) -> float:
    found = played(rail, share, daily, runs)
    return round(sum(one is not None for one in found) / runs, 4)


def until(rail: str, share: float, runs: int) -> float | None:
    """In a shop of 30 conversations a day; None where fewer than half were taken back in time."""
    found = played(rail, share, TRAFFIC[0], runs)
    median = float(np.median([NEVER if one is None else one for one in found]))
    return median if median < NEVER else None
