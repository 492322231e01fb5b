"""What cells of text say: numbers of either style, days of either order. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.errors import BadDates
from prediction.table import Numbers

Style: TypeAlias = Literal[".", ","]
"""The sign before the decimals; the other one parts thousands."""
MOSTLY: Final = 0.98
"""The share of cells from which a column is one of numbers; the rest are not known."""
_LOOKED_AT: Final = 5_000
"""So many cells of a column show how the file writes numbers."""
_STYLES: Final[dict[Style, re.Pattern[str]]] = {
    ".": re.compile(
        r"[+-]?(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII
    ),
    ",": re.compile(r"[+-]?(?=,?\d)(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d*)?", re.ASCII),
}
_AROUND: Final = "$€£% \u00a0\u202f"
_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ].*)?", re.ASCII)
_SPOKEN: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?", re.ASCII)


def style_of(columns: Sequence[Sequence[str | None]], separator: str) -> Style:
    """The style in which more columns can be read whole; a file parted by semicolons writes
    decimals with commas, as it would not need semicolons otherwise."""
    read = {
        style: sum(_all_numbers(cells, pattern) for cells in columns)
        for style, pattern in _STYLES.items()
    }
    if read["."] == read[","]:
        return "," if separator == ";" else "."
    return "." if read["."] > read[","] else ","


def numbers(cells: Sequence[str | None], style: Style) -> Numbers | None:
    """NaN for what is not known; None of a column that holds something else than numbers."""
    found = read_numbers(cells, style)
    there = sum(cell is not None for cell in cells)
    return found if there and np.isfinite(found).sum() >= MOSTLY * there else None


def read_numbers(cells: Sequence[str | None], style: Style) -> Numbers:
    """NaN also for what is no number."""
    found = np.array([_number(cell, style) for cell in cells], np.float64)
    return np.where(np.isfinite(found), found, np.nan)


def days(cells: Sequence[str | None], name: str) -> NDArray[np.datetime64]:
    """NaT where nothing is said. Days before months, unless that makes no dates of all of them."""
    for day_first in (True, False):
        found = [None if cell is None else _day(cell, day_first=day_first) for cell in cells]
        if all(day is not None or cell is None for day, cell in zip(found, cells, strict=True)):
            return np.array(found, "datetime64[D]")
    both = (_day(cell, day_first=True) for cell in cells if cell is not None)
    wrong = next(
        (cell for cell, day in zip(filter(None, cells), both, strict=True) if day is None), ""
    )
    raise BadDates(
        f"The column {name} holds no dates",
        f"{wrong!r} is none" if wrong else "it is empty",
        "Write them as 2026-11-21 or 21/11/2026",
    )


def dated(cells: Sequence[str | None]) -> bool:
    """Whether everything there is written like a day."""
    there = [cell for cell in cells if cell is not None]
    return bool(there) and all(_ISO.fullmatch(one) or _SPOKEN.fullmatch(one) for one in there)


def _day(cell: str, *, day_first: bool) -> date | None:
    if found := _ISO.fullmatch(cell):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    elif found := _SPOKEN.fullmatch(cell):
        one, other, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (one, other) if day_first else (other, one)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _all_numbers(cells: Sequence[str | None], pattern: re.Pattern[str]) -> bool:
    there = [
        bare for cell in cells[:_LOOKED_AT] if cell is not None and (bare := cell.strip(_AROUND))
    ]
    return bool(there) and all(pattern.fullmatch(one) for one in there)


def _number(cell: str | None, style: Style) -> float:
    bare = "" if cell is None else cell.strip(_AROUND)
    if not _STYLES[style].fullmatch(bare):
        return np.nan
    if style == ",":
        bare = bare.replace(".", "").replace(",", ".")
    return float(bare.replace(",", ""))
