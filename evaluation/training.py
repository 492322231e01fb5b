"""Trains a shop's scorer on its labels, and says whether it is better than what it would replace.

Nothing is measured on what it was fitted to: the first regression's guesses are of folds that it
did not see, and whether the scorer is used is decided on labels that nothing was fitted to.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.scoring import Judgement
from evaluation.trained import (
    CLASSES,
    LEXICAL,
    NOTHING,
    TrainedScorer,
    packed_scorer,
    seen,
)
from learning.fitting import Line, Matrix, folds, regress
from learning.intents import TEMPERATURES, Taught, held_out, log_odds, loss_of
from learning.labels import Label, fingerprint, groups_of
from learning.measuring import drawn, f1_of
from nlu.classifier import Header, packed

FOLDS: Final = 5
READING: Final = 30.0
"""The strength of the regression that reads the words."""
STRENGTHS: Final = (0.03, 0.1, 0.3, 1.0)
LEAST_OF_A_SIDE: Final = 30
LEAST_FROZEN: Final = 60
SIDES: Final = 3
_CERTAIN: Final = 5.0
"""The percentile of the gain that has to be above nothing."""


class TooFewLabels(Exception):
    """Labels from which nothing can be learned yet; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A next message with what people, or the judge, say it is worth, and what the lexicon says."""

    text: str
    score: int | None
    lexicon: Judgement

    @property
    def name(self) -> str:
        return NOTHING if self.score is None else str(self.score)


@dataclass(frozen=True, slots=True)
class Gain:
    """Macro-F1 of negative, neutral and positive, before and after, on labels nobody trained on;
    `low` is what the gain is at least, 19 times of 20."""

    cases: int
    before: float
    after: float
    low: float

    @property
    def proved(self) -> bool:
        return self.cases >= LEAST_FROZEN and self.low > 0


def fit_scorer(labels: Sequence[Marked]) -> bytes:
    """The scorer as bytes, the same in whatever order the labels are told. Raises TooFewLabels."""
    refuse_too_few(labels)
    labels = sorted(labels, key=lambda one: (one.name, one.text, one.lexicon.score or 0))
    said = [Label(one.text, one.name) for one in labels]
    names, groups = sorted({one.intent for one in said}), groups_of(said)
    scores = held_out(said, (), groups, names, [READING])[READING]
    guesses = _spread(np.exp(log_odds(scores)), names)
    points = np.array(
        [seen(one.text, one.lexicon, row) for one, row in zip(labels, guesses, strict=True)]
    )
    strength, table = _weighed(points, [one.name for one in labels], groups)
    codes = np.array([CLASSES.index(one.name) for one in labels])
    temperature = min(TEMPERATURES, key=lambda one: loss_of(table / one, codes))
    line = regress(points, [one.name for one in labels], strength)
    slopes, bias = _complete(line)
    found = [CLASSES[code] for code in table.argmax(axis=1)]
    metrics = {"labels": len(labels), "held_out": measured([one.score for one in labels], found)}
    return packed_scorer(_words(said), slopes, bias, float(temperature), metrics)


def refuse_too_few(labels: Sequence[Marked]) -> None:
    counted = Counter(side(one.score) for one in labels)
    lacking = [
        f"{LEAST_OF_A_SIDE - counted[code]} more {name}"
        for code, name in enumerate(("negative", "neutral", "positive"))
        if counted[code] < LEAST_OF_A_SIDE
    ]
    rare = [name for name, count in Counter(one.name for one in labels).items() if count < FOLDS]
    lacking += [f"at least {FOLDS} of score {name}" for name in sorted(rare)]
    if lacking:
        raise TooFewLabels(f"not enough labels: {', '.join(lacking)}")


def compared(
    frozen: Sequence[Marked], before: Callable[[Marked], int | None], scorer: TrainedScorer
) -> Gain:
    """A paired bootstrap: both judge the same messages in each sample, copies drawn together."""
    wanted = np.array([side(one.score) for one in frozen], int)
    now = np.array([side(before(one)) for one in frozen], int)
    then = np.array([side(scorer.judge(one.text, one.lexicon).score) for one in frozen], int)

    def gain(rows: NDArray[np.int64]) -> float:
        after = f1_of(wanted[rows], then[rows], SIDES).mean()
        return float(after - f1_of(wanted[rows], now[rows], SIDES).mean())

    if not frozen:
        return Gain(0, 0.0, 0.0, 0.0)
    groups = groups_of([Label(one.text, one.name) for one in frozen])
    low = float(np.percentile([gain(rows) for rows in drawn(groups)], _CERTAIN))
    whole = float(f1_of(wanted, now, SIDES).mean()), float(f1_of(wanted, then, SIDES).mean())
    return Gain(len(frozen), *(round(one, 4) for one in (*whole, low)))


def without_copies(labels: Sequence[Marked], frozen: Sequence[Marked]) -> list[Marked]:
    """Whoever learns a copy of what it is measured on has learned it by heart."""
    groups = groups_of([Label(one.text, one.name) for one in (*frozen, *labels)])
    taken = set(groups[: len(frozen)])
    return [one for one, at in zip(labels, groups[len(frozen) :], strict=True) if at not in taken]


def measured(wanted: Sequence[int | None], found: Sequence[str]) -> dict[str, Any]:
    """What is told of a scorer: exact, within one, macro-F1 of the sides, praise that was none."""
    got = [None if name == NOTHING else int(name) for name in found]
    pairs = list(zip(wanted, got, strict=True))
    sides = np.array([side(one) for one in wanted]), np.array([side(one) for one in got])
    near = [abs(one - other) <= 1 for one, other in pairs if one is not None and other is not None]
    praised = [one for one, other in pairs if side(other) == SIDES - 1]
    return {
        "exact": round(sum(one == other for one, other in pairs) / len(pairs), 4),
        "within_one": round(sum(near) / max(len(near), 1), 4),
        "macro_f1": round(float(f1_of(*sides, SIDES).mean()), 4),
        "praise_right": round(
            sum(side(one) == SIDES - 1 for one in praised) / max(len(praised), 1), 4
        ),
        "negatives_praised": sum(side(one) == 0 for one in praised),
    }


def side(score: int | None) -> int:
    """0 negative, 1 neutral or nothing, 2 positive."""
    middle = 3 if score is None else score
    return 1 + (middle > 3) - (middle < 3)  # noqa: PLR2004  the middle of the scale


def _weighed(
    points: Matrix, names: Sequence[str], groups: Sequence[int]
) -> tuple[float, NDArray[np.float64]]:
    """The strength that is best on held-out folds, and the scores it gives there."""
    tables = {strength: np.zeros((len(names), len(CLASSES))) for strength in STRENGTHS}
    for inside, outside in folds(names, groups, FOLDS):
        for strength, table in tables.items():
            line = regress(points[inside], [names[place] for place in inside], strength)
            slopes, bias = _complete(line)
            table[outside] = points[outside] @ slopes.T + bias
    codes = np.array([CLASSES.index(name) for name in names])
    best = min(STRENGTHS, key=lambda one: loss_of(tables[one], codes))
    return best, tables[best]


def _complete(line: Line) -> tuple[Matrix, NDArray[np.float64]]:
    """With a row for every class, also those that no label has."""
    slopes = np.zeros((len(CLASSES), LEXICAL + len(CLASSES)))
    bias = np.full(len(CLASSES), -20.0)
    for place, name in enumerate(line.names):
        slopes[CLASSES.index(name)], bias[CLASSES.index(name)] = (
            line.slopes[place],
            line.bias[place],
        )
    return slopes, bias


def _spread(likely: Matrix, names: Sequence[str]) -> Matrix:
    wide = np.zeros((len(likely), len(CLASSES)))
    for place, name in enumerate(names):
        wide[:, CLASSES.index(name)] = likely[:, place]
    return wide


def _words(labels: Sequence[Label]) -> bytes:
    fitted = Taught.of(labels, ()).fit(READING)
    header = Header(
        pack="scorer",
        intents=fitted.intents,
        labels=fingerprint(labels),
        count=len(labels),
        temperature=1.0,
        strength=READING,
        metrics={},
    )
    weights, bias = fitted.weights(), fitted.bias.astype(np.float32)
    return packed(header, fitted.ground.rarity, weights, bias)
