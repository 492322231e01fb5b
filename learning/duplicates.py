"""Exact and near copies among texts, found without comparing each with each.

MinHash: 64 hashes of a text's 4-grams, in 16 bands; texts that share a band are compared truly.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from text.folding import tokenise

Grams: TypeAlias = NDArray[np.uint32]
Copy: TypeAlias = Literal["exact", "near"] | None

HASHES: Final = 64
BANDS: Final = 16
SAME_AT: Final = 0.7
QUESTIONS_SAME_AT: Final = 0.3
"""A long answer that many questions share does not make those questions copies of each other."""

_GRAM: Final = 4
# 64-bit odd multipliers: with 32-bit ones the high half of the product hardly varies.
_random = np.random.default_rng(20_261_120)
_MULTIPLIERS: Final = _random.integers(0, 2**64, HASHES, dtype=np.uint64) | np.uint64(1)
_OFFSETS: Final = _random.integers(0, 2**64, HASHES, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Found:
    """For each text: its cluster, and what kind of copy of a better one it is."""

    cluster: list[int]
    copy: list[Copy]


@dataclass(frozen=True, slots=True)
class _Text:
    question: Grams
    whole: Grams


class Clusters:
    """Disjoint sets; the smallest member names its set."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low


def normalised(text: str) -> str:
    return " ".join(tokenise(text))


def find_copies(pairs: Sequence[tuple[str, str]]) -> Found:
    """Questions with their answers, the best first: the first of several copies is the original."""
    clusters = Clusters(len(pairs))
    copies: list[Copy] = [None] * len(pairs)
    seen: dict[tuple[str, str], int] = {}
    originals: dict[int, _Text] = {}
    buckets: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, (question, answer) in enumerate(pairs):
        key = normalised(question), normalised(answer)
        if key in seen:
            copies[place] = "exact"
            clusters.join(seen[key], place)
            continue
        seen[key] = place
        text = _Text(_grams(key[0]), _grams("\n".join(key)))
        bands = _bands(text.whole)
        near = {other for band in bands for other in buckets.get(band, ())}
        alike = [other for other in near if _alike(text, originals[other])]
        for other in alike:
            clusters.join(other, place)
        if alike:
            copies[place] = "near"
            continue
        originals[place] = text
        for band in bands:
            buckets[band].append(place)
    return Found([clusters.find(place) for place in range(len(pairs))], copies)


def jaccard(one: Grams, other: Grams) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _alike(one: _Text, other: _Text) -> bool:
    small, large = sorted((len(one.whole), len(other.whole)))
    if small < SAME_AT * large or jaccard(one.whole, other.whole) < SAME_AT:
        return False
    return jaccard(one.question, other.question) >= QUESTIONS_SAME_AT


def _grams(text: str) -> Grams:
    """Four bytes are exactly one number, so different grams never meet."""
    raw = text.encode().ljust(_GRAM, b"\0")
    letters = np.frombuffer(raw, dtype=np.uint8).astype(np.uint32)
    ends = len(letters) - _GRAM + 1
    grams = sum(letters[step : step + ends] << np.uint32(8 * step) for step in range(_GRAM))
    return np.unique(np.asarray(grams, dtype=np.uint32))


def _bands(grams: Grams) -> list[bytes]:
    products = _MULTIPLIERS[:, None] * grams.astype(np.uint64)[None, :] + _OFFSETS[:, None]
    signature = (products >> np.uint64(32)).min(axis=1).astype("<u4")
    rows = signature.reshape(BANDS, HASHES // BANDS)
    return [bytes([band]) + row.tobytes() for band, row in enumerate(rows)]
