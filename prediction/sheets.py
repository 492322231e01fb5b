"""The text of a CSV as columns of text: its signs, its separator, its lines."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prediction.errors import FileUnreadable

MOST_BYTES: Final = 64_000_000
"""Which take about a gigabyte of memory while they are read."""
MOST_ROWS: Final = 1_000_000
SEPARATORS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 50
_BEGINNING: Final = 1_000_000
_NOTHING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "#n/a"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every column has as many cells as `rows`; an empty cell, NA and the like are None."""

    columns: dict[str, list[str | None]]
    rows: int
    separator: str


def read(path: Path) -> Sheet:
    """Raises FileUnreadable."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileUnreadable(
                f"{path.name} is too large",
                f"it has {size / 1e6:,.0f} MB; {MOST_BYTES / 1e6:,.0f} are the most",
                "Give a sample of it: a model learns little more from more",
            )
        data = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(
            f"{path} cannot be read", str(error.strerror), "Look at its name and its rights"
        ) from error
    return parsed(data, path.name)


def parsed(data: bytes, name: str = "the file") -> Sheet:
    text = _text(data, name)
    lines = text[:_BEGINNING].splitlines()
    if len(lines) < 2:  # noqa: PLR2004  a head and something below it
        raise _no_cases(name, "it has one line only" if lines else "it is empty")
    separator = _separator(lines)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    head = _head(next(rows), name)
    cells: list[list[str | None]] = [[] for _ in head]
    for row in _even(rows, len(head), name):
        for column, cell in zip(cells, row, strict=True):
            column.append(_cell(cell))
    if not cells[0]:
        raise _no_cases(name, "every line below the first is empty")
    return Sheet(dict(zip(head, cells, strict=True)), len(cells[0]), separator)


def _no_cases(name: str, why: str) -> FileUnreadable:
    hint = "Its first line names the columns, each further line is a case"
    return FileUnreadable(f"{name} holds no cases", why, hint)


def _text(data: bytes, name: str) -> str:
    """UTF-8 with or without its mark, else what Windows writes in Latin America."""
    if b"\x00" in data[:10_000]:
        raise FileUnreadable(
            f"{name} is no text", "it holds zero bytes", "Save it as CSV, in UTF-8"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _separator(lines: list[str]) -> str:
    """Stands as often in the head as in most lines below it."""

    def fits(sign: str) -> tuple[int, int]:
        wanted = lines[0].count(sign)
        same = sum(line.count(sign) == wanted for line in lines[1:_LOOKED_AT])
        return (same, wanted) if wanted else (0, 0)

    return max(SEPARATORS, key=fits)


def _head(row: list[str], name: str) -> list[str]:
    head = [cell.strip() for cell in row]
    empty = [place for place, cell in enumerate(head, 1) if not cell]
    twice = sorted({cell for cell in head if head.count(cell) > 1})
    if empty or twice:
        why = f"column {empty[0]} has no name" if empty else f"two columns are called {twice[0]}"
        raise FileUnreadable(
            f"The first line of {name} names no columns", why, "Give each column its own name"
        )
    return head


def _even(rows: Iterator[list[str]], width: int, name: str) -> Iterator[list[str]]:
    seen = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise FileUnreadable(
                f"{name} is no CSV", f"after {seen + 1} lines: {error}", "Save it as CSV again"
            ) from error
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        seen += 1
        if seen > MOST_ROWS:
            raise FileUnreadable(
                f"{name} is too long", f"{MOST_ROWS:,} cases are the most", "Give a sample of it"
            )
        if len(row) != width:
            raise FileUnreadable(
                f"Line {seen + 1} of {name} is ragged",
                f"it has {len(row)} cells; the first line names {width} columns",
                "Put quotes around cells that hold the separator",
            )
        yield row


def _cell(cell: str) -> str | None:
    kept = cell.strip()
    return None if kept.lower() in _NOTHING else kept
