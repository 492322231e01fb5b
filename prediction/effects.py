"""What each feature adds to the sum of boosted trees, for many cases at once: exact TreeSHAP values
(Lundberg and others, 2020) out of tables made beforehand.

A leaf knows of a case no more than which of its features led towards it, so all it can ever add is
a short table. LightGBM works the same out anew for each case.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.table import Numbers, Places

Node: TypeAlias = Mapping[str, Any]
DEEPEST: Final = 12
"""More features on the way to a leaf would make too long a table."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The cells of a feature: up to each of the `edges`, above them, and last what is not known; or
    each category below `categories`, and the others."""

    edges: Numbers
    categories: int = 0

    @property
    def cells(self) -> int:
        return (self.categories or len(self.edges)) + 2

    def places(self, values: Numbers) -> Places:
        unknown = np.isnan(values)
        if self.categories:
            found = np.minimum(np.where(unknown, 0, values), self.categories).astype(np.int64)
        else:
            found = np.searchsorted(self.edges, values)
        return np.where(unknown, self.cells - 1, found).astype(np.int64)

    def left(self, node: Node) -> NDArray[np.bool_]:
        """Which cells go to the left there."""
        cells = np.arange(self.cells)
        if self.categories:
            return np.isin(cells, [int(one) for one in str(node["threshold"]).split("||")])
        found: NDArray[np.bool_] = cells <= np.searchsorted(self.edges, node["threshold"])
        unknown = node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0
        found[-1] = unknown
        return found


@dataclass(frozen=True, eq=False)
class Leaf:
    """`bits` are, of each of its features, what a cell adds to the row of the table; `added` what
    that feature then adds, by row."""

    features: tuple[int, ...]
    bits: tuple[Places, ...]
    added: tuple[Numbers, ...]


@dataclass(frozen=True, eq=False)
class Effects:
    cuts: Mapping[int, Cut]
    leaves: Sequence[Leaf]
    features: int
    base: float

    def of(self, matrix: Numbers) -> Numbers:
        """A column of log-odds for each feature, and the base as the last."""
        cells = {place: cut.places(matrix[:, place]) for place, cut in self.cuts.items()}
        found = np.zeros((self.features + 1, len(matrix)))
        found[-1] = self.base
        for leaf in self.leaves:
            row = np.zeros(len(matrix), np.int64)
            for place, bits in zip(leaf.features, leaf.bits, strict=True):
                row += bits.take(cells[place])
            for place, added in zip(leaf.features, leaf.added, strict=True):
                found[place] += added.take(row)
        return np.ascontiguousarray(found.T)


def effects(told: Mapping[str, Any]) -> Effects | None:
    """Of trees as LightGBM dumps them; None where it has to be asked itself."""
    trees = [one["tree_structure"] for one in told["tree_info"]]
    splits = [node for tree in trees for node in _splits(tree)]
    if any(node["missing_type"] == "Zero" or not _count(node) for node in splits):
        return None
    cuts = {place: _cut(place, splits) for place in {node["split_feature"] for node in splits}}
    ways = [way for tree in trees for way in _ways(tree, cuts)]
    if any(len(way.led) > DEEPEST for way in ways):
        return None
    base = sum(_expected(tree) for tree in trees)
    leaves = [_leaf(way) for way in ways if way.led]
    return Effects(cuts, leaves, told["max_feature_idx"] + 1, base)


@dataclass(frozen=True, eq=False)
class _Way:
    """To a leaf: of each feature the cells that lead there, and the share of the cases that went
    there by chance."""

    value: float
    led: Mapping[int, tuple[NDArray[np.bool_], float]]


def _splits(node: Node) -> Iterator[Node]:
    if "split_feature" in node:
        yield node
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def _cut(place: int, splits: Sequence[Node]) -> Cut:
    mine = [node for node in splits if node["split_feature"] == place]
    if mine[0]["decision_type"] == "==":
        named = [int(one) for node in mine for one in str(node["threshold"]).split("||")]
        return Cut(np.zeros(0), max(named) + 1)
    return Cut(np.unique([node["threshold"] for node in mine]))


def _ways(tree: Node, cuts: Mapping[int, Cut], way: _Way | None = None) -> Iterator[_Way]:
    led = way.led if way else {}
    if "split_feature" not in tree:
        yield _Way(tree["leaf_value"], led)
        return
    place = tree["split_feature"]
    left = cuts[place].left(tree)
    for child, cells in ((tree["left_child"], left), (tree["right_child"], ~left)):
        before, share = led.get(place, (np.ones(len(cells), np.bool_), 1.0))
        now = before & cells, share * _count(child) / _count(tree)
        yield from _ways(child, cuts, _Way(0.0, {**led, place: now}))


def _count(node: Node) -> int:
    return int(node["internal_count"] if "split_feature" in node else node["leaf_count"])


def _expected(tree: Node) -> float:
    if "split_feature" not in tree:
        return float(tree["leaf_value"])
    children = tree["left_child"], tree["right_child"]
    return sum(_expected(one) * _count(one) for one in children) / _count(tree)


def _leaf(way: _Way) -> Leaf:
    """Shapley's weights are an integral of a polynomial, which so many points give exactly:
    of feature i, (led - share) times that of the product over the others of (1 - t) share + t led.
    """
    count = len(way.led)
    points, weights = np.polynomial.legendre.leggauss(count // 2 + 1)
    at, weights = (points + 1) / 2, weights / 2
    share = np.array([one for _, one in way.led.values()])
    led = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    each = (1 - at) * share[:, None] + at * led[:, :, None]
    added = []
    for place in range(count):
        others = np.delete(each, place, axis=1).prod(axis=1) @ weights
        added.append(way.value * (led[:, place] - share[place]) * others)
    bits = tuple(cells.astype(np.int64) << k for k, (cells, _) in enumerate(way.led.values()))
    return Leaf(tuple(way.led), bits, tuple(added))
