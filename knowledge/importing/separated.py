"""A CSV file as rows of cells, whatever program wrote it: pure."""

import csv
from collections import Counter
from typing import Final

SIGNS: Final = ",;\t|"
SAMPLE: Final = 30
"""Rows that are looked at to find out which sign separates the columns."""


class NotSeparated(Exception):
    """This is no table; the message says why."""


def rows_of(data: bytes) -> list[list[str]]:
    """Raises NotSeparated."""
    text = decoded(data)
    lines = text.splitlines(keepends=True)
    sign = max(SIGNS, key=lambda one: _fit(lines[:SAMPLE], one))
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=sign)]
    except csv.Error as error:
        raise NotSeparated(f"it is no CSV: {error}") from error


def decoded(data: bytes) -> str:
    """As UTF-8, as what Excel calls Unicode text, or as Windows wrote it."""
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotSeparated("it is neither a text nor an .xlsx workbook")


def _fit(lines: list[str], sign: str) -> tuple[int, int]:
    """How many rows have the usual number of columns, where that is more than one."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
    except csv.Error:
        return (0, 0)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
