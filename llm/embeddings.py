"""Texts as vectors: offline from words and their letters, or by a model behind OpenAI's protocol.

A vector means something only beside vectors of the same model and dimension; both stand with every
stored one.
"""

import asyncio
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from text.lexemes import content_words, lexeme

Vector: TypeAlias = NDArray[np.float32]
Weight: TypeAlias = Callable[[str], float]
"""How much a lexeme tells apart, its idf for example."""

OFFLINE_MODEL: Final = "offline-1"
OFFLINE_DIM: Final = 1024


def plainly(_lexeme: str) -> float:
    return 1.0


class Embedder(Protocol):
    @property
    def model(self) -> str: ...

    @property
    def dim(self) -> int: ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Of length 1, in order. Raises a ModelError; never anything else."""
        ...

    async def embed_query(self, text: str, weight: Weight = plainly) -> Vector:
        """Models that know what words are worth by themselves leave `weight` aside."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class OfflineEmbedder:
    """Stemmed words and their groups of 3 to 5 letters, hashed into one vector (Weinberger et al.,
    arXiv 0902.2206). The idf stands on the side of the question alone, so that documents keep
    their vectors while others come and go."""

    model: str = OFFLINE_MODEL
    dim: int = OFFLINE_DIM

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Beside whatever else this process does: customers wait for nobody's document."""
        return await asyncio.to_thread(lambda: [hashed(text) for text in texts])

    async def embed_query(self, text: str, weight: Weight = plainly) -> Vector:
        return hashed(text, weight)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Embedders:
    """The configured model, and the offline one, which is always there."""

    ours: Embedder = field(default_factory=OfflineEmbedder)

    def of(self, model: str, dim: int) -> Embedder | None:
        """Whose vectors mean something beside those of a model; None when nobody's do."""
        for one in (self.ours, OfflineEmbedder()):
            if (one.model, one.dim) == (model, dim):
                return one
        return None


def hashed(text: str, weight: Weight = plainly) -> Vector:
    """Of length 1; of length 0 for a text without a word."""
    counted = Counter(content_words(text))
    if not counted:
        return np.zeros(OFFLINE_DIM, np.float32)
    features = [_features(word) for word in counted]
    weights = [(1 + math.log(count)) * weight(lexeme(word)) for word, count in counted.items()]
    places = np.concatenate([places for places, _ in features])
    values = np.concatenate(
        [values * factor for (_, values), factor in zip(features, weights, strict=True)]
    )
    vector = np.bincount(places, values, OFFLINE_DIM).astype(np.float32)
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


@lru_cache(maxsize=20_000)
def _features(word: str) -> tuple[NDArray[np.int16], Vector]:
    """Where a word's features fall, and what they add: the letters together as much as the stem."""
    groups = list(_groups(f"<{word}>"))
    named = [("=" + lexeme(word), 1.0), *((group, 1 / math.sqrt(len(groups))) for group in groups)]
    hashes = [zlib.crc32(name.encode()) for name, _ in named]
    places = np.array([value % OFFLINE_DIM for value in hashes], np.int16)
    signs = np.array([1.0 if value >> 31 else -1.0 for value in hashes], np.float32)
    return places, signs * np.array([amount for _, amount in named], np.float32)


def _groups(edged: str) -> Iterator[str]:
    for size in (3, 4, 5):
        for start in range(len(edged) - size + 1):
            yield edged[start : start + size]
