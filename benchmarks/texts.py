"""Texts to find things in: public questions beside the checkout, and as many made-up passages as
wanted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from config.settings import ROOT
from text.folding import fold

XQUAD: Final = ROOT.parent / "shared" / "data" / "xquad-es" / "xquad.es.json"
SYLLABLES: Final = [
    head + vowel for head in (*"bcdfglmnprstv", "ch", "ll", "br", "tr", "pl") for vowel in "aeiou"
]
ENDINGS: Final = ("o", "a", "os", "as", "ar", "cion", "mente", "ado", "ero", "able", "ico", "ia")
WORDS, TOPICS, OF_TOPIC, LENGTH = 40_000, 400, 300, 130
SPOILED: Final = 0.35
"""The part of the longer words that a hurried person misspells here."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    paragraph: int


def xquad(path: Path = XQUAD) -> tuple[list[str], list[Question]] | None:
    """240 paragraphs and 1,190 questions (Artetxe et al., arXiv 1910.11856); None without them."""
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))["data"]
    found = [paragraph for article in told for paragraph in article["paragraphs"]]
    questions = [
        Question(asked["question"], place)
        for place, paragraph in enumerate(found)
        for asked in paragraph["qas"]
    ]
    return [paragraph["context"] for paragraph in found], questions


def hurried(questions: list[Question]) -> list[Question]:
    """Without accents, and with a letter lost, doubled, swapped or wrong in many words."""
    dice = Random(7)  # noqa: S311  no secret
    return [
        Question(" ".join(_spoiled(word, dice) for word in fold(one.text).split()), one.paragraph)
        for one in questions
    ]


def _spoiled(word: str, dice: Random) -> str:
    if len(word) < 5 or dice.random() > SPOILED:  # noqa: PLR2004  the longer words
        return word
    at = dice.randrange(1, len(word) - 1)
    wrong = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + wrong + word[at + 1 :],
        ]
    )


class Writer:
    """Passages about two topics each, with common words as often as in a language (Zipf)."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = Random(seed)  # noqa: S311  no secret
        self.draw = np.random.default_rng(seed)
        made = {self._word(): None for _ in range(WORDS * 2)}
        self.words = np.array(list(made)[:WORDS])
        common = 1 / np.arange(1, len(self.words) + 1)
        own = 1 / np.arange(1, OF_TOPIC + 1) ** 0.8
        self.common, self.own = np.cumsum(common / common.sum()), np.cumsum(own / own.sum())
        self.topics = [self.draw.choice(len(self.words), OF_TOPIC) for _ in range(TOPICS)]

    def passages(self, count: int) -> Iterator[str]:
        for _ in range(count):
            one, other = self.draw.integers(0, TOPICS, 2)
            places = np.concatenate(
                [
                    self._drawn(self.common, 45),
                    self.topics[one][self._drawn(self.own, 40)],
                    self.topics[other][self._drawn(self.own, 15)],
                ]
            )
            self.draw.shuffle(places)
            yield " ".join(self.words[places])

    def question(self, passage: str) -> str:
        """Six of its words."""
        return " ".join(self.dice.sample(sorted(set(passage.split())), 6))

    def _drawn(self, cumulated: NDArray[np.float64], percent: int) -> NDArray[np.intp]:
        count = LENGTH * percent // 100
        found = np.searchsorted(cumulated, self.draw.random(count))
        return np.minimum(found, len(cumulated) - 1)

    def _word(self) -> str:
        count = self.dice.choice((1, 2, 2, 3))
        return "".join(self.dice.choices(SYLLABLES, k=count)) + self.dice.choice(ENDINGS)
