"""Boosted trees that keep to the directions of their features: the one file that speaks LightGBM.

It keeps to one thread and one order of sums: the same cases and seed give the same trees, and on a
machine with other work two threads take longer than one, because each waits for the other awake.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from prediction.effects import Effects, effects
from prediction.errors import BoosterMissing, SchemaMismatch
from prediction.table import Feature, Numbers, Table, codes, names_of

if TYPE_CHECKING:
    from lightgbm.basic import Booster

TREES: Final = 300
MANY: Final = 500
"""From so many cases on, tables of effects are quicker than LightGBM."""
HOW: Final = "scripts/setup requirements-risk.txt installs it; on Debian it needs libgomp1 too"
_SHAPE: Final[dict[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 63,
    "monotone_constraints_method": "advanced",  # the basic one costs calibration, not only area
    "min_data_per_group": 40,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Boosted:
    """`trees` in LightGBM's own text; `names` of each feature that is a category."""

    trees: str
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Crossed:
    """`scores` of cases by trees that had not seen them; `trees` is how many were enough."""

    scores: Numbers
    trees: int


def missing() -> str:
    """Why no trees can be grown here; empty where they can."""
    try:
        import_module("lightgbm")
    except ImportError:
        return "LightGBM is not installed"
    except OSError as error:
        return f"LightGBM cannot be loaded ({error})"
    return ""


def cross(
    table: Table,
    features: Sequence[Feature],
    bad: Numbers,
    folds: Sequence[NDArray[np.bool_]],
    seed: int,
    tell: Callable[[], None],
) -> Crossed:
    """`folds` are masks of what is held out. So many trees as are best for all of them together."""
    names = _names(table, features)
    matrix = _matrix(table, features, names)
    grown, losses = [], []
    for held in folds:
        booster, loss = _grown(matrix, bad, features, seed, TREES, held)
        grown.append(booster)
        losses.append(loss)
        tell()
    trees = int(np.mean(losses, axis=0).argmin()) + 1
    scores = np.zeros(len(bad))
    for held, booster in zip(folds, grown, strict=True):
        scores[held] = booster.predict(matrix[held], raw_score=True, num_iteration=trees)
    return Crossed(scores, trees)


def fit(table: Table, features: Sequence[Feature], bad: Numbers, seed: int, trees: int) -> Boosted:
    names = _names(table, features)
    booster, _ = _grown(_matrix(table, features, names), bad, features, seed, trees)
    return Boosted(booster.model_to_string(), names)


def scores(boosted: Boosted, table: Table, features: Sequence[Feature]) -> Numbers:
    """Log-odds before they are calibrated."""
    found: Numbers = _asked(boosted, table, features, raw_score=True)
    return found


def contributions(boosted: Boosted, table: Table, features: Sequence[Feature]) -> Numbers:
    """A column of log-odds for each feature, and the base as the last: exact TreeSHAP values
    (Lundberg and others, 2020)."""
    own = effects_of(boosted.trees) if len(table) >= MANY else None
    if own is not None:
        return own.of(_matrix(table, features, boosted.names))
    found: Numbers = _asked(boosted, table, features, pred_contrib=True)
    return found


def _asked(boosted: Boosted, table: Table, features: Sequence[Feature], **how: bool) -> Numbers:
    matrix = _matrix(table, features, boosted.names)
    found = parsed(boosted.trees).predict(matrix, num_threads=1, **how)
    return np.asarray(found, np.float64)


@lru_cache(maxsize=8)
def parsed(trees: str) -> "Booster":
    """Parsing takes longer than asking."""
    if why := missing():
        raise BoosterMissing("This model needs boosted trees", why, HOW)
    from lightgbm.basic import Booster, LightGBMError  # noqa: PLC0415  only who grew trees has it

    try:
        return Booster(model_str=trees)
    except LightGBMError as error:
        raise SchemaMismatch(
            "This model is damaged", str(error), "Train it again, or take it from a backup"
        ) from error


@lru_cache(maxsize=8)
def effects_of(trees: str) -> Effects | None:
    """None where the trees do not lend themselves to it."""
    return effects(parsed(trees).dump_model())


def _grown(
    matrix: Numbers,
    bad: Numbers,
    features: Sequence[Feature],
    seed: int,
    trees: int,
    held: NDArray[np.bool_] | None = None,
) -> tuple["Booster", list[float]]:
    """With the loss on what is held out, after each tree."""
    import lightgbm  # noqa: PLC0415  half a second, and only who grows trees needs it

    shape = _SHAPE | {"seed": seed, "monotone_constraints": [one.direction for one in features]}
    categories = [place for place, one in enumerate(features) if one.kind == "category"]
    learned = np.ones(len(bad), bool) if held is None else ~held
    data = lightgbm.Dataset(
        matrix[learned], bad[learned], params=shape, categorical_feature=categories
    )
    losses: dict[str, Any] = {}
    checks = [] if held is None else [data.create_valid(matrix[held], bad[held])]
    booster = lightgbm.train(
        shape,
        data,
        trees,
        valid_sets=checks,
        valid_names=["held"] * len(checks),
        callbacks=[lightgbm.record_evaluation(losses)],
    )
    return booster, losses.get("held", {}).get("binary_logloss", [])


def _names(table: Table, features: Sequence[Feature]) -> dict[str, tuple[str, ...]]:
    return {
        one.name: names_of(table.column(one.name)) for one in features if one.kind == "category"
    }


def _matrix(
    table: Table, features: Sequence[Feature], names: Mapping[str, tuple[str, ...]]
) -> Numbers:
    return np.column_stack([_column(table, one, names) for one in features])


def _column(table: Table, feature: Feature, names: Mapping[str, tuple[str, ...]]) -> Numbers:
    values = table.column(feature.name)
    if feature.kind == "number":
        return values
    known = names[feature.name]
    places = codes(values, known).astype(np.float64)
    return np.where(places > len(known), np.nan, places)
