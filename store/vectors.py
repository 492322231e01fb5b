"""Vectors between numpy and pgvector's half vectors: two bytes a number, both ways."""

import struct
from typing import Any, Final
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from store.session import BatchConnection

_HEAD: Final = struct.Struct(">HH")
_speaking: WeakSet[Any] = WeakSet()


async def teach(connection: BatchConnection) -> None:
    """The driver learns the type once per connection: it asks Postgres for its number.

    It is given vectors `packed`: it would take an array for a column of numbers.
    """
    driver: Any = connection
    if driver in _speaking:
        return
    await connection.set_type_codec(
        "halfvec", schema="public", encoder=bytes, decoder=unpacked, format="binary"
    )
    _speaking.add(driver)


def packed(vector: NDArray[np.floating[Any]]) -> bytes:
    return _HEAD.pack(len(vector), 0) + vector.astype(">f2").tobytes()


def unpacked(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, ">f2", offset=_HEAD.size).astype(np.float32)
