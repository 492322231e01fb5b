"""MinHash by the block: what tells near copies among many texts, without comparing the texts.

Sixty-four hashes of a text's 4-grams, in 16 bands: two texts whose grams are the same to 70 % share
a band with a probability of 98.8 % (Broder 1997; Leskovec, Rajaraman and Ullman, chapter 3).
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Grams: TypeAlias = NDArray[np.uint32]
Bands: TypeAlias = NDArray[np.uint32]
Bytes: TypeAlias = NDArray[np.uint8]

HASHES: Final = 64
BANDS: Final = 16

_GRAM: Final = 4
_BLOCK: Final = 100
"""Texts whose grams fit the processor's memory together."""
# 64-bit odd multipliers: with 32-bit ones the high half of the product hardly varies.
_random = np.random.default_rng(20_261_120)
_MULTIPLIERS: Final = _random.integers(0, 2**64, HASHES, dtype=np.uint64) | np.uint64(1)
_OFFSETS: Final = _random.integers(0, 2**64, HASHES, dtype=np.uint64)
_MIXERS: Final = _random.integers(0, 2**64, HASHES // BANDS, dtype=np.uint64) | np.uint64(1)
_HALF: Final = np.uint64(32)
_EACH_BYTE: Final = np.uint64(0x0101_0101_0101_0101)
_LAST_BYTE: Final = np.uint64(56)


def grams(text: str) -> Grams:
    """Four bytes are exactly one number, so different grams never meet; each once, in order."""
    numbers = np.sort(_numbers(_bytes(text)))
    first = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return numbers[first]


def sketches(texts: Sequence[str]) -> tuple[Bands, Bytes]:
    """For each text 16 bands, and the last byte of its 64 hashes.

    Bands of two texts may be the same by accident, once in four thousand million. Of two texts as
    many bytes are the same as of their grams, and one in 256 of the others (Li and König 2010).
    """
    blocks = [_block(texts[start : start + _BLOCK]) for start in range(0, len(texts), _BLOCK)]
    if not blocks:
        return np.empty((0, BANDS), np.uint32), np.empty((0, HASHES), np.uint8)
    found, last = zip(*blocks, strict=True)
    return np.concatenate(found), np.concatenate(last)


def shared(ones: Bytes, others: Bytes) -> NDArray[np.uint64]:
    """How many of the 64 are the same, pair by pair: eight at a time, then the eight sums."""
    sums = (ones == others).view(np.uint64).sum(axis=1, dtype=np.uint64)
    counts: NDArray[np.uint64] = sums * _EACH_BYTE >> _LAST_BYTE
    return counts


def bands(texts: Sequence[str]) -> Bands:
    return sketches(texts)[0]


def _block(texts: Sequence[str]) -> tuple[Bands, Bytes]:
    raw = [_bytes(text) for text in texts]
    counts = np.array([len(one) - _GRAM + 1 for one in raw])
    numbers = np.concatenate([_numbers(one) for one in raw]).astype(np.uint64)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    signature = np.empty((HASHES, len(texts)), np.uint64)
    hashed = np.empty_like(numbers)
    for place in range(HASHES):
        np.multiply(numbers, _MULTIPLIERS[place], out=hashed)
        hashed += _OFFSETS[place]
        signature[place] = np.minimum.reduceat(hashed, starts)
    signature >>= _HALF
    return _banded(signature), np.ascontiguousarray(signature.astype(np.uint8).T)


def _banded(signature: NDArray[np.uint64]) -> Bands:
    """Four hashes of a band as one number."""
    rows = signature.reshape(BANDS, HASHES // BANDS, -1)
    mixed = (rows * _MIXERS[None, :, None]).sum(axis=1, dtype=np.uint64)
    return np.ascontiguousarray((mixed >> _HALF).astype(np.uint32).T)


def _bytes(text: str) -> bytes:
    return text.encode().ljust(_GRAM, b"\0")


def _numbers(raw: bytes) -> Grams:
    """A number begins with every byte; they lie over each other in the text itself."""
    return np.ndarray(len(raw) - _GRAM + 1, np.dtype("<u4"), raw, strides=(1,))
