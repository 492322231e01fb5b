"""A trained classifier of intents: plain numbers, read from data that cannot execute anything.

Its bytes are a line of JSON (the header) and an npz of three arrays. What does not fit together is
refused when it is read, so that a model in use never fails on a message.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from tokenize import TokenError
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nlu.features import SIZE, Weights, features, weighed

FORMAT: Final = 1
MOST_BYTES: Final = 20_000_000
MOST_INTENTS: Final = 200
Rows: TypeAlias = NDArray[np.int32]
UNREADABLE: Final = (
    ArithmeticError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TokenError,
    ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What numpy and zipfile say of bytes that are no arrays."""


class ClassifierInvalid(Exception):
    """These bytes are no classifier that this release can use."""


@dataclass(frozen=True, slots=True)
class Header:
    """`labels` is the hash of what it was trained on; `metrics` are of messages it was not."""

    pack: str
    intents: tuple[str, ...]
    labels: str
    count: int
    temperature: float
    strength: float
    metrics: Mapping[str, Any]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Classifier:
    """`rows[place]` is the row of `weights` that a place of the features has; 0 holds nothing."""

    header: Header
    rarity: Weights
    rows: Rows
    weights: Weights
    bias: Weights

    def predict(self, text: str) -> dict[str, float]:
        """Calibrated; the probabilities of all intents sum to one."""
        seen = features(text)
        rows = self.rows[seen.places]
        scores = weighed(seen, self.rarity) @ self.weights[rows] + self.bias
        scores = scores / self.header.temperature
        odds = np.exp(scores - scores.max())
        return dict(zip(self.header.intents, (odds / odds.sum()).tolist(), strict=True))

    @property
    def size(self) -> int:
        """Bytes in memory."""
        arrays = (self.rarity, self.rows, self.weights, self.bias)
        return sum(array.nbytes for array in arrays)


def packed(header: Header, rarity: Weights, weights: Weights, bias: Weights) -> bytes:
    """`weights` has a row for each place; those that are all zero are left out."""
    places = np.flatnonzero(np.any(weights != 0, axis=1)).astype(np.int32)
    arrays = io.BytesIO()
    np.savez_compressed(
        arrays,
        places=places,
        rarity=rarity.astype(np.float32),
        weights=weights[places].astype(np.float16),
        bias=bias.astype(np.float32),
    )
    return json.dumps(asdict(header), ensure_ascii=False).encode() + b"\n" + arrays.getvalue()


def unpacked(data: bytes) -> Classifier:
    """Raises ClassifierInvalid."""
    line, found, arrays = data.partition(b"\n")
    if not found:
        raise ClassifierInvalid("there is no header")
    header = _header(line)
    held = _arrays(arrays)
    _check(header, held)
    places, weights = held["places"], held["weights"].astype(np.float32)
    rows = np.zeros(SIZE, np.int32)
    rows[places] = np.arange(1, len(places) + 1)
    nothing = np.zeros((1, len(header.intents)), np.float32)
    return Classifier(header, held["rarity"], rows, np.vstack([nothing, weights]), held["bias"])


def _header(line: bytes) -> Header:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise ClassifierInvalid(f"the header is no JSON: {error}") from error
    names = {one.name for one in fields(Header)}
    if not isinstance(told, dict) or told.keys() != names:
        raise ClassifierInvalid(f"the header has to hold {', '.join(sorted(names))}")
    if told["format"] != FORMAT:
        raise ClassifierInvalid(f"format {told['format']!r} is not {FORMAT}: train it again")
    intents = told["intents"]
    if not isinstance(intents, list) or not all(isinstance(name, str) for name in intents):
        raise ClassifierInvalid("the intents are no list of names")
    if not 1 < len(set(intents)) == len(intents) <= MOST_INTENTS:
        raise ClassifierInvalid(f"{len(intents)} intents, which have to differ")
    temperature = told["temperature"]
    if not isinstance(temperature, int | float) or not 0 < temperature < float("inf"):
        raise ClassifierInvalid(f"a temperature of {temperature!r}")
    return Header(**told | {"intents": tuple(intents)})


def _arrays(raw: bytes) -> dict[str, NDArray[Any]]:
    """Their sizes and sums are looked at before any of them is made."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
                raise ClassifierInvalid(f"more than {MOST_BYTES} bytes")
            if damaged := archive.testzip():
                raise ClassifierInvalid(f"the numbers cannot be read: {damaged} is damaged")
        with np.load(io.BytesIO(raw), allow_pickle=False) as held:
            return {name: held[name] for name in ("places", "rarity", "weights", "bias")}
    except UNREADABLE as error:
        raise ClassifierInvalid(f"the numbers cannot be read: {error}") from error


def _check(header: Header, held: Mapping[str, NDArray[Any]]) -> None:
    places, intents = held["places"], len(header.intents)
    shapes = {
        "places": (held["places"].size,),
        "rarity": (SIZE,),
        "weights": (held["places"].size, intents),
        "bias": (intents,),
    }
    for name, shape in shapes.items():
        if held[name].shape != shape:
            raise ClassifierInvalid(f"{name} has the shape {held[name].shape}, not {shape}")
    kinds = {"places": np.int32, "rarity": np.float32, "weights": np.float16, "bias": np.float32}
    for name, kind in kinds.items():
        if held[name].dtype != kind:
            raise ClassifierInvalid(f"{name} holds {held[name].dtype}")
        if not np.isfinite(held[name]).all():
            raise ClassifierInvalid(f"{name} holds a number that is not finite")
    if places.size and (places.min() < 0 or places.max() >= SIZE or (np.diff(places) <= 0).any()):
        raise ClassifierInvalid("places are out of order")
