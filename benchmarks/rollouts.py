"""Thousands of rollouts that never were: how often the tests cry wolf, and how soon they see one.

Every conversation ends with one to five stars. The tests look after every 50 conversations, up to
6,000, with the very bounds that decide about customers; beside them a fixed test that is peeked at
as often, and one that waits until its sample is complete.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.harms import harms
from benchmarks.load import Load
from benchmarks.rails import rails
from config.rollout import RolloutSettings
from learning.judging import UNLIKE
from learning.sequential import ALPHA, OF_OTHERS, OF_SCORE, reach

Figures = NDArray[np.float64]
LOOK, MOST = 50, 6_000
KNOBS: Final = RolloutSettings()
STARS: Final = np.arange(1.0, 6.0)
USUAL: Final = np.array([0.015, 0.03, 0.095, 0.26, 0.60])
"""A mean of 4.40 stars, with a standard deviation of 0.89."""
WORST: Final = np.array([0.015, 0.045, 0.16, 0.385, 0.395])
"""0.30 stars less, with one of 0.93."""
POWER_80: Final = 0.8416
ALPHA_25: Final = 1.96
BACK: Final = 0.15
HEARD: Final = 0.4
"""Customers of whom a score is heard."""
SILENCED: Final = 0.15
"""So much less often where a candidate keeps those from answering who are not content."""
TRUTHS: Final = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Looks:
    """What is known at each look: rows are rollouts, columns looks of LOOK conversations each."""

    canaries: Figures
    value: Figures
    error: Figures

    @property
    def counts(self) -> NDArray[np.int64]:
        return np.arange(1, self.value.shape[1] + 1) * LOOK

    def half(self, alpha: float) -> Figures:
        bounds: Figures = self.error * np.array([reach(int(one), alpha) for one in self.counts])
        return bounds

    def ready(self) -> NDArray[np.bool_]:
        return self.canaries >= KNOBS.least


def rollouts(load: Load) -> dict[str, Any]:
    runs = load.rollouts
    found = {
        "runs": runs,
        "no_difference": {
            f"at_{percent}": _alarms(played(percent, 0.0, runs), coming_back(percent, runs))
            for percent in (10, 50)
        },
        "planted": {
            f"at_{percent}": {
                _tenths(truth): _found(played(percent, truth, runs)) for truth in TRUTHS
            }
            for percent in (10, 50)
        },
        "heard": {f"at_{percent}": _heard(percent, runs) for percent in (10, 50)},
        "time": _time(runs),
        "rails": rails(load),
        "harms": harms(load),
    }
    load.told("rollouts are simulated")
    return found


def _tenths(truth: float) -> str:
    return f"{round(10 * truth):+d}_tenths"


def played(percent: int, truth: float, runs: int) -> Looks:
    """`truth` is how many stars the candidate's conversations have more, in the mean."""
    dice = np.random.default_rng([percent, round(10 * truth) + 100])
    canary = dice.random((runs, MOST)) < percent / 100
    usual = dice.choice(STARS, (runs, MOST), p=USUAL)
    stars = np.where(canary, dice.choice(STARS, (runs, MOST), p=_shifted(truth)), usual)
    return _looks(stars, canary)


def coming_back(percent: int, runs: int) -> Looks:
    """Of either side as many customers come back within days."""
    dice = np.random.default_rng([percent, 7])
    canary = dice.random((runs, MOST)) < percent / 100
    return _looks((dice.random((runs, MOST)) < BACK).astype(float), canary)


def _heard(percent: int, runs: int) -> dict[str, float | None]:
    """How often scores are not compared though both sides are heard of alike, and how often, and
    after how many conversations, where one is not."""
    found: dict[str, float | None] = {}
    for name, less in (("alike", 0.0), ("silenced", SILENCED)):
        dice = np.random.default_rng([percent, 11])
        canary = dice.random((runs, MOST)) < percent / 100
        share = np.where(canary, HEARD - less, HEARD)
        looks = _looks((dice.random((runs, MOST)) < share).astype(float), canary)
        far = np.abs(looks.value) - looks.half(ALPHA) > UNLIKE
        unlike = looks.ready() & far
        found |= {name: _share(unlike), f"{name}_median": _median(looks, unlike)}
    return found


