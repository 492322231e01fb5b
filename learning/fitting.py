"""Logistic regression over hashed pieces of text: the one file that speaks scikit-learn.

There are fewer messages than features, so the regression is solved where the messages are: their
products with each other are turned into as many columns as messages, which loses nothing
(a Cholesky factor is a twentieth of the work of their eigenvectors, and as good).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlu.features import SIZE, Features, Weights, rarity_of, weighed

STEPS: Final = 500
PRECISE: Final = 1e-3
_APART: Final = 1e-5
"""So far is a message from its copy: without it they would span no space."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """Messages as points in the space that they span."""

    rarity: Weights
    points: NDArray[np.float32]
    rows: Any
    turned: Matrix

    def placed(self, found: Sequence[Features]) -> Matrix:
        """Other messages, in the same space."""
        placed: Matrix = (_rows(found, self.rarity) @ self.rows.T).toarray() @ self.turned
        return placed


@dataclass(frozen=True, slots=True)
class Fitted:
    intents: tuple[str, ...]
    ground: Ground
    slopes: Matrix
    bias: NDArray[np.float64]

    def scores(self, points: Matrix) -> Matrix:
        scores: Matrix = points @ self.slopes.T + self.bias
        return scores

    def weights(self) -> Weights:
        """A row for each place of the features."""
        turned = self.ground.rows.T @ (self.ground.turned @ self.slopes.T)
        weights: Weights = np.asarray(turned, dtype=np.float32)
        return weights


def ground_of(found: Sequence[Features]) -> Ground:
    from scipy.linalg import solve_triangular  # noqa: PLC0415  comes with scikit-learn

    rarity = rarity_of(found)
    rows = _rows(found, rarity)
    wide = rows.astype(np.float64)
    alike = (wide @ wide.T).toarray()
    alike[np.diag_indices_from(alike)] += _APART
    points = np.linalg.cholesky(alike)
    turned = solve_triangular(points, np.eye(len(points)), lower=True).T
    return Ground(rarity, points.astype(np.float32), rows, turned)


def fit(ground: Ground, intents: Sequence[str], worth: Sequence[float], strength: float) -> Fitted:
    """The larger `strength`, the closer to the labels."""
    line = regress(ground.points, intents, strength, worth)
    return Fitted(line.names, ground, line.slopes, line.bias)


@dataclass(frozen=True, slots=True)
class Line:
    """A logistic regression: a row of `slopes` and a number of `bias` for each name."""

    names: tuple[str, ...]
    slopes: Matrix
    bias: NDArray[np.float64]


def regress(
    points: NDArray[Any],
    names: Sequence[str],
    strength: float,
    worth: Sequence[float] | None = None,
) -> Line:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only who trains needs it

    model = LogisticRegression(C=strength, max_iter=STEPS, tol=PRECISE)
    model.fit(points, list(names), sample_weight=None if worth is None else list(worth))
    slopes, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # noqa: PLR2004  of two, only the second is told
        slopes, bias = np.vstack([-slopes, slopes]) / 2, np.array([-bias[0], bias[0]]) / 2
    return Line(tuple(str(name) for name in model.classes_), slopes, bias)


def folds(
    intents: Sequence[str], groups: Sequence[int], count: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows to fit and rows held out; a group never stands on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415  only who trains

    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=0)
    yield from splitter.split(np.zeros(len(intents)), list(intents), list(groups))


def _rows(found: Sequence[Features], rarity: Weights) -> Any:  # noqa: ANN401  scipy has no types
    from scipy.sparse import csr_matrix  # noqa: PLC0415  comes with scikit-learn

    ends = np.cumsum([0, *(len(one.places) for one in found)])
    places = np.concatenate([one.places for one in found])
    values = np.concatenate([weighed(one, rarity) for one in found])
    return csr_matrix((values, places, ends), shape=(len(found), SIZE))
