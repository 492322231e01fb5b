"""Points for each bin of each feature, added up: what a few hundred cases can teach.

A logistic regression over bins. Its unknowns are the steps from one bin to the next, held small by
a penalty; where a feature has a direction no step may go against it (bounds of L-BFGS-B).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.sigmoid import logistic
from prediction.table import Feature, Numbers, Places, Table, edges_of, names_of, places_of

BINS: Final = 8
PENALTY: Final = 10.0
"""Of half the square of each step, in cases. From 1 to 80, on card holders, 10 was best or close to
the best with 150, 300 and 1,000 cases alike."""
_STEPS: Final = 500

Bound: TypeAlias = tuple[float | None, float | None]
_BOUNDS: Final[dict[int, Bound]] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}


@dataclass(frozen=True, slots=True)
class Scale:
    """`points` (log-odds) of the bins between `edges`, or of the `names` and the others; the last
    are of what is not known. Weighed by the cases trained on they add up to 0."""

    points: tuple[float, ...]
    edges: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`base` is the log-odds of somebody whose features are all like everybody's."""

    base: float
    scales: Mapping[str, Scale]


@dataclass(frozen=True, slots=True)
class _Part:
    """A feature while its points are sought: `block` has a row for each bin, which says which
    unknowns add up to its points; `places` is the bin of each case."""

    name: str
    scale: Scale
    block: Numbers
    bounds: Sequence[Bound]
    places: Places

    def slopes(self, misses: Numbers) -> Numbers:
        per_bin = np.bincount(self.places, misses, minlength=len(self.block))
        slopes: Numbers = per_bin @ self.block
        return slopes


def fit(table: Table, features: Sequence[Feature], bad: Numbers) -> Scorecard:
    parts = [_part(table.column(one.name), one) for one in features]
    base, unknowns = _solved(parts, bad)
    scales: dict[str, Scale] = {}
    for part, found in zip(parts, unknowns, strict=True):
        points = part.block @ found
        usual = float(points[part.places].mean())
        base += usual
        told = tuple((points - usual).tolist())
        scales[part.name] = Scale(told, part.scale.edges, part.scale.names)
    return Scorecard(base, scales)


def contributions(card: Scorecard, table: Table, names: Sequence[str]) -> Numbers:
    """A column of log-odds for each of `names`, and the base as the last."""
    columns = [_points(card.scales[name], table.column(name)) for name in names]
    return np.column_stack([*columns, np.full(len(table), card.base)])


def _points(scale: Scale, values: NDArray[Any]) -> Numbers:
    points: Numbers = np.array(scale.points)[places_of(values, scale.edges, scale.names)]
    return points


def _part(values: NDArray[Any], feature: Feature) -> _Part:
    if feature.kind == "category":
        scale = Scale((), names=names_of(values))
        block = np.eye(len(scale.names) + 2)
        bounds: list[Bound] = [(None, None)] * len(block)
    else:
        scale = Scale((), edges=edges_of(values, BINS))
        block, bounds = _stairs(len(scale.edges), _BOUNDS[feature.direction])
    return _Part(feature.name, scale, block, bounds, places_of(values, scale.edges, scale.names))


def _stairs(edges: int, step: Bound) -> tuple[Numbers, list[Bound]]:
    """A bin has the points of the one below and a step; what is not known has its own."""
    block = np.zeros((edges + 2, edges + 1))
    block[:-1, :-1] = np.tri(edges + 1, edges, -1)
    block[-1, -1] = 1.0
    return block, [*[step] * edges, (None, None)]


def _solved(parts: Sequence[_Part], bad: Numbers) -> tuple[float, list[Numbers]]:
    from scipy.optimize import minimize  # noqa: PLC0415  only who trains needs it

    ends = np.cumsum([part.block.shape[1] for part in parts])[:-1]

    def loss(unknown: Numbers) -> tuple[float, Numbers]:
        scores = np.full(len(bad), unknown[0])
        for part, found in zip(parts, np.split(unknown[1:], ends), strict=True):
            scores += (part.block @ found)[part.places]
        misses = logistic(scores) - bad
        value = (np.logaddexp(0, scores) - bad * scores).sum()
        value += PENALTY / 2 * (unknown[1:] ** 2).sum()
        slopes = np.concatenate([part.slopes(misses) for part in parts])
        return float(value), np.append(misses.sum(), slopes + PENALTY * unknown[1:])

    share = float(bad.mean())
    start = np.zeros(1 + sum(part.block.shape[1] for part in parts))
    start[0] = np.log(share / (1 - share))
    bounds = [(None, None), *(bound for part in parts for bound in part.bounds)]
    most = {"maxiter": _STEPS}
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options=most).x
    return float(found[0]), np.split(found[1:], ends)
