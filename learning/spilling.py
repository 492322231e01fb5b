"""Examples set aside in a file without a name, which is gone with whoever opened it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

import msgspec

from learning.curation import Example

Span: TypeAlias = tuple[int, int]
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Example)
packed: Final = _ENCODER.encode
unpacked: Final = _DECODER.decode


@dataclass(slots=True)
class Spill:
    file: BinaryIO
    end: int = field(default=0, init=False)

    def put(self, data: bytes) -> int:
        """Where it lies."""
        self.file.write(data)
        begun, self.end = self.end, self.end + len(data)
        return begun

    def raw(self, place: int, length: int) -> bytes:
        return os.pread(self.file.fileno(), length, place)

    def get(self, place: int, length: int) -> Example:
        return unpacked(self.raw(place, length))

    def settle(self) -> None:
        """Whatever was put can be got from now on."""
        self.file.flush()


@contextmanager
def spill(folder: Path | None = None) -> Iterator[Spill]:
    """Beside what is built of it, where there is room; nobody else may read it."""
    with tempfile.TemporaryFile(dir=folder, buffering=1 << 20) as file:
        yield Spill(cast("BinaryIO", file))
