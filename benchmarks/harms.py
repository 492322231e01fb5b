"""Candidates that never were, under all that their customers decide: how often one is taken back
for nothing, and after how many conversations for a harm that was planted.

Everything is drawn at once, conversation by conversation: stars, who comes back, who is handed
over to a person, what it cost, and how long each answer took, where the answers of one
conversation are slow together. The very rules look after every 50 conversations.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.load import Load
from config.rollout import FINE, PART, RolloutSettings
from learning.delays import variance
from learning.judging import Side, Statistics, weigh
from learning.sequential import Sample

Figures = NDArray[np.float64]
Places = NDArray[np.int64]
LOOK, MOST = 50, 6_000
KNOBS: Final = RolloutSettings()
PERCENTS: Final = (10, 50)
USUAL: Final = np.array([0.015, 0.03, 0.095, 0.26, 0.60])
STARS: Final = np.arange(1.0, 6.0)


@dataclass(frozen=True, slots=True)
class Truth:
    """What conversations of one side are like: the shares that come back and that are handed over
    to a person, and how many times as dear and as slow as those of the others they are."""

    back: float = 0.15
    handed: float = 0.1
    dearer: float = 1.0
    slower: float = 1.0


SAME: Final = Truth()
LIMIT: Final = Truth(handed=0.1 + KNOBS.handover, dearer=1.2, slower=1 + KNOBS.latency_share)
"""As much worse as it may be, in all that may be worse."""
PLANTED: Final[Mapping[str, Truth]] = {
    "handed_20_of_100": replace(SAME, handed=0.2),
    "handed_30_of_100": replace(SAME, handed=0.3),
    "half_again_as_slow": replace(SAME, slower=1.5),
    "twice_as_slow": replace(SAME, slower=2.0),
}
"""Of the others 10 of 100 conversations are handed over."""


@dataclass(frozen=True, slots=True)
class Played:
    """One side, in the order in which its conversations ended; `at` is the place of each among all,
    `of` the conversation of each answer, the quickest answer first."""

    at: Places
    values: Mapping[str, Figures]
    took: Figures
    of: Places
    sums: Mapping[str, tuple[Figures, Figures]] = field(default_factory=dict)

    def seen(self, until: int) -> Side:
        count = int(np.searchsorted(self.at, until))
        if count < 2:  # noqa: PLR2004  no variance of fewer
            return Side(count, count)
        samples = {name: _sample(count, *both) for name, both in self.sums.items()}
        known = self.of < count
        took, of = self.took[known], self.of[known]
        places = np.ceil(np.arange(FINE + 1) / FINE * len(took)).astype(int)
        delays = took[np.maximum(places - 1, 0)]
        answers = np.bincount(of, minlength=count)
        p95 = delays[round(PART * FINE)]
        late = np.bincount(of[took > p95], minlength=count)
        spread = float(np.var(late - (1 - PART) * answers, ddof=1))
        per = variance(spread, float(answers.mean()))
        samples["delay"] = Sample(count, float(p95), per)
        return Side(count, count, samples, delays=tuple(map(float, delays)))


def _sample(count: int, total: Figures, squares: Figures) -> Sample:
    mean = float(total[count - 1] / count)
    return Sample(count, mean, float(squares[count - 1] - count * mean**2) / (count - 1))


def played(dice: np.random.Generator, truth: Truth, at: Places) -> Played:
    count = len(at)
    values = {
        "score": dice.choice(STARS, count, p=USUAL),
        "recontact": (dice.random(count) < truth.back).astype(float),
        "handover": (dice.random(count) < truth.handed).astype(float),
        "cost": dice.lognormal(8.5, 0.8, count) * truth.dearer,
    }
    of = np.repeat(np.arange(count), 1 + dice.poisson(2.0, count))
    together = dice.normal(0.0, 0.3, count)[of]
    took = truth.slower * np.exp(7.0 + together + dice.normal(0.0, 0.4, len(of)))
    order = np.argsort(took, kind="stable")
    sums = {name: (np.cumsum(one), np.cumsum(one**2)) for name, one in values.items()}
    return Played(at, values, took[order], of[order], sums)


def verdict(truth: Truth, percent: int, number: int) -> tuple[int, tuple[str, ...]]:
    """After how many conversations it was taken back, and for what; MOST and nothing where it was
    not."""
    dice = np.random.default_rng([percent, number])
    mine = dice.random(MOST) < percent / 100
    control = played(dice, SAME, np.flatnonzero(~mine))
    canary = played(dice, truth, np.flatnonzero(mine))
    for until in range(LOOK, MOST + 1, LOOK):
        stats = Statistics(control.seen(until), canary.seen(until))
        if harms := weigh(stats, percent, KNOBS).harms:
            return until, harms
    return MOST, ()


def taken_back(truth: Truth, percent: int, runs: int) -> dict[str, Any]:
    """The share that was, the median of the conversations until then, and how often for what."""
    found = [verdict(truth, percent, number) for number in range(runs)]
    back = [until for until, harms in found if harms]
    named = [name for _, harms in found for name in harms]
    return {
        "share": round(len(back) / runs, 4),
        "median": float(np.median(back)) if back else None,
        "for": {name: named.count(name) for name in sorted(set(named))},
    }


def harms(load: Load) -> dict[str, Any]:
    runs = load.rollouts
    truths = {"no_difference": SAME, "at_the_limits": LIMIT, **PLANTED}
    return {
        name: {f"at_{percent}": taken_back(truth, percent, runs) for percent in PERCENTS}
        for name, truth in truths.items()
    }


if __name__ == "__main__":
    load = Load(lambda step: print(step, file=sys.stderr), rollouts=int(sys.argv[1]))
    print(json.dumps(harms(load)))
