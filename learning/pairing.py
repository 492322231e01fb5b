"""Pairs of a better and a worse answer to one question, for training by preference (DPO).

Rafailov et al. 2023: what a person corrected beside what the bot had said, and what was praised
beside what was blamed for nearly the same question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from learning.curation import Example
from learning.duplicates import jaccard, normalised
from learning.sketches import Bands, Bytes, grams, shared, sketches
from learning.spilling import Span

SAME_QUESTION_AT: Final = 0.8
WALKED: Final = 16
LIKELY: Final = 42
"""So many of 64 bytes are the same for 99 % of the questions that are the same to 80 %."""


class Blamed(NamedTuple):
    """An answer that was blamed: its normalised question, its customer, and where its row lies."""

    question: str
    customer: UUID
    span: Span


def corrects(example: Example) -> bool:
    """Whether a person said it differently than the bot had."""
    said = example.original
    return example.corrected and bool(said) and normalised(said or "") != normalised(example.answer)


@dataclass(frozen=True, slots=True)
class Worse:
    """The blamed answers, by what was asked: for each band its numbers in order, and whose."""

    rows: Sequence[Blamed]
    numbers: Bands
    whose: NDArray[np.int32]
    bytes: Bytes

    @classmethod
    def of(cls, rows: Sequence[Blamed]) -> "Worse":
        bands, last = sketches([row.question for row in rows])
        whose = np.argsort(bands.T, axis=1, kind="stable").astype(np.int32)
        return cls(rows, np.take_along_axis(bands.T, whose, axis=1), whose, last)

    def like(self, questions: Sequence[str]) -> list[list[int]]:
        """For each plain question the blamed ones that are nearly it, the nearest first."""
        bands, last = sketches(questions)
        near: list[set[int]] = [set() for _ in questions]
        for numbers, whose, asked in zip(self.numbers, self.whose, bands.T, strict=True):
            order = np.argsort(asked)  # near ones are looked up one after another
            begins = np.searchsorted(numbers, asked[order])
            known = numbers[np.minimum(begins, len(numbers) - 1)] == asked[order]
            ends = np.searchsorted(numbers, asked[order[known]], "right")
            spans = zip(order[known].tolist(), begins[known].tolist(), ends.tolist(), strict=True)
            for one, begin, end in spans:
                near[one].update(whose[begin : min(end, begin + WALKED)].tolist())
        likely = self._likely(near, last)
        return [self._nearest(*one) for one in zip(questions, likely, strict=True)]

    def _likely(self, near: Sequence[set[int]], sketched: Bytes) -> list[list[int]]:
        """Those of each question that are worth comparing truly, in order."""
        ones = np.repeat(np.arange(len(near)), [len(places) for places in near])
        places = np.array([place for one in near for place in sorted(one)], np.int64)
        found: list[list[int]] = [[] for _ in near]
        worth = shared(self.bytes[places], sketched[ones]) >= LIKELY
        for one, place in zip(ones[worth].tolist(), places[worth].tolist(), strict=True):
            found[one].append(place)
        return found

    def _nearest(self, question: str, likely: list[int]) -> list[int]:
        if not likely:
            return []
        mine = grams(question)
        scored = [(jaccard(mine, grams(self.rows[place].question)), place) for place in likely]
        alike = sorted((-score, place) for score, place in scored if score >= SAME_QUESTION_AT)
        return [place for _, place in alike]
