"""Calibrating: scores become probabilities that can be believed (Platt, 1999)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from prediction.table import Numbers

FLATTEST: Final = 1e-3
_EXACT: Final = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 500}


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """The probability is 1 / (1 + exp(-(slope * score + shift))); the slope is above 0, so that
    calibrating never changes who is worse than whom."""

    slope: float
    shift: float


def calibrated(sigmoid: Sigmoid, scores: Numbers) -> Numbers:
    return logistic(sigmoid.slope * scores + sigmoid.shift)


def logistic(log_odds: Numbers) -> Numbers:
    """As a tangent it overflows nowhere."""
    found: Numbers = 0.5 * (1 + np.tanh(0.5 * log_odds))
    return found


def platt(scores: Numbers, bad: Numbers) -> Sigmoid:
    """Of scores that were given to cases unseen. Their targets are drawn in a little, as Platt
    does, so that no certainty is learned of few cases."""
    from scipy.optimize import minimize  # noqa: PLC0415  only who trains needs it

    count = float(bad.sum())
    goals = np.where(bad > 0, (count + 1) / (count + 2), 1 / (len(bad) - count + 2))

    def loss(found: Numbers) -> tuple[float, Numbers]:
        told = found[0] * scores + found[1]
        misses = (logistic(told) - goals) / len(scores)
        value = float((np.logaddexp(0, told) - goals * told).mean())
        return value, np.array([misses @ scores, misses.sum()])

    bounds = [(FLATTEST, None), (None, None)]
    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options=_EXACT).x
    return Sigmoid(float(found[0]), float(found[1]))
