"""How good probabilities are: who is worse, how much worse, and whether they can be believed.

The bounds are bootstrapped: groups of cases are drawn together, so that the months of one loan do
not count as independent people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from prediction.table import Numbers, Places

DRAWS: Final = 200
BINS: Final = 10
POINTS: Final = 100
_ENDS: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Bounded:
    """`low` and `high` hold it in 95 of 100 draws."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said of some cases, and what came of them; both are shares."""

    said: float
    seen: float
    cases: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of cases the model was not trained on. `roc` are points (false alarms, found), from (0, 0)
    to (1, 1); `bins` hold equally many cases each, the surest payers first. `first` and `last` are
    days in ISO, empty where cases have none."""

    cases: int
    bad: int
    auc: Bounded
    average_precision: Bounded
    ks: Bounded
    brier: Bounded
    ece: float
    roc: tuple[tuple[float, float], ...]
    bins: tuple[Bin, ...]
    first: str = ""
    last: str = ""

    @property
    def bad_share(self) -> float:
        return self.bad / self.cases


@dataclass(frozen=True, slots=True)
class Ranked:
    """Cases from the likeliest to the least likely; `ends` are the last places of equal scores."""

    bad: Numbers
    said: Numbers
    ends: Places


def measured(said: Numbers, bad: Numbers, groups: Places | None = None, seed: int = 0) -> Metrics:
    """`said` are probabilities, `bad` is 1 or 0 for each; both classes are there."""
    order = np.argsort(-said, kind="stable")
    ranked = Ranked(bad[order].astype(float), said[order], _ends(said[order]))
    whole = np.ones(len(bad))
    among = None if groups is None else groups[order]
    drawn = [
        [measure(ranked, draw) for measure in MEASURES] for draw in _draws(ranked.bad, among, seed)
    ] or [[measure(ranked, whole) for measure in MEASURES]]
    bounds = np.percentile(drawn, _ENDS, axis=0).T.tolist()
    found = [
        Bounded(measure(ranked, whole), low, high)
        for measure, (low, high) in zip(MEASURES, bounds, strict=True)
    ]
    bins = bins_of(said, bad)
    return Metrics(
        cases=len(bad),
        bad=int(bad.sum()),
        auc=found[0],
        average_precision=found[1],
        ks=found[2],
        brier=found[3],
        ece=sum(abs(one.said - one.seen) * one.cases for one in bins) / len(bad),
        roc=_thinned(ranked),
        bins=bins,
    )


def auc(ranked: Ranked, weights: Numbers) -> float:
    """How often somebody who did not pay is ranked above somebody who did; equals count half."""
    found, alarms = _curve(ranked, weights)
    return float(np.trapezoid(found, alarms))


def average_precision(ranked: Ranked, weights: Numbers) -> float:
    bad, all_ = _counted(ranked, weights)
    gained = np.diff(bad, prepend=0.0) / bad[-1]
    return float((gained * bad / np.maximum(all_, np.finfo(float).tiny)).sum())


def ks(ranked: Ranked, weights: Numbers) -> float:
    """The widest gap between those found and those falsely alarmed (Kolmogorov-Smirnov)."""
    found, alarms = _curve(ranked, weights)
    return float((found - alarms).max())


def brier(ranked: Ranked, weights: Numbers) -> float:
    """The mean square of what was said less what came."""
    return float(np.average((ranked.said - ranked.bad) ** 2, weights=weights))


MEASURES: Final = (auc, average_precision, ks, brier)


def auc_of(said: Numbers, bad: Numbers) -> float:
    order = np.argsort(-said, kind="stable")
    return auc(Ranked(bad[order].astype(float), said[order], _ends(said[order])), np.ones(len(bad)))


def bins_of(said: Numbers, bad: Numbers, most: int = BINS) -> tuple[Bin, ...]:
    parts = np.array_split(np.argsort(said, kind="stable"), min(most, len(said)))
    return tuple(Bin(float(said[one].mean()), float(bad[one].mean()), len(one)) for one in parts)


def _ends(ranked: Numbers) -> Places:
    return np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1).astype(np.int64)


def _counted(ranked: Ranked, weights: Numbers) -> tuple[Numbers, Numbers]:
    """How many bad ones, and how many at all, are at least as likely as each score."""
    return np.cumsum(ranked.bad * weights)[ranked.ends], np.cumsum(weights)[ranked.ends]


def _curve(ranked: Ranked, weights: Numbers) -> tuple[Numbers, Numbers]:
    bad, all_ = _counted(ranked, weights)
    good = all_ - bad
    return np.append(0.0, bad / bad[-1]), np.append(0.0, good / good[-1])


def _thinned(ranked: Ranked) -> tuple[tuple[float, float], ...]:
    found, alarms = _curve(ranked, np.ones(len(ranked.bad)))
    places = np.unique(np.linspace(0, len(found) - 1, POINTS).round().astype(int))
    return tuple(
        (round(float(alarms[place]), 4), round(float(found[place]), 4)) for place in places
    )


def _draws(bad: Numbers, groups: Places | None, seed: int) -> Iterator[Numbers]:
    """How often each case stands in each sample; draws that lack a class are no samples."""
    random = np.random.default_rng(seed)
    names, codes = np.unique(np.arange(len(bad)) if groups is None else groups, return_inverse=True)
    for _ in range(DRAWS):
        weights = random.poisson(1.0, len(names)).astype(float)[codes]
        if 0 < weights @ bad < weights.sum():
            yield weights
