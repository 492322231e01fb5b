"""How cases are spread over bins, and how far that has moved: the population stability index.

The sum over bins of (now - then) * ln(now / then) (Siddiqi, Credit Risk Scorecards, 2006).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prediction.table import Feature, Numbers, edges_of, names_of, places_of

BINS: Final = 10
SCORE: Final = Feature("score")
"""What the model says, looked at as if it were a feature."""
_LEAST: Final = 1e-4
"""The share that an empty bin counts as, so that its logarithm exists."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Shares of the cases trained on: between the `edges`, or of the `names` and of the others;
    the last share is of what was not known."""

    shares: tuple[float, ...]
    edges: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


def reference(values: NDArray[Any], feature: Feature) -> Reference:
    if feature.kind == "category":
        empty = Reference((), names=names_of(values))
    else:
        empty = Reference((), edges=edges_of(values, BINS))
    shares = _shares(values, empty)
    return Reference(tuple(shares.tolist()), empty.edges, empty.names)


def psi(then: Reference, values: NDArray[Any]) -> float:
    """0 of the very sample that `then` was taken from."""
    now = np.maximum(_shares(values, then), _LEAST)
    before = np.maximum(np.array(then.shares), _LEAST)
    return float(((now - before) * np.log(now / before)).sum())


def _shares(values: NDArray[Any], like: Reference) -> Numbers:
    count = len(like.edges or like.names) + 2
    places = places_of(values, like.edges, like.names)
    shares: Numbers = np.bincount(places, minlength=count) / max(1, len(values))
    return shares
