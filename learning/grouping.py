"""Rows by what they have in common, as arrays: a million of them are no objects."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.signedinteger[Any]]


class Clusters:
    """Disjoint sets; the smallest member names its set."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low


def grouped(*columns: NDArray[Any]) -> tuple[Places, Places]:
    """The group of each row, numbered from 0 in the order of the columns' values; and of each group
    the row that comes first."""
    size = len(columns[0])
    order = np.lexsort(columns[::-1])
    fresh = np.zeros(size, bool)
    fresh[:1] = True
    for column in columns:
        fresh[1:] |= column[order[1:]] != column[order[:-1]]
    groups = np.empty(size, np.int64)
    groups[order] = np.cumsum(fresh) - 1
    return groups, order[fresh]


def first_of(*columns: NDArray[Any]) -> Places:
    """For each row the first one with the same values, itself if it is the first."""
    groups, first = grouped(*columns)
    return first[groups]


def ranks(groups: NDArray[Any]) -> Places:
    """For each row how many of its group come before it."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sizes = np.diff(np.concatenate((starts, [len(groups)])))
    found = np.empty(len(groups), np.int64)
    found[order] = np.arange(len(groups)) - np.repeat(starts, sizes)
    return found
