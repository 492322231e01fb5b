"""Exact and near copies among texts, found without comparing each with each."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from learning.grouping import Clusters, Places, first_of, ranks
from learning.sketches import Bands, Bytes, Grams, grams, shared, sketches
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
_BLOCK: Final = 256
"""So many texts are held against those before them at once."""
_NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of each text: a digest (two numbers), and the bands and bytes of its grams."""

    digests: NDArray[np.uint64]
    bands: Bands
    bytes: Bytes

    def alike(self, ones: Places, others: Places) -> NDArray[np.bool_]:
        """Which pairs are worth comparing truly."""
        return shared(self.bytes[ones], self.bytes[others]) >= LIKELY


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


def plain(question: str, answer: str) -> str:
    """What copies have in common: the words of both, the question's on a line of its own."""
    return f"{normalised(question)}\n{normalised(answer)}"


def sketched(texts: Sequence[str]) -> Sketch:
    """Of plain texts."""
    digests = b"".join(hashlib.blake2b(one.encode(), digest_size=16).digest() for one in texts)
    numbers = np.frombuffer(digests, dtype=">u8").reshape(-1, 2).astype(np.uint64)
    return Sketch(numbers, *sketches(texts))


def find_copies(pairs: Sequence[Pair]) -> Found:
    """Of texts that are in memory."""
    texts = [plain(*pair) for pair in pairs]
    return copies(sketched(texts), texts.__getitem__)


def copies(sketch: Sketch, plain: Callable[[int], str]) -> Found:
    """The best first: the first of several copies is the original. `plain` gives a place's text."""
    size = len(sketch.digests)
    clusters, copy = Clusters(size), np.zeros(size, np.int8)
    first = first_of(*sketch.digests.T)
    repeated = np.flatnonzero(first != np.arange(size))
    copy[repeated] = EXACT
    for one, other in zip(first[repeated].tolist(), repeated.tolist(), strict=True):
        clusters.join(one, other)
    text = lru_cache(_REMEMBERED)(lambda place: _text(plain(place)))
    met = _Shared(sketch, np.flatnonzero(copy == NONE))
    for place, near in met.walked(copy):
        alike = [other for other in near if _alike(text(place), text(other))]
        for other in alike:
            clusters.join(other, place)
        if alike:
            copy[place] = NEAR
    return Found(np.array([clusters.find(place) for place in range(size)], np.int64), copy)


class _Shared:
    """Who stands in which of the buckets that more than one text fell into.

    The originals of a bucket follow each other, in a row that has room for all its texts.
    """

    def __init__(self, sketch: Sketch, places: Places) -> None:
        self._sketch, self._places = sketch, places
        self._buckets, sizes = _buckets(sketch.bands, places)
        self._starts = (np.cumsum(sizes) - sizes).astype(np.int32)
        self._originals = np.zeros(int(sizes.sum()), np.int32)
        self._many = np.zeros(len(sizes), np.int32)

    def walked(self, copy: NDArray[np.int8]) -> Iterator[tuple[int, list[int]]]:
        """Each text that met others with the originals before it that are worth comparing, in
        order. Whether it is a copy itself is looked up in `copy` when the next one is asked for."""
        for begin in range(0, len(self._places) if len(self._many) else 0, _BLOCK):
            places = self._places[begin : begin + _BLOCK]
            buckets = self._buckets[begin : begin + _BLOCK]
            before, inside = self._before(places, buckets), _Inside(self._many, buckets)
            for place, row in zip(places.tolist(), buckets.tolist(), strict=True):
                standing = [bucket for bucket in row if bucket != _NOWHERE]
                near = {other for other, met in before.get(place, ()) if inside.roomy(met)}
                yield place, sorted(near | self._likely(place, inside.met(standing)))
                if copy[place] == NONE:
                    inside.add(place, standing)
            self._add(places, buckets, copy)

    def _before(self, places: Places, buckets: Places) -> dict[int, list[tuple[int, int]]]:
        """For each text the likely ones of earlier blocks, with the bucket where they met."""
        rows, columns = np.nonzero(buckets != _NOWHERE)
        met = buckets[rows, columns]
        many = self._many[met]
        many[many >= CROWDED] = 0
        whose, bucket = np.repeat(places[rows], many), np.repeat(met, many)
        ends = np.cumsum(many)
        nth = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - many, many)
        others = self._originals[np.repeat(self._starts[met], many) + nth]
        likely = self._sketch.alike(whose, others)
        found = defaultdict[int, list[tuple[int, int]]](list)
        for one, *other in np.column_stack((whose, others, bucket))[likely].tolist():
            found[one].append((other[0], other[1]))
        return found

    def _likely(self, place: int, met: set[int]) -> set[int]:
        if not met:
            return met
        others = np.array(sorted(met))
        return set(others[self._sketch.alike(np.array([place]), others)].tolist())

    def _add(self, places: Places, buckets: Places, copy: NDArray[np.int8]) -> None:
        originals = copy[places] == NONE
        rows, columns = np.nonzero((buckets != _NOWHERE) & originals[:, None])
        met = buckets[rows, columns]
        if len(met):
            self._originals[self._starts[met] + self._many[met] + ranks(met)] = places[rows]
            np.add.at(self._many, met, 1)


class _Inside:
    """The originals of one block, which come one by one."""

    def __init__(self, many: Places, buckets: Places) -> None:
        numbers = (all_.ravel().tolist() for all_ in (buckets, many[buckets]))
        self._before: dict[int, int] = dict(zip(*numbers, strict=True))
        self._originals: dict[int, list[int]] = {}

    def roomy(self, bucket: int) -> bool:
        return self._before[bucket] + len(self._originals.get(bucket, ())) < CROWDED

    def met(self, buckets: list[int]) -> set[int]:
        known = self._originals
        return {one for met in buckets if met in known and self.roomy(met) for one in known[met]}

    def add(self, place: int, buckets: list[int]) -> None:
        for bucket in buckets:
            self._originals.setdefault(bucket, []).append(place)


def _buckets(bands: Bands, places: Places) -> tuple[Places, Places]:
    """The bucket of each text in each band where others are in it, too; and how many they are."""
    found = np.full((len(places), bands.shape[1]), _NOWHERE, np.int32)
    sizes, known = [], 0
    for band in range(bands.shape[1]):
        column = bands[places, band]
        order = np.argsort(column, kind="stable")
        follows = np.zeros(len(order), bool)
        follows[1:] = column[order[1:]] == column[order[:-1]]
        met = follows.copy()
        met[:-1] |= follows[1:]
        numbers = np.cumsum(~follows[met]) - 1
        found[order[met], band] = numbers + known
        sizes.append(np.bincount(numbers))
        known += len(sizes[-1])
    return found, np.concatenate(sizes)


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


def _text(plain: str) -> _Text:
    return _Text(plain.partition("\n")[0], grams(plain))
