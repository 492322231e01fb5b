"""Pairs of a better and a worse answer to one question, for training by preference (DPO).

Rafailov et al. 2023: what a person corrected beside what the bot had said, and what was praised
beside what was blamed for nearly the same question.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from learning.curation import Example
from learning.duplicates import jaccard, normalised
from learning.sketches import Bytes, grams, sketches
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
    """The blamed answers, by what was asked."""

    rows: Sequence[Blamed]
    buckets: dict[tuple[int, int], list[int]]
    bytes: Bytes

    @classmethod
    def of(cls, rows: Sequence[Blamed]) -> "Worse":
        buckets: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        bands, last = sketches([row.question for row in rows])
        for place, sketch in enumerate(bands.tolist()):
            for band in enumerate(sketch):
                if len(buckets[band]) < WALKED:
                    buckets[band].append(place)
        return cls(rows, dict(buckets), last)

    def like(self, questions: Sequence[str]) -> list[list[int]]:
        """For each question the blamed ones that are nearly it, the nearest first."""
        plain = [normalised(question) for question in questions]
        bands, last = sketches(plain)
        near = [
            sorted({place for band in enumerate(sketch) for place in self.buckets.get(band, ())})
            for sketch in bands.tolist()
        ]
        return [self._nearest(*one) for one in zip(plain, last, near, strict=True)]

    def _nearest(self, question: str, sketch: Bytes, near: list[int]) -> list[int]:
        if not near:
            return []
        same = (self.bytes[near] == sketch).sum(axis=1).tolist()
        likely = [place for place, count in zip(near, same, strict=True) if count >= LIKELY]
        if not likely:
            return []
        mine = grams(question)
        scored = [(jaccard(mine, grams(self.rows[place].question)), place) for place in likely]
        alike = sorted((-score, place) for score, place in scored if score >= SAME_QUESTION_AT)
        return [place for _, place in alike]
