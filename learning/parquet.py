"""Writes Parquet without a library for it: flat columns of texts and numbers, page by page.

Apache Parquet 2.10: a magic word, row groups of column chunks with one data page each (PLAIN,
gzip), and a footer in Thrift's compact protocol that says where everything lies.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "whole", "real", "truth"]
Column: TypeAlias = tuple[str, Kind]
Value: TypeAlias = str | int | float | bool | None

MAGIC: Final = b"PAR1"
CREATED_BY: Final = b"Aprendiz"
_PHYSICAL: Final[Mapping[Kind, int]] = {"truth": 0, "whole": 2, "real": 5, "text": 6}
_UTF8, _OPTIONAL, _PLAIN, _RLE, _GZIP, _DATA_PAGE = 0, 1, 0, 3, 2, 0
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
"""Types of Thrift's compact protocol."""


@dataclass(slots=True)
class Thrift:
    """A struct being written; fields come in the order of their numbers."""

    data: bytearray = field(default_factory=bytearray)
    last: int = 0

    def whole(self, number: int, value: int, kind: int = _I32) -> "Thrift":
        self._head(number, kind)
        self.data += _zigzag(value)
        return self

    def binary(self, number: int, value: bytes) -> "Thrift":
        self._head(number, _BINARY)
        self.data += _varint(len(value)) + value
        return self

    def struct(self, number: int, value: "Thrift") -> "Thrift":
        self._head(number, _STRUCT)
        self.data += value.ended
        return self

    def list(self, number: int, kind: int, items: Sequence[bytes]) -> "Thrift":
        self._head(number, _LIST)
        short = len(items) < 15  # noqa: PLR2004  what fits beside the kind
        self.data.append((len(items) if short else 15) << 4 | kind)
        self.data += b"" if short else _varint(len(items))
        for item in items:
            self.data += item
        return self

    @property
    def ended(self) -> bytes:
        return bytes(self.data) + b"\0"

    def _head(self, number: int, kind: int) -> None:
        self.data.append((number - self.last) << 4 | kind)
        self.last = number


class ParquetWriter:
    """All columns may be empty (None). What is written depends on the rows alone."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        self._file, self._columns = file, tuple(columns)
        self._groups: list[bytes] = []
        self._rows = self._place = 0
        self._put(MAGIC)

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """One group of rows."""
        chunks, begun = [], self._place
        for place, column in enumerate(self._columns):
            chunks.append(self._chunk(column, [row[place] for row in rows]))
        self._rows += len(rows)
        group = Thrift().list(1, _STRUCT, chunks).whole(2, self._place - begun, _I64)
        self._groups.append(group.whole(3, len(rows), _I64).ended)

    def close(self) -> None:
        root = Thrift().binary(4, b"schema").whole(5, len(self._columns)).ended
        schema = [root, *(_described(column) for column in self._columns)]
        footer = Thrift().whole(1, 1).list(2, _STRUCT, schema).whole(3, self._rows, _I64)
        data = footer.list(4, _STRUCT, self._groups).binary(6, CREATED_BY).ended
        self._put(data + struct.pack("<I", len(data)) + MAGIC)

    def _chunk(self, column: Column, values: Sequence[Value]) -> bytes:
        name, kind = column
        plain = _levels(values) + _plain(kind, [one for one in values if one is not None])
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        packed = packer.compress(plain) + packer.flush()
        page = Thrift().whole(1, len(values)).whole(2, _PLAIN).whole(3, _RLE).whole(4, _RLE)
        head = Thrift().whole(1, _DATA_PAGE).whole(2, len(plain)).whole(3, len(packed))
        header, begun = head.struct(5, page).ended, self._place
        self._put(header + packed)
        encodings = [_zigzag(_PLAIN), _zigzag(_RLE)]
        about = Thrift().whole(1, _PHYSICAL[kind]).list(2, _I32, encodings)
        about.list(3, _BINARY, [_varint(len(name)) + name.encode()]).whole(4, _GZIP)
        about.whole(5, len(values), _I64).whole(6, len(header) + len(plain), _I64)
        about.whole(7, len(header) + len(packed), _I64).whole(9, begun, _I64)
        return Thrift().whole(2, begun, _I64).struct(3, about).ended

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._place += len(data)


def _described(column: Column) -> bytes:
    name, kind = column
    told = Thrift().whole(1, _PHYSICAL[kind]).whole(3, _OPTIONAL).binary(4, name.encode())
    return (told.whole(6, _UTF8) if kind == "text" else told).ended


def _levels(values: Sequence[Value]) -> bytes:
    """Which values are there: runs of ones and zeros."""
    runs, place = bytearray(), 0
    while place < len(values):
        there, begun = values[place] is not None, place
        while place < len(values) and (values[place] is not None) == there:
            place += 1
        runs += _varint((place - begun) << 1) + bytes([there])
    return struct.pack("<I", len(runs)) + bytes(runs)


def _plain(kind: Kind, values: Sequence[Any]) -> bytes:
    match kind:
        case "text":
            texts = [str(value).encode() for value in values]
            return b"".join(struct.pack("<I", len(text)) + text for text in texts)
        case "whole":
            return struct.pack(f"<{len(values)}q", *values)
        case "real":
            return struct.pack(f"<{len(values)}d", *values)
        case "truth":
            bits = sum(bool(value) << place for place, value in enumerate(values))
            return bits.to_bytes(-(-len(values) // 8), "little")


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:  # noqa: PLR2004  seven bits a byte
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
