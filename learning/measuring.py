"""How good guesses of intents are, with bounds: what a few hundred labels can show, and no more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 500
BINS: Final = 10
_ENDS: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Guess:
    """`group` is the cluster of copies it belongs to: copies are drawn together."""

    wanted: str
    found: str
    likely: float = 1.0
    group: int = 0


@dataclass(frozen=True, slots=True)
class Bounded:
    value: float
    low: float
    high: float

    def told(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high}


def report(guesses: Sequence[Guess], intents: Sequence[str]) -> dict[str, Any]:
    """Macro-F1 over `intents`, the F1 of each, what is taken for what, and how honest it is."""
    codes = {name: code for code, name in enumerate(intents)}
    other = len(intents)
    wanted = np.array([codes.get(one.wanted, other) for one in guesses])
    found = np.array([codes.get(one.found, other) for one in guesses])
    likely = np.array([one.likely for one in guesses])
    right = np.array([one.wanted == one.found for one in guesses], dtype=float)
    draws = drawn([one.group for one in guesses])

    def bounded(measure: Callable[[NDArray[np.int64]], float]) -> Bounded:
        low, high = np.percentile([measure(rows) for rows in draws], _ENDS)
        whole = measure(np.arange(len(guesses)))
        return Bounded(round(whole, 4), round(float(low), 4), round(float(high), 4))

    def f1(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return f1_of(wanted[rows], found[rows], other)

    each = {
        name: bounded(lambda rows, code=code: float(f1(rows)[code])).told()  # type: ignore[misc]
        for name, code in codes.items()
    }
    return {
        "messages": len(guesses),
        "macro_f1": bounded(lambda rows: float(f1(rows).mean())).told(),
        "accuracy": bounded(lambda rows: float(right[rows].mean())).told(),
        "ece": bounded(lambda rows: calibration_error(likely[rows], right[rows])).told(),
        "f1": each,
        "confusion": confusion(guesses),
    }


def fallen(
    guesses: Sequence[Guess], before: Mapping[str, float]
) -> tuple[Bounded, dict[str, Bounded]]:
    """By how much the macro-F1 over the intents of `before`, and the F1 of each, are lower than
    they were; of guesses that are as `report` would have them."""
    intents = sorted(before)
    codes = {name: code for code, name in enumerate(intents)}
    wanted = np.array([codes.get(one.wanted, len(intents)) for one in guesses])
    found = np.array([codes.get(one.found, len(intents)) for one in guesses])
    was = np.array([before[name] for name in intents])

    def fall(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        gaps: NDArray[np.float64] = was - f1_of(wanted[rows], found[rows], len(intents))
        return np.append(gaps, gaps.mean())

    whole = fall(np.arange(len(guesses)))
    low, high = np.percentile(
        [fall(rows) for rows in drawn([one.group for one in guesses])], _ENDS, 0
    )
    bounds = [
        Bounded(*(round(float(one), 4) for one in each))
        for each in zip(whole, low, high, strict=True)
    ]
    return bounds[-1], dict(zip(intents, bounds, strict=False))


def f1_of(wanted: NDArray[np.int64], found: NDArray[np.int64], intents: int) -> NDArray[np.float64]:
    """Of the first `intents` codes; what was neither wanted nor found counts as right."""
    hits = np.bincount(wanted[wanted == found], minlength=intents + 1)[:intents]
    all_ = np.bincount(wanted, minlength=intents + 1) + np.bincount(found, minlength=intents + 1)
    scores: NDArray[np.float64] = np.where(
        all_[:intents] > 0, 2 * hits / np.maximum(all_[:intents], 1), 1.0
    )
    return scores


def calibration_error(likely: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """How far what was said to be likely is from what was right, in ten bins of likelihood."""
    bins = np.minimum((likely * BINS).astype(int), BINS - 1)
    sums = np.bincount(bins, weights=likely - right, minlength=BINS)
    return float(np.abs(sums).sum() / len(likely))


def confusion(guesses: Sequence[Guess]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for one in guesses:
        row = table.setdefault(one.wanted, {})
        row[one.found] = row.get(one.found, 0) + 1
    return {name: dict(sorted(table[name].items())) for name in sorted(table)}


def drawn(groups: Sequence[int], seed: int = 0) -> list[NDArray[np.int64]]:
    """Rows of bootstrap samples, in which whole groups are drawn."""
    names, codes = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(names), (DRAWS, len(names)))
    return [np.concatenate([members[pick] for pick in row]) for row in picks]
