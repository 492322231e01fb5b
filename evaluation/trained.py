"""A scorer learned of labels: what the lexicon hears and the words themselves, weighed together.

Two logistic regressions, stacked (Wolpert 1992): the first reads the words, the second weighs its
guess with the lexicon's. Its bytes are a line of JSON and a classifier of `nlu.classifier`: plain
numbers, read from data that cannot execute anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.lexicon import SENSES
from evaluation.scoring import NO_SIGNAL, Evidence, Judgement
from nlu.classifier import Classifier, ClassifierInvalid, unpacked
from nlu.features import Weights

FORMAT: Final = 1
NOTHING: Final = "-"
"""The class of messages that tell nothing of the reply."""
CLASSES: Final = (NOTHING, "1", "2", "3", "4", "5")
LABELS: Final = (*sorted({sense.label for sense in SENSES} | {"mixed"}),)
LEAST: Final = 1e-4
_LOUDEST: Final = 3.0
_LONG: Final = 20
_GOOD: Final = 4
_ENCODED: Final = {name: place for place, name in enumerate(LABELS)}
LEXICAL: Final = len(LABELS) + len(CLASSES) + 9


class ScorerInvalid(Exception):
    """These bytes are no scorer that this release can use."""


@dataclass(frozen=True, slots=True)
class TrainedScorer:
    """`slopes` has a row for each of CLASSES and a column for each of `seen`."""

    words: Classifier
    slopes: Weights
    bias: Weights
    temperature: float
    metrics: Mapping[str, Any]

    def likely(self, text: str, lexicon: Judgement) -> dict[str, float]:
        """Calibrated; the probabilities of all classes sum to one."""
        said = self.words.predict(text)
        guesses = np.array([said.get(name, 0.0) for name in CLASSES])
        scores = (self.slopes @ seen(text, lexicon, guesses) + self.bias) / self.temperature
        odds = np.exp(scores - scores.max())
        return dict(zip(CLASSES, (odds / odds.sum()).tolist(), strict=True))

    def judge(self, text: str, lexicon: Judgement) -> Judgement:
        """With the lexicon's label where both stand on the same side of the scale."""
        likely = self.likely(text, lexicon)
        name = max(likely, key=likely.__getitem__)
        sure = round(likely[name], 2)
        if name == NOTHING:
            return Judgement(None, NO_SIGNAL.label, sure, successful=False, evidence=())
        score = int(name)
        agrees = lexicon.score is not None and _side(lexicon.score) == _side(score)
        clues = lexicon.evidence if agrees else ()
        return Judgement(
            score,
            lexicon.label if agrees else "learned",
            sure,
            successful=lexicon.successful and score >= _GOOD,
            evidence=(Evidence("learned", f"{sure:.2f}", float(score - 3)), *clues),
        )


def seen(text: str, lexicon: Judgement, guesses: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the second regression weighs; `guesses` are the first one's, in the order of CLASSES."""
    label, score = np.zeros(len(LABELS)), np.zeros(len(CLASSES))
    if lexicon.label in _ENCODED:
        label[_ENCODED[lexicon.label]] = 1
    score[CLASSES.index(str(lexicon.score or NOTHING))] = 1
    weights = [one.weight for one in lexicon.evidence] or [0.0]
    side = np.sign((lexicon.score or 3) - 3)
    more = np.array(
        [
            lexicon.confidence * side,
            max(*weights, 0.0) / _LOUDEST,
            min(*weights, 0.0) / _LOUDEST,
            sum(weights) / _LOUDEST,
            len(lexicon.evidence) / _LOUDEST,
            float("?" in text),
            float("!" in text),
            min(len(text.split()), _LONG) / _LONG,
            float(lexicon.successful),
        ]
    )
    return np.concatenate([label, score, more, np.log(np.clip(guesses, LEAST, 1)) / 2])


def packed_scorer(
    words: bytes,
    slopes: NDArray[np.float64],
    bias: NDArray[np.float64],
    temperature: float,
    metrics: Mapping[str, Any],
) -> bytes:
    head = {
        "format": FORMAT,
        "labels": LABELS,
        "slopes": np.round(slopes, 6).tolist(),
        "bias": np.round(bias, 6).tolist(),
        "temperature": temperature,
        "metrics": dict(metrics),
    }
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + words


def unpacked_scorer(data: bytes) -> TrainedScorer:
    """Raises ScorerInvalid."""
    line, _, words = data.partition(b"\n")
    try:
        head = json.loads(line)
        if head["format"] != FORMAT or tuple(head["labels"]) != LABELS:
            raise ScorerInvalid("it was trained beside another lexicon: train it again")
        slopes = np.array(head["slopes"], np.float32)
        bias = np.array(head["bias"], np.float32)
        temperature, metrics = float(head["temperature"]), dict(head["metrics"])
        classifier = unpacked(words)
    except (ValueError, KeyError, TypeError) as error:
        raise ScorerInvalid(f"the head cannot be read: {error}") from error
    except ClassifierInvalid as error:
        raise ScorerInvalid(str(error)) from error
    shape = (len(CLASSES), LEXICAL + len(CLASSES))
    finite = np.isfinite(slopes).all() and np.isfinite(bias).all()
    if slopes.shape != shape or bias.shape != (len(CLASSES),) or not finite:
        raise ScorerInvalid(f"its weights have the shape {slopes.shape}, not {shape}")
    if not 0 < temperature < float("inf"):
        raise ScorerInvalid(f"a temperature of {temperature!r}")
    return TrainedScorer(classifier, slopes, bias, temperature, metrics)


def _side(score: int) -> int:
    return (score > 3) - (score < 3)  # noqa: PLR2004  the middle of the scale
