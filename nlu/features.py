"""What a classifier sees of a text: pieces of its words, its words and pairs of them, as numbers.

A number is a number, whichever it is; a word counts as it sounds, its pieces as they are written.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from text.folding import fold, squeeze
from text.stemming import stem

Places: TypeAlias = NDArray[np.int64]
Weights: TypeAlias = NDArray[np.float32]

HALF: Final = 1 << 15
SIZE: Final = 2 * HALF
"""Pieces fall into the first half, words into the second."""
LONGEST: Final = 600
SHORTEST_PIECE: Final = 2
LONGEST_PIECE: Final = 5
REACH: Final = 3
"""So many words after a negation are denied."""
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d[\d.,]*|[.;:!?,]|[\U0001f1e6-\U0001faff\u2600-\u27bf]")
_NEGATIONS: Final = frozenset(
    [
        "no", "ni", "nunca", "tampoco", "jamas", "sin", "nadie", "nada", "not", "never", "without",
        "dont", "cant",
    ]
)  # fmt: skip
_ENDS: Final = frozenset(".;:!?,")


@dataclass(frozen=True, slots=True)
class Features:
    """`places` are ascending and differ; `counts` say how often each was seen."""

    places: Places
    counts: Weights


def features(text: str) -> Features:
    tokens = [_plain(token) for token in _TOKEN.findall(fold(text[:LONGEST]))]
    words = [token for token in tokens if token not in _ENDS]
    seen = Counter(_hashed(_pieces(words), 0))
    seen.update(_hashed(_terms(tokens), HALF))
    places = np.fromiter(sorted(seen), np.int64, len(seen))
    return Features(places, np.fromiter((seen[int(at)] for at in places), np.float32, len(seen)))


def weighed(found: Features, rarity: Weights) -> Weights:
    """Sublinear counts by rarity; each half is brought to length one."""
    weights: Weights = (1 + np.log(found.counts)) * rarity[found.places]
    cut = int(np.searchsorted(found.places, HALF))
    for half in (weights[:cut], weights[cut:]):
        length = float(np.sqrt(half @ half))
        if length > 0:
            half[:] = half / length
    return weights


def rarity_of(found: Sequence[Features]) -> Weights:
    """Of every place; what no text holds is the rarest."""
    holding = np.zeros(SIZE, np.float32)
    for one in found:
        holding[one.places] += 1
    rarity: Weights = np.log((1 + len(found)) / (1 + holding)) + np.float32(1)
    return rarity.astype(np.float32)


def _plain(token: str) -> str:
    if token[0].isdecimal():
        return "0"
    return token if token in _ENDS or not token[0].isalpha() else squeeze(token)


def _pieces(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            yield from (padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))


def _terms(tokens: Iterable[str]) -> Iterator[str]:
    """Words and pairs of them; `no me llegó` is told from `me llegó`."""
    words: list[str] = []
    denied = 0
    for token in tokens:
        if token in _ENDS:
            denied = 0
            continue
        words.append(f"NOT_{stem(token)}" if denied else stem(token))
        denied = REACH if token in _NEGATIONS else max(0, denied - 1)
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))


def _hashed(terms: Iterable[str], start: int) -> Iterator[int]:
    return (start + crc32(term.encode()) % HALF for term in terms)
