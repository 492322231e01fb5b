"""The days of the past on which a model could have been asked, one a month."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from prediction.book import Book
from prediction.table import Places, Table

MONTHS: Final = 36
CASES: Final = 40_000
"""So many cases teach as much as more would, and in a fraction of the time."""


def days(book: Book, last: int) -> list[int]:
    """The first of each month, the newest `MONTHS` of those on which somebody owed something."""
    if not len(book.loans.opened):
        return []
    month = np.datetime64(last, "D").astype("datetime64[M]")
    found: Places = (month - np.arange(MONTHS)).astype("datetime64[D]").astype(np.int64)
    return sorted(one for one in found.tolist() if int(book.loans.opened.min()) < one <= last)


def drawn(places: Places, most: int, seed: int, day: int) -> Places:
    """Some of them, the same ones every time."""
    if len(places) <= most:
        return places
    chosen = np.random.default_rng([seed, day]).choice(len(places), most, replace=False)
    return places[np.sort(chosen)]


def joined(parts: Iterable[Table]) -> Table:
    """Cases of several days as one table; without any it has no columns."""
    tables = [one for one in parts if len(one)]
    if not tables:
        return Table({})
    names = tables[0].features
    return Table(
        {name: np.concatenate([one.features[name] for one in tables]) for name in names},
        target=np.concatenate([one.target for one in tables if one.target is not None]),
        dates=np.concatenate([one.dates for one in tables if one.dates is not None]),
        known=np.concatenate([one.known for one in tables if one.known is not None]),
        groups=np.concatenate([one.groups for one in tables if one.groups is not None]),
    )


def apart(tables: Iterable[Table]) -> Iterator[Table]:
    """Those of several books, so that nobody's group is that of somebody else."""
    first = 0
    for one in tables:
        if one.groups is not None and len(one):
            yield replace(one, groups=one.groups + first)
            first += int(one.groups.max()) + 1
