"""A model that has been read: probabilities, and what makes them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from prediction import boosting, scorecard
from prediction.boosting import Boosted
from prediction.scorecard import Scorecard
from prediction.sigmoid import Sigmoid, calibrated
from prediction.table import Feature, Numbers, Table


@dataclass(frozen=True, slots=True)
class Factor:
    """`effect` in log-odds: above 0 it raises the risk. All effects of a case and the model's base
    add up to the log-odds of its probability. `value` is None where it is not known."""

    feature: str
    value: float | str | None
    effect: float


@dataclass(frozen=True, slots=True)
class Predictor:
    features: Sequence[Feature]
    body: Scorecard | Boosted
    calibration: Sigmoid

    def probabilities(self, table: Table) -> Numbers:
        return calibrated(self.calibration, scores(self.body, self.features, table))

    def contributions(self, table: Table) -> Numbers:
        """Calibrated log-odds: a column for each feature, and the base as the last."""
        found = _contributions(self.body, self.features, table) * self.calibration.slope
        found[:, -1] += self.calibration.shift
        return found

    def factors(self, table: Table, most: int) -> list[list[Factor]]:
        effects = self.contributions(table)[:, :-1]
        order = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :most]
        strongest = np.take_along_axis(effects, order, axis=1)
        names = [one.name for one in self.features]
        columns = [table.column(name).tolist() for name in names]
        return [
            [
                Factor(names[place], _known(columns[place][case]), effect)
                for place, effect in zip(places, weighing, strict=True)
                if effect
            ]
            for case, (places, weighing) in enumerate(
                zip(order.tolist(), strongest.tolist(), strict=True)
            )
        ]


def scores(body: Scorecard | Boosted, features: Sequence[Feature], table: Table) -> Numbers:
    """Log-odds before they are calibrated."""
    if isinstance(body, Boosted):
        return boosting.scores(body, table, features)
    found: Numbers = _contributions(body, features, table).sum(axis=1)
    return found


def _contributions(body: Scorecard | Boosted, features: Sequence[Feature], table: Table) -> Numbers:
    if isinstance(body, Boosted):
        return boosting.contributions(body, table, features)
    return scorecard.contributions(body, table, [one.name for one in features])


def _known(value: float | str | None) -> float | str | None:
    """JSON has no NaN."""
    return None if isinstance(value, float) and math.isnan(value) else value
