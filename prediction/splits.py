"""What is learned from and what is measured on. No day and no group stands on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.errors import BadDates
from prediction.table import Places, Table

HELD_OUT: Final = 0.3
FOLDS: Final = 5
_TENTHS: Final = 10

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Split:
    """`cut` is the first day held out, in ISO; empty where cases have no days."""

    learned: Mask
    held: Mask
    cut: str = ""


def split_of(table: Table, bad: NDArray[np.int8], seed: int) -> Split:
    """The last days where there are days, else a draw in which both classes have their share."""
    if table.dates is not None:
        return _in_time(table.dates, table.known)
    tenths = drawn(bad, table.groups, _TENTHS, seed)
    held = tenths < round(HELD_OUT * _TENTHS)
    return Split(~held, held)


def folds_of(bad: NDArray[np.int8], groups: Places | None, seed: int) -> Sequence[Mask]:
    """Masks of what is held out; each case is in one of them."""
    places = drawn(bad, groups, FOLDS, seed)
    return [places == place for place in range(FOLDS)]


def drawn(bad: NDArray[np.int8], groups: Places | None, parts: int, seed: int) -> Places:
    """The part of each case: groups that hold somebody who did not pay are dealt out in turn, and
    so are the others."""
    names, codes = np.unique(np.arange(len(bad)) if groups is None else groups, return_inverse=True)
    worst = np.zeros(len(names), np.int8)
    np.maximum.at(worst, codes, bad)
    dealt = np.zeros(len(names), np.int64)
    random = np.random.default_rng(seed)
    for kind in (0, 1):
        members = random.permutation(np.flatnonzero(worst == kind))
        dealt[members] = np.arange(len(members)) % parts
    return dealt[codes]


def _in_time(dates: NDArray[np.datetime64], known: NDArray[np.datetime64] | None) -> Split:
    if np.isnat(dates).any():
        raise BadDates(
            "Some cases have no date", "they stand on neither side of a day", "Leave them out"
        )
    days, counts = np.unique(dates, return_counts=True)
    if len(days) == 1:
        raise BadDates(
            f"All cases are of {days[0]}",
            "there is no later day to measure on",
            "Train without dates, or with another column of dates",
        )
    later = np.cumsum(counts[::-1])[::-1] / len(dates)
    cut = days[1:][np.abs(later[1:] - HELD_OUT).argmin()]
    learned = dates < cut
    if known is not None:
        learned &= known < cut
    return Split(learned, dates >= cut, str(cut))
