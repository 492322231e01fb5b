"""Trains the classifier of intents, and says how good it is on messages it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from config.packs import Pack
from learning.fitting import Fitted, Ground, Matrix, fit, folds, ground_of
from learning.labels import Label, fingerprint, groups_of, hints, refuse_too_few
from learning.measuring import Guess, f1_of, report
from nlu.classifier import Header, packed
from nlu.features import features
from nlu.parse import GENERAL

FOLDS: Final = 5
STRENGTHS: Final = (10.0, 30.0)
UNKNOWN: Final = -1e3
"""The score of an intent that a fold does not know."""
HINT: Final = 0.3
"""How much a word of a pack's rules counts beside a whole message."""
TEMPERATURES: Final = tuple(np.geomspace(0.1, 5, 60).tolist())


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What classifiers that never saw a message say of it; `likely` has a column per intent."""

    labels: tuple[Label, ...]
    groups: tuple[int, ...]
    intents: tuple[str, ...]
    strength: float
    temperature: float
    likely: Matrix

    def guesses(self) -> list[Guess]:
        best = self.likely.argmax(axis=1)
        return [
            Guess(label.intent, self.intents[code], float(row[code]), group)
            for label, group, row, code in zip(
                self.labels, self.groups, self.likely, best, strict=True
            )
        ]

    def of(self, place: int) -> dict[str, float]:
        return dict(zip(self.intents, self.likely[place].tolist(), strict=True))


def train(labels: Sequence[Label], beside: Sequence[Label], pack: Pack) -> tuple[bytes, HeldOut]:
    """The classifier as bytes; `beside` is what belongs to no intent. Raises TooFewLabels."""
    held = cross_validated(labels, beside, pack)
    taught = Taught.of(held.labels, hints(pack, held.intents))
    fitted = taught.fit(held.strength)
    header = Header(
        pack=pack.name,
        intents=fitted.intents,
        labels=fingerprint(held.labels),
        count=len(held.labels),
        temperature=held.temperature,
        strength=held.strength,
        metrics=measured(held),
    )
    weights, bias = fitted.weights(), fitted.bias.astype(np.float32)
    return packed(header, fitted.ground.rarity, weights, bias), held


@dataclass(frozen=True, slots=True)
class Taught:
    """What one classifier is fitted to: messages, and the words of the rules."""

    ground: Ground
    intents: tuple[str, ...]
    worth: tuple[float, ...]

    @classmethod
    def of(cls, labels: Sequence[Label], hinted: Sequence[Label]) -> "Taught":
        whole = (*labels, *hinted)
        worth = (*(1.0 for _ in labels), *(HINT for _ in hinted))
        ground = ground_of([features(one.text) for one in whole])
        return cls(ground, tuple(one.intent for one in whole), worth)

    def fit(self, strength: float) -> Fitted:
        return fit(self.ground, self.intents, self.worth, strength)


def cross_validated(labels: Sequence[Label], beside: Sequence[Label], pack: Pack) -> HeldOut:
    """The strength is the one with the best macro-F1 on held-out folds; they also calibrate it."""
    refuse_too_few(labels, pack)
    whole = (*labels, *beside)
    groups, intents = groups_of(whole), sorted({one.intent for one in whole})
    codes = np.array([intents.index(one.intent) for one in whole])
    scores = held_out(whole, hints(pack, intents), groups, intents)
    named = np.array([name != GENERAL for name in intents])
    best = max(
        STRENGTHS,
        key=lambda one: f1_of(codes, scores[one].argmax(axis=1), len(intents))[named].mean(),
    )
    temperature = min(TEMPERATURES, key=lambda one: loss_of(scores[best] / one, codes))
    likely = np.exp(log_odds(scores[best] / temperature))
    return HeldOut(whole, tuple(groups), tuple(intents), best, temperature, likely)


def measured(held: HeldOut) -> dict[str, Any]:
    return report(held.guesses(), [name for name in held.intents if name != GENERAL])


def held_out(
    labels: Sequence[Label],
    hinted: Sequence[Label],
    groups: Sequence[int],
    intents: list[str],
    strengths: Sequence[float] = STRENGTHS,
) -> dict[float, Matrix]:
    """For each strength, the scores of every message by a classifier that did not see it."""
    seen = [features(one.text) for one in labels]
    scores = {strength: np.full((len(seen), len(intents)), UNKNOWN) for strength in strengths}
    for inside, outside in folds([one.intent for one in labels], groups, FOLDS):
        taught = Taught.of([labels[place] for place in inside], hinted)
        points = taught.ground.placed([seen[place] for place in outside])
        for strength, table in scores.items():
            fitted = taught.fit(strength)
            _put(table, outside, fitted, fitted.scores(points), intents)
    return scores


def _put(
    table: Matrix, rows: NDArray[np.int64], fitted: Fitted, found: Matrix, intents: list[str]
) -> None:
    columns = np.array([intents.index(name) for name in fitted.intents])
    table[rows[:, None], columns[None, :]] = found


def loss_of(scores: Matrix, codes: NDArray[np.int64]) -> float:
    return float(-log_odds(scores)[np.arange(len(codes)), codes].mean())


def log_odds(scores: Matrix) -> Matrix:
    shifted = scores - scores.max(axis=1, keepdims=True)
    odds: Matrix = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return odds