def _looks(values: Figures, canary: NDArray[np.bool_]) -> Looks:
    others, mine = _seen(values, ~canary), _seen(values, canary)
    error = np.sqrt(others["variance"] / others["count"] + mine["variance"] / mine["count"])
    return Looks(mine["count"], mine["mean"] - others["mean"], error)


def _shifted(truth: float) -> Figures:
    """Below nothing a mixture with the worst; above it, some of the others become five stars."""
    towards = WORST if truth <= 0 else np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    mixed: Figures = USUAL + (towards - USUAL) * truth / float(STARS @ (towards - USUAL))
    return mixed


def _seen(stars: Figures, mine: NDArray[np.bool_]) -> Mapping[str, Figures]:
    at = np.arange(LOOK - 1, MOST, LOOK)
    count = np.maximum(np.cumsum(mine, axis=1)[:, at], 2).astype(float)
    total = np.cumsum(np.where(mine, stars, 0.0), axis=1)[:, at]
    squares = np.cumsum(np.where(mine, stars**2, 0.0), axis=1)[:, at]
    mean = total / count
    return {"count": count, "mean": mean, "variance": (squares - count * mean**2) / (count - 1)}


def _alarms(looks: Looks, back: Looks) -> dict[str, float]:
    """Shares of rollouts that were called harmful though nothing was wrong with them: for their
    score, or for their customers coming back."""
    half, ready = looks.half(OF_SCORE), looks.ready()
    returned = back.ready() & (back.value - back.half(OF_OTHERS) > 0)
    naive = looks.value + ALPHA_25 * looks.error < 0
    return {
        "false_harm": _share(ready & (looks.value + half < 0)),
        "false_recontact": _share(returned),
        "fixed_test_peeked_at": _share(ready & naive),
    }


def _found(looks: Looks) -> dict[str, float | None]:
    harm = looks.ready() & (looks.value + looks.half(OF_SCORE) < 0)
    fine = looks.ready() & (looks.value - looks.half(ALPHA) > -KNOBS.worse)
    return {
        "harm": _share(harm), "harm_median": _median(looks, harm),
        "not_worse": _share(fine & ~np.logical_or.accumulate(harm, axis=1)),
        "not_worse_median": _median(looks, fine),
    }  # fmt: skip


def _share(events: NDArray[np.bool_]) -> float:
    return round(float(events.any(axis=1).mean()), 4)


def _first(looks: Looks, events: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Conversations until it happened, MOST where it did not."""
    return np.where(events.any(axis=1), looks.counts[events.argmax(axis=1)], MOST)


def _median(looks: Looks, events: NDArray[np.bool_]) -> float | None:
    """Over the rollouts in which it happened."""
    happened = events.any(axis=1)
    return float(np.median(_first(looks, events)[happened])) if happened.any() else None


def _time(runs: int) -> dict[str, Any]:
    """Conversations until it is known whether a candidate is worse, not worse, or neither, at 50 %.

    The fixed test is planned as textbooks say: two-sided at 5 %, 80 % power to see the margin.
    """
    variance = float(STARS**2 @ USUAL - (STARS @ USUAL) ** 2)
    fixed = math.ceil(4 * variance * ((ALPHA_25 + POWER_80) / KNOBS.worse) ** 2)
    taken = {}
    for truth in TRUTHS:
        looks = played(50, truth, runs)
        harm = looks.ready() & (looks.value + looks.half(OF_SCORE) < 0)
        fine = looks.ready() & (looks.value - looks.half(ALPHA) > -KNOBS.worse)
        taken[_tenths(truth)] = round(float(_first(looks, harm | fine).mean()))
    mean = sum(taken.values()) / len(taken)
    return {
        "fixed": fixed,
        "taken": taken,
        "mean": round(mean),
        "saved": round(1 - mean / fixed, 4),
    }
