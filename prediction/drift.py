"""Whether people still look like those a model learned from, and whether it has grown old.

A stability index below 0.1 says that nothing moved, one above 0.25 that the model is asked about
other people than it knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from prediction.model import Model, probabilities
from prediction.shares import psi
from prediction.table import Table

LITTLE, MUCH = 0.1, 0.25
AGED_DAYS: Final = 365

Shift: TypeAlias = Literal["steady", "moved", "changed"]
WORDS: Final[dict[Shift, str]] = {
    "steady": "sin cambios que importen",
    "moved": "ha cambiado algo: conviene mirarlo",
    "changed": "ha cambiado mucho: conviene volver a entrenar",
}
ENGLISH: Final[dict[Shift, str]] = {
    "steady": "no change that matters",
    "moved": "something has changed",
    "changed": "much has changed",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """Stability indices, of what the model says and of each feature; from `cases`."""

    score: float
    features: Mapping[str, float]
    cases: int

    @property
    def worst(self) -> float:
        return max(self.score, *self.features.values())


def drifted(model: Model, table: Table) -> Drift:
    """Of these cases against those trained on."""
    features = {
        one.name: psi(model.reference[one.name], table.column(one.name)) for one in model.features
    }
    return Drift(psi(model.scores, probabilities(model, table)), features, len(table))


def shift(index: float) -> Shift:
    if index < LITTLE:
        return "steady"
    return "moved" if index <= MUCH else "changed"


def aged(trained: date, today: date, most: int = AGED_DAYS) -> bool:
    """People and seasons change: a model of more than a year ago has not seen this one."""
    return (today - trained).days > most
