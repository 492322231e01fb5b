"""Train, validation and test: what belongs together never stands on both sides."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Final, Literal, TypeAlias
from uuid import UUID

from learning.duplicates import Clusters

Split: TypeAlias = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")
HELD_OUT: Final = 0.1
"""The share of rows that validation and test get, each."""


def assign(rows: Sequence[tuple[UUID, Hashable]]) -> list[Split]:
    """Rows are their customer and their cluster of copies; neither spans two splits.

    The order of groups follows from their customers alone, so that next week's split is much the
    same. A group too large for what is held out is trained on.
    """
    groups = _groups(rows)
    splits: list[Split] = ["train"] * len(rows)
    room = {"test": int(len(rows) * HELD_OUT), "validation": int(len(rows) * HELD_OUT)}
    for members in sorted(groups, key=lambda group: _drawn(rows, group)):
        for split in ("test", "validation"):
            if len(members) <= room[split]:
                room[split] -= len(members)
                for place in members:
                    splits[place] = "test" if split == "test" else "validation"
                break
    return splits


def _groups(rows: Sequence[tuple[UUID, Hashable]]) -> list[list[int]]:
    joined = Clusters(len(rows))
    first: dict[Hashable, int] = {}
    for place, (customer, cluster) in enumerate(rows):
        for key in (("customer", customer), ("cluster", cluster)):
            joined.join(first.setdefault(key, place), place)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(rows)):
        groups[joined.find(place)].append(place)
    return list(groups.values())


def _drawn(rows: Sequence[tuple[UUID, Hashable]], group: Sequence[int]) -> bytes:
    customer = min(rows[place][0] for place in group)
    return hashlib.sha256(customer.bytes).digest()
