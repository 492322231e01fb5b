"""The figures of an evaluation: counted from its cases, with the bounds that they allow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.assessing import Answered, Judged
from learning.measuring import Bounded, Guess, drawn, f1_of

SURE: Final = 0.95
TAIL: Final = 5
"""Fewer draws beyond a bound do not tell where it is: it is taken from how far they spread."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case of an evaluation. `golden` ones are judged by what they must say; the others are
    labelled messages, whose answers count for what must never be said, and for time and cost."""

    name: str
    golden: bool
    answered: Answered
    judged: Judged


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are to judge: messages whose intent is known, copies once; those whose slots
    are; answers; and golden cases."""

    labelled: int
    slots: int
    answers: int
    golden: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`slots`, `correct` and `off_policy` are a count, and of how many."""

    rows: tuple[Row, ...]
    intent_f1: Bounded | None
    f1: Mapping[str, float]
    labelled: int
    slots: tuple[int, int]

    @property
    def correct(self) -> tuple[int, int]:
        judged = [row.judged for row in self.rows if row.golden]
        return sum(one.right for one in judged), len(judged)

    @property
    def off_policy(self) -> tuple[int, int]:
        return sum(row.judged.off_policy for row in self.rows), len(self.rows)

    @property
    def counts(self) -> Counts:
        return Counts(self.labelled, self.slots[1], self.off_policy[1], self.correct[1])

    def latencies(self, *, searched: bool) -> list[int]:
        return [
            row.answered.latency_ms
            for row in self.rows
            if row.answered.searched is searched and row.answered.text
        ]

    def told(self) -> dict[str, Any]:
        """As it is stored and printed."""
        faults = Counter(kind for row in self.rows for kind in row.judged.kinds)
        costs = [row.answered.cost_micros for row in self.rows]
        share = {name: count for name, count in sorted(faults.items()) if count}
        return {
            "cases": sum(row.golden for row in self.rows),
            "answers": len(self.rows),
            "correct": _share(self.correct),
            "off_policy": _share(self.off_policy),
            "rude": _share((faults["rude"], len(self.rows))),
            "well_formed": _share((len(self.rows) - faults["malformed"], len(self.rows))),
            "slot_exact": _share(self.slots),
            "intent_f1": self.intent_f1.told() if self.intent_f1 else None,
            "f1": dict(self.f1),
            "faults": share,
            "latency_ms": {
                "searched": _times(self.latencies(searched=True)),
                "plain": _times(self.latencies(searched=False)),
            },
            "tokens": sum(row.answered.tokens for row in self.rows),
            "cost_micros": sum(costs),
            "cost_micros_per_answer": round(sum(costs) / len(costs), 1) if costs else 0.0,
            "written_by": dict(Counter(row.answered.provider for row in self.rows)),
        }


def understood(
    guesses: Sequence[Guess], intents: Sequence[str], sure: float = SURE
) -> tuple[Bounded | None, dict[str, float]]:
    """Macro-F1 over `intents` with one-sided bounds, and the F1 of each; nothing of no labels."""
    wanted_of = {one.wanted for one in guesses}
    names = [name for name in intents if name in wanted_of]
    if not names:
        return None, {}
    codes = {name: code for code, name in enumerate(names)}
    wanted = np.array([codes.get(one.wanted, len(names)) for one in guesses])
    found = np.array([codes.get(one.found, len(names)) for one in guesses])
    each = f1_of(wanted, found, len(names))
    draws = drawn([one.group for one in guesses])
    means = np.array([f1_of(wanted[rows], found[rows], len(names)).mean() for rows in draws])
    bounded = _bounded(float(each.mean()), means, sure)
    return bounded, {name: round(float(each[code]), 4) for name, code in codes.items()}


def _bounded(value: float, means: NDArray[np.float64], sure: float) -> Bounded:
    low, high = (float(end) for end in np.percentile(means, (100 * (1 - sure), 100 * sure)))
    if (1 - sure) * len(means) < TAIL:
        reach = NormalDist().inv_cdf(sure) * float(means.std())
        low, high = max(min(low, value - reach), 0.0), min(max(high, value + reach), 1.0)
    return Bounded(round(value, 4), round(low, 4), round(high, 4))


def most_frequent(counts: Mapping[str, int], labelled: Sequence[str], limit: int) -> list[str]:
    """Of the intents that have labels; those nobody asked for come last, in the pack's order."""
    return sorted(labelled, key=lambda name: -counts.get(name, 0))[:limit]


def _share(counted: tuple[int, int]) -> dict[str, float | int | None]:
    count, of = counted
    return {"count": count, "of": of, "share": round(count / of, 4) if of else None}


def _times(times: Sequence[int]) -> dict[str, float | int | None]:
    if not times:
        return {"answers": 0, "p50": None, "p95": None}
    p50, p95 = np.percentile(times, (50, 95))
    return {"answers": len(times), "p50": round(float(p50), 1), "p95": round(float(p95), 1)}
