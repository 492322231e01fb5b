"""Train, validation and test: what belongs together never stands on both sides."""

import hashlib
from collections.abc import Hashable, Sequence
from typing import Final, Literal, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from learning.grouping import Clusters, Places, grouped

Split: TypeAlias = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")
TRAIN, VALIDATION, TEST = range(3)
HELD_OUT: Final = 0.1
"""The share of rows that validation and test get, each."""
_LOW: Final = (1 << 64) - 1


def assign(rows: Sequence[tuple[UUID, Hashable]]) -> list[Split]:
    """Rows are their customer and their cluster of copies; neither spans two splits."""
    numbers: dict[Hashable, int] = {}
    clusters = [numbers.setdefault(cluster, len(numbers)) for _, cluster in rows]
    people = halves([customer for customer, _ in rows])
    return [SPLITS[place] for place in assigned(people, np.array(clusters, np.int64))]


def halves(ids: Sequence[UUID]) -> NDArray[np.uint64]:
    """Two numbers an id, so that a million of them are one array."""
    flat = [(one.int >> 64, one.int & _LOW) for one in ids]
    return np.array(flat, np.uint64).reshape(-1, 2)


def assigned(people: NDArray[np.uint64], clusters: Places) -> list[int]:
    """The split of each row, by its place in SPLITS; customers are given by their ids' halves.

    The order of groups follows from their customers alone, so that next week's split is much the
    same. A group too large for what is held out is trained on.
    """
    customers, first = grouped(people[:, 0], people[:, 1])
    groups = _groups(customers, clusters)
    sizes = np.bincount(groups, minlength=len(first)).tolist()
    room = {TEST: int(len(people) * HELD_OUT), VALIDATION: int(len(people) * HELD_OUT)}
    splits = np.full(len(first), TRAIN, np.int8)
    drawn = [(_drawn(*people[first[group]].tolist()), group) for group in np.unique(groups)]
    for _, group in sorted(drawn):
        for split in (TEST, VALIDATION):
            if sizes[group] <= room[split]:
                room[split] -= sizes[group]
                splits[group] = split
                break
    return splits[groups].tolist()  # type: ignore[no-any-return]  # numpy's tolist is any


def _groups(customers: Places, clusters: Places) -> Places:
    """The group of each row, named by its smallest customer."""
    people = int(customers.max(initial=-1)) + 1
    joined = Clusters(people)
    order = np.lexsort((customers, clusters))
    together = clusters[order[1:]] == clusters[order[:-1]]
    apart = customers[order[1:]] != customers[order[:-1]]
    for place in np.flatnonzero(together & apart).tolist():
        joined.join(int(customers[order[place]]), int(customers[order[place + 1]]))
    names = np.array([joined.find(one) for one in range(people)], np.int64)
    return names[customers]


def _drawn(high: int, low: int) -> bytes:
    return hashlib.sha256(high.to_bytes(8, "big") + low.to_bytes(8, "big")).digest()
