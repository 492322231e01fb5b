"""What a spreadsheet would run is told as a text."""

import csv as reader
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from web.csv import cell, line, moment

FORMULAS = [
    '=HYPERLINK("http://evil.example")', "+56 9 1234", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
    "\n=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-2, 3.5, "a=b", "Ñandú", "", " sí", None])
def test_numbers_and_words_stay_as_they_are(value: object) -> None:
    assert cell(value) == ("" if value is None else value)


def test_a_line_break_or_a_quote_stays_within_its_cell() -> None:
    told = line(['dijo "hola"', "uno\ndos", "a,b"])
    assert next(reader.reader(io.StringIO(told, newline=""))) == ['dijo "hola"', "uno\ndos", "a,b"]


def test_a_moment_is_told_by_the_shop_s_clock() -> None:
    at = datetime(2026, 11, 22, 1, 30, 15, 123456, tzinfo=UTC)
    assert moment(at, ZoneInfo("America/Santiago")) == "2026-11-21 22:30"
