"""Which of the rows that may teach do teach: the decisions over all of them together.

Rows come the best first, and stay in that order; all that is known of them here are numbers.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from config.settings import CurationSettings
from learning.duplicates import EXACT, NEAR, NONE, Found
from learning.grouping import Places, grouped, ranks
from learning.splits import assigned

LEAST_PER_CUSTOMER: Final = 3
"""A share of a small dataset is less than a row; this many a customer always may give."""

ROW: Final = np.dtype(
    [
        ("id", "u8", 2), ("customer", "u8", 2), ("at", "i8"), ("merit", "i1"), ("score", "i1"),
        ("intent", "i4"), ("band", "i1"), ("begun", "i8"), ("length", "i4"), ("plain", "i4"),
    ]
)  # fmt: skip
"""A row that may teach. `at` is in microseconds; `merit` is 0 for the best; `begun` and `length`
say where the rest of it lies, and `plain` how long its plain text is, which follows."""
Rows: TypeAlias = NDArray[np.void]
Weights: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Selection:
    """Places of the rows that were chosen, in the order of time, with what was decided of each."""

    places: Places
    splits: Places
    weights: Weights
    clusters: Places
    dropped: Mapping[str, int]


def ordered(rows: Rows) -> Places:
    """The best first: a human's, then a success, then the score, then the newest."""
    ids = rows["id"]
    return np.lexsort(
        (ids[:, 1], ids[:, 0], -rows["at"], -rows["score"].astype(np.int16), rows["merit"])
    )


def selected(
    rows: Rows, found: Found, intents: Sequence[str], settings: CurationSettings
) -> Selection:
    """`rows` are in order; `found` says which of them are copies."""
    dropped: Counter[str] = Counter()
    for name, kind in (("exact_duplicate", EXACT), ("near_duplicate", NEAR)):
        dropped[name] = int((found.copy == kind).sum())
    chosen = np.flatnonzero(found.copy == NONE)
    # Nobody alone says what is frequent, or pushes out what is older; what is left is shared anew.
    chosen = _of_many_customers(rows, chosen, settings.per_customer, dropped)
    chosen = _of_frequent_intents(rows, chosen, intents, settings.top_intents, dropped)
    chosen = _newest(rows, chosen, settings.newest, dropped)
    chosen = _of_many_customers(rows, chosen, settings.per_customer, dropped)
    chosen, weights = _balanced(rows, chosen, dropped)
    clusters = found.cluster[chosen]
    splits = np.array(assigned(rows["customer"][chosen], clusters), np.int8)
    order = np.lexsort((*_by_id(rows[chosen]), rows["at"][chosen]))
    return Selection(chosen[order], splits[order], weights[order], clusters[order], +dropped)


def _by_id(rows: Rows) -> tuple[NDArray[Any], NDArray[Any]]:
    return rows["id"][:, 1], rows["id"][:, 0]


def _of_frequent_intents(
    rows: Rows, chosen: Places, names: Sequence[str], most: int, dropped: Counter[str]
) -> Places:
    counts = np.bincount(rows["intent"][chosen], minlength=len(names))
    ranked = sorted(range(len(names)), key=lambda intent: (-counts[intent], names[intent]))
    return _kept(chosen, np.isin(rows["intent"][chosen], ranked[:most]), "rare_intent", dropped)


def _newest(rows: Rows, chosen: Places, most: int, dropped: Counter[str]) -> Places:
    """Without a limit, 0, all of them."""
    if not most or len(chosen) <= most:
        return chosen
    order = np.lexsort((*_by_id(rows[chosen]), rows["at"][chosen]))
    kept = np.zeros(len(chosen), bool)
    kept[order[-most:]] = True
    return _kept(chosen, kept, "older", dropped)


def _of_many_customers(rows: Rows, chosen: Places, share: float, dropped: Counter[str]) -> Places:
    groups, _ = grouped(*rows["customer"][chosen].T)
    each = fair(np.bincount(groups), share)
    return _kept(chosen, ranks(groups) < each, "customer_cap", dropped)


def fair(given: Places, share: float) -> int:
    """The most that one of these customers may give, so that it is at most a share of what all of
    them then give: rows that are left out make nobody's share larger."""
    each = int(given.max(initial=0))
    while each > LEAST_PER_CUSTOMER:
        allowed = math.floor(share * int(np.minimum(given, each).sum()))
        if allowed >= each:
            return each
        each = max(LEAST_PER_CUSTOMER, allowed)
    return LEAST_PER_CUSTOMER


def _balanced(rows: Rows, chosen: Places, dropped: Counter[str]) -> tuple[Places, Weights]:
    """No intent at one intensity outgrows three times the usual; its rows then weigh more."""
    if not len(chosen):
        return chosen, np.empty(0)
    groups, _ = grouped(rows["intent"][chosen], rows["band"][chosen])
    sizes = np.bincount(groups)
    cap = int(3 * np.median(sizes))
    within = ranks(groups) < cap
    weights = np.round(np.maximum(1.0, sizes[groups] / cap), 6).astype(np.float64)
    return _kept(chosen, within, "balance", dropped), weights[within]


def _kept(chosen: Places, wanted: NDArray[np.bool_], reason: str, dropped: Counter[str]) -> Places:
    dropped[reason] += int((~wanted).sum())
    return chosen[wanted]
