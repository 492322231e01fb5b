"""Columns of cases, and what each of them is: the one shape that every model here reads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.errors import ColumnMissing

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Kind: TypeAlias = Literal["number", "category"]
Direction: TypeAlias = Literal[-1, 0, 1]
MOST_NAMES: Final = 20
RAREST: Final = 0.005
"""The share of cases below which the name of a category is one of the others."""


@dataclass(frozen=True, slots=True)
class Feature:
    """`direction` +1: more of it never lowers the risk; -1: never raises it; 0: the data decide.

    `words` are a Spanish phrase for a person; it may hold {value}, or {percent} for a share.
    """

    name: str
    kind: Kind = "number"
    direction: Direction = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A column is float64 with NaN for what is not known, or objects that are text or None.

    `target` is 1 for who did not pay. `dates` (days) are when each case was seen, `known` when its
    outcome was: nothing is learned from an outcome of a day that the model is measured on. Cases of
    one `group` belong together (the months of one loan): folds do not part them.
    """

    features: Mapping[str, NDArray[Any]]
    target: NDArray[np.int8] | None = None
    dates: NDArray[np.datetime64] | None = None
    known: NDArray[np.datetime64] | None = None
    groups: Places | None = None

    def __len__(self) -> int:
        return len(next(iter(self.features.values()), ()))

    def rows(self, places: NDArray[Any] | list[int]) -> "Table":
        """The cases at these places; a mask does as well."""
        return replace(
            self,
            features={name: column[places] for name, column in self.features.items()},
            target=None if self.target is None else self.target[places],
            dates=None if self.dates is None else self.dates[places],
            known=None if self.known is None else self.known[places],
            groups=None if self.groups is None else self.groups[places],
        )

    def column(self, name: str) -> NDArray[Any]:
        try:
            return self.features[name]
        except KeyError:
            raise ColumnMissing(
                f"There is no column {name}",
                f"the model reads it; there are {', '.join(sorted(self.features)) or 'none'}",
                "Give it under this name: empty where it is not known",
            ) from None


def names_of(values: NDArray[Any]) -> tuple[str, ...]:
    """The categories that are frequent enough to be told apart, the most frequent first."""
    counts = Counter(one for one in values.tolist() if one is not None)
    least = max(2, RAREST * len(values))
    frequent = [(-count, name) for name, count in counts.items() if count >= least]
    return tuple(name for _, name in sorted(frequent)[:MOST_NAMES])


def edges_of(values: Numbers, bins: int) -> tuple[float, ...]:
    """Quantiles of what is known; equal ones are one, so that there may be fewer bins."""
    there = values[~np.isnan(values)]
    if not len(there):
        return ()
    cuts = np.quantile(there, np.arange(1, bins) / bins, method="inverted_cdf")
    return tuple(np.unique(cuts).tolist())


def places_of(values: NDArray[Any], edges: Sequence[float], names: Sequence[str]) -> Places:
    """The bin of each: up to an edge, and above all; or a name, and the others. Last comes what is
    not known."""
    if values.dtype == object:
        return codes(values, names)
    places = np.searchsorted(np.array(edges), values, side="left")
    return np.where(np.isnan(values), len(edges) + 1, places).astype(np.int64)


def codes(values: NDArray[Any], names: Sequence[str]) -> Places:
    """The place of each in `names`; after them stand the others, then what is not known."""
    places: dict[str | None, int] = {name: place for place, name in enumerate(names)}
    places[None] = len(names) + 1
    return np.array([places.get(one, len(names)) for one in values.tolist()], np.int64)
