"""A risk model is data: what it learned, how good it was, what it left out. Nothing in it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

import msgspec

from prediction.boosting import Boosted
from prediction.errors import SchemaMismatch
from prediction.measuring import Metrics
from prediction.notes import Note, Why
from prediction.predictor import Factor, Predictor
from prediction.scorecard import Scorecard
from prediction.shares import Reference
from prediction.sigmoid import Sigmoid
from prediction.table import Feature, Numbers, Table

SCHEMA: Final = 1
Kind: TypeAlias = Literal["scorecard", "boosting"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days in ISO, empty without dates. What was held out begins at `cut`."""

    first: str = ""
    last: str = ""
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """`purged` cases were neither trained on nor held out: their outcome was known too late."""

    cases: int
    bad: int
    trained: int
    held_out: int
    purged: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    column: str
    why: Why


@dataclass(frozen=True, eq=False)
class Model:
    """`subject` says what it predicts. `reference` are the shares of each feature, `scores` those
    of the probabilities, as trained. Keep what `decoded` gives: asking the same object again parses
    nothing.
    """

    kind: Kind
    features: tuple[Feature, ...]
    body: Mapping[str, Any]
    calibration: Sigmoid
    metrics: Metrics
    period: Period
    counts: Counts
    reference: Mapping[str, Reference]
    scores: Reference
    trained_at: datetime
    subject: str = ""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
    seed: int = 0
    schema: int = SCHEMA


def encoded(model: Model) -> dict[str, Any]:
    """What JSON can hold."""
    told: dict[str, Any] = msgspec.to_builtins(model)
    return told


def decoded(told: Mapping[str, Any]) -> Model:
    schema = told.get("schema")
    if schema != SCHEMA:
        raise SchemaMismatch(
            "This model cannot be read",
            f"it has the schema {schema}; this release reads {SCHEMA}",
            "Train it again",
        )
    try:
        return msgspec.convert(told, Model)
    except msgspec.ValidationError as error:
        raise _damaged(error) from error


def probabilities(model: Model, table: Table) -> Numbers:
    """Of not paying, for each case."""
    return _predictor(model).probabilities(table)


def factors(model: Model, table: Table, most: int = 5) -> list[list[Factor]]:
    """Of each case what weighs most, the strongest first, whichever way it weighs."""
    return _predictor(model).factors(table, most)


@lru_cache(maxsize=16)
def _predictor(model: Model) -> Predictor:
    try:
        body = _body(model)
    except msgspec.ValidationError as error:
        raise _damaged(error) from error
    return Predictor(model.features, body, model.calibration)


def _body(model: Model) -> Scorecard | Boosted:
    if model.kind == "scorecard":
        return msgspec.convert(model.body, Scorecard)
    return msgspec.convert(model.body, Boosted)


def _damaged(error: Exception) -> SchemaMismatch:
    return SchemaMismatch(
        "This model is damaged", str(error), "Train it again, or take it from a backup"
    )
