"""Exact and near copies among texts, found without comparing each with each."""

import hashlib
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from learning.grouping import Clusters, Places, first_of
from learning.sketches import Bands, Bytes, Grams, grams, sketches
from text.folding import tokenise

Pair: TypeAlias = tuple[str, str]
"""A question with its answer."""

NONE, EXACT, NEAR = range(3)
SAME_AT: Final = 0.7
QUESTIONS_SAME_AT: Final = 0.3
"""A long answer that many questions share does not make those questions copies of each other."""
CROWDED: Final = 32
"""A band that so many originals share tells nothing: it comes of words that all answers have."""
LIKELY: Final = 35
"""So many of 64 bytes are the same for 99 % of the texts that are the same to 70 %."""
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of each text: a digest (two numbers), and the bands and bytes of its grams."""

    digests: NDArray[np.uint64]
    bands: Bands
    bytes: Bytes

    def likely(self, place: int, others: Collection[int]) -> list[int]:
        """Those that are worth comparing truly, in order."""
        if not others:
            return []
        places = np.fromiter(others, np.int64, len(others))
        same = np.count_nonzero(self.bytes[places] == self.bytes[place], axis=1)
        near: list[int] = places[same >= LIKELY].tolist()
        return sorted(near)


@dataclass(frozen=True, slots=True)
class Found:
    """For each text: its cluster, and what kind of copy of a better one it is."""

    cluster: Places
    copy: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Text:
    """Few are so alike that their questions are looked at, too."""

    question: str
    whole: Grams


def normalised(text: str) -> str:
    return " ".join(tokenise(text))


def sketched(pairs: Sequence[Pair]) -> Sketch:
    whole = [f"{normalised(question)}\n{normalised(answer)}" for question, answer in pairs]
    digests = b"".join(hashlib.blake2b(one.encode(), digest_size=16).digest() for one in whole)
    numbers = np.frombuffer(digests, dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return Sketch(numbers, *sketches(whole))


def find_copies(pairs: Sequence[Pair]) -> Found:
    """Of texts that are in memory."""
    return copies(sketched(pairs), lambda place: pairs[place])


def copies(sketch: Sketch, pair: Callable[[int], Pair]) -> Found:
    """The best first: the first of several copies is the original. `pair` gives a place's texts."""
    size = len(sketch.digests)
    clusters, copy = Clusters(size), np.zeros(size, np.int8)
    first = first_of(*sketch.digests.T)
    repeated = np.flatnonzero(first != np.arange(size))
    copy[repeated] = EXACT
    for one, other in zip(first[repeated].tolist(), repeated.tolist(), strict=True):
        clusters.join(one, other)
    text = lru_cache(_REMEMBERED)(lambda place: _text(*pair(place)))
    shared = _Shared.of(sketch.bands, np.flatnonzero(copy == NONE))
    for place, start, end in shared.rows():
        near = sketch.likely(place, shared.originals(start, end))
        alike = [other for other in near if _alike(text(place), text(other))]
        for other in alike:
            clusters.join(other, place)
        if alike:
            copy[place] = NEAR
        else:
            shared.add(place, start, end)
    return Found(np.array([clusters.find(place) for place in range(size)], np.int64), copy)


class _Shared:
    """Who stands in which of the buckets that more than one text fell into.

    A standing is a text in a bucket; those of a text follow each other. The originals of a bucket
    follow each other, too, in a row that has room for all its texts.
    """

    def __init__(self, texts: Places, buckets: Places) -> None:
        sizes = np.bincount(buckets)
        self._texts = array("i", texts.astype(np.int32).tobytes())
        self._buckets = array("i", buckets.astype(np.int32).tobytes())
        self._starts = array("i", (np.cumsum(sizes) - sizes).astype(np.int32).tobytes())
        self._originals = array("i", [0]) * len(texts)
        self._many = array("i", [0]) * len(sizes)

    @classmethod
    def of(cls, sketches: Bands, places: Places) -> "_Shared":
        texts, buckets, known = [], [], 0
        for column in sketches[places].T:
            order = np.argsort(column, kind="stable")
            follows = np.zeros(len(order), bool)
            follows[1:] = column[order[1:]] == column[order[:-1]]
            met = follows.copy()
            met[:-1] |= follows[1:]
            starts = ~follows[met]
            texts.append(places[order[met]].astype(np.int32))
            buckets.append((np.cumsum(starts) - 1 + known).astype(np.int32))
            known += int(starts.sum())
        together, numbers = np.concatenate(texts), np.concatenate(buckets)
        order = np.argsort(together, kind="stable")
        return cls(together[order], numbers[order])

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """Each text that met others, with where its standings begin and end, in order."""
        starts = np.flatnonzero(np.diff(np.frombuffer(self._texts, np.int32), prepend=-1))
        for start, end in pairwise(array("i", [*starts, len(self._texts)])):
            yield self._texts[start], start, end

    def originals(self, start: int, end: int) -> set[int]:
        found: set[int] = set()
        for bucket in self._buckets[start:end]:
            many = self._many[bucket]
            if 0 < many < CROWDED:
                first = self._starts[bucket]
                found.update(self._originals[first : first + many])
        return found

    def add(self, text: int, start: int, end: int) -> None:
        for bucket in self._buckets[start:end]:
            many = self._many[bucket]
            self._originals[self._starts[bucket] + many] = text
            self._many[bucket] = many + 1


def jaccard(one: Grams, other: Grams) -> float:
    """Of grams in order, each once."""
    places = np.searchsorted(other, one)
    places[places == len(other)] = 0
    shared = int(np.count_nonzero(other[places] == one))
    return shared / (len(one) + len(other) - shared)


def _alike(one: _Text, other: _Text) -> bool:
    small, large = sorted((len(one.whole), len(other.whole)))
    if small < SAME_AT * large or jaccard(one.whole, other.whole) < SAME_AT:
        return False
    return jaccard(grams(one.question), grams(other.question)) >= QUESTIONS_SAME_AT


def _text(question: str, answer: str) -> _Text:
    asked = normalised(question)
    return _Text(asked, grams(f"{asked}\n{normalised(answer)}"))
