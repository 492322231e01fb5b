"""What a question asks for, and which of the passages found are an answer: pure decisions."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.spelling import distance

DIVERSITY: Final = 0.7
"""The lambda of maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998)."""
TWINS: Final = 0.98
"""Passages so much alike are one, which stands in two documents."""
POSTINGS: Final = 12_000
"""Rows looked at by words: beyond it the commonest words are left out, so that a question costs
the same however much there is to find."""
WORDS: Final = 24
CLOSENESS: Final = {1: 0.8, 2: 0.6}
LONG: Final = 7
"""A word of so many letters may be misspelled in two places."""
SHORTEST: Final = 4
COVERED: Final = 0.4
NEAR: Final = {"offline": 0.25, "model": 0.45}
ASIDE: Final = {"offline": 0.1, "model": 0.2}
"""A passage answers when it holds this part of what the question says without being about something
else, or when it means about the same. Measured on questions that other texts answer: 93 in 100 are
answered, and 15 in 100 of those that none does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The lexemes of a question with what each weighs; `words` has for each of its words what may
    stand for it, `total` is what they come to, and `corrected` says which misspelled word was taken
    for which."""

    weights: Mapping[str, float]
    total: float
    corrected: Mapping[str, tuple[str, ...]]
    words: tuple[Mapping[str, float], ...] = ()


def idf(passages: int, of: int) -> float:
    """BM25's: how rare a word is among `of` passages. Never negative."""
    return math.log(1 + (of - passages + 0.5) / (passages + 0.5))


def asked(
    lexemes: Iterable[str],
    known: Mapping[str, int],
    meant: Mapping[str, Mapping[str, float]],
    of: int,
) -> Asked:
    """`meant` are lexemes to look for as well, by the lexeme they stand for, with how close they
    are: synonyms, and what misspelled words were guessed to be. `known` counts passages."""
    weights: dict[str, float] = {}
    corrected: dict[str, tuple[str, ...]] = {}
    words: list[Mapping[str, float]] = []
    total = 0.0
    for lexeme in dict.fromkeys(lexemes):
        others = {other: near for other, near in meant.get(lexeme, {}).items() if other in known}
        found = {lexeme: 1.0} if lexeme in known else {}
        worth = {one: near * idf(known[one], of) for one, near in (others | found).items()}
        total += max(worth.values(), default=idf(0, of))
        words.append(worth)
        if not found and others:
            corrected[lexeme] = tuple(others)
        for one, amount in worth.items():
            weights[one] = max(weights.get(one, 0.0), amount)
    return Asked(_affordable(weights, known), total, corrected, tuple(words))


def coverage(wanted: Asked, said: Collection[str]) -> float:
    """The part of a question's weight that a text with these lexemes holds, 0 to 1: each word once,
    however many of its synonyms stand there."""
    if not wanted.total:
        return 0.0
    held = sum(
        max((weight for lexeme, weight in word.items() if lexeme in said), default=0.0)
        for word in wanted.words
    )
    return min(held / wanted.total, 1.0)


def _affordable(weights: Mapping[str, float], known: Mapping[str, int]) -> dict[str, float]:
    """The rarest words first, as many as can be looked up at a steady price."""
    kept: dict[str, float] = {}
    left = POSTINGS
    for lexeme in sorted(weights, key=lambda one: (known[one], one))[:WORDS]:
        left -= known[lexeme]
        if kept and left < 0:
            break
        kept[lexeme] = weights[lexeme]
    return kept


def guesses(lexeme: str, near: Iterable[str]) -> dict[str, float]:
    """Which known lexemes a misspelled one may be: those at the smallest distance."""
    allowed = 2 if len(lexeme) >= LONG else 1
    steps = {one: distance(lexeme, one) for one in near}
    best = min(steps.values(), default=allowed + 1)
    if best > allowed:
        return {}
    return {one: CLOSENESS[best] for one, away in steps.items() if away == best}


def misspelled(lexeme: str) -> bool:
    """Whether an unknown lexeme may be another one: short words and numbers are what they are."""
    return len(lexeme) >= SHORTEST and lexeme.isalpha()


class Ranked(Protocol):
    @property
    def score(self) -> float: ...
    @property
    def vector(self) -> NDArray[np.float32] | None: ...


def answers(covered: float, cosine: float | None, model: str) -> bool:
    """Whether a passage is about what was asked, or only the nearest of what there is."""
    aside = ASIDE[_kind(model)]
    kept = (aside if cosine is None else cosine) >= aside
    return near(cosine, model) or (kept and covered >= COVERED)


def near(cosine: float | None, model: str) -> bool:
    """Whether a passage means about what was asked, whatever its words."""
    return cosine is not None and cosine >= NEAR[_kind(model)]


def _kind(model: str) -> str:
    return "offline" if model.startswith("offline") else "model"


def diverse(found: Sequence[Ranked], count: int) -> list[int]:
    """The places of the best that do not repeat each other; the first stays the first, and what
    says just the same comes after everything else."""
    if not found:
        return []
    relevance = _relevance([one.score for one in found])
    likeness = _likeness([one.vector for one in found])
    chosen = [0]
    while len(chosen) < min(count, len(found)):
        nearest = likeness[:, chosen].max(axis=1)
        worth = DIVERSITY * relevance - (1 - DIVERSITY) * nearest - 2 * (nearest > TWINS)
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return chosen


def _relevance(scores: Sequence[float]) -> NDArray[np.float32]:
    """From 0 to 1: fused scores differ by little, and diversity alone would decide."""
    values = np.array(scores, np.float32)
    span = float(values.max() - values.min())
    return (values - values.min()) / span if span else np.ones_like(values)


def _likeness(vectors: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    known = [vector for vector in vectors if vector is not None]
    nothing = np.zeros_like(known[0]) if known else np.zeros(1, np.float32)
    rows = np.stack([nothing if vector is None else vector for vector in vectors])
    return rows @ rows.T
