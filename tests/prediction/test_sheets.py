"""Files as people save them: separators, signs, empty cells, and what is no table at all."""

from pathlib import Path

import pytest

from prediction import sheets
from prediction.errors import FileUnreadable
from prediction.sheets import parsed


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_is_found(separator: str) -> None:
    lines = [separator.join(row) for row in (("a", "b"), ("1", "x y"), ("2", "z"))]
    assert parsed("\r\n".join(lines).encode()).columns == {"a": ["1", "2"], "b": ["x y", "z"]}


def test_commas_in_cells_do_not_make_columns() -> None:
    found = parsed(b"monto;nota\n1,5;a, b\n2,5;c, d\n")
    assert found.columns == {"monto": ["1,5", "2,5"], "nota": ["a, b", "c, d"]}
    assert parsed(b'a,b\n"1,5",x\n"2,5",y\n').columns["a"] == ["1,5", "2,5"]


def test_one_column_is_a_table_too() -> None:
    assert parsed(b"a\n1\n2\n").columns == {"a": ["1", "2"]}


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "latin-1"])
def test_accents_are_read_however_they_were_saved(coding: str) -> None:
    assert parsed("año,niñez\n1,sí\n".encode(coding)).columns == {"año": ["1"], "niñez": ["sí"]}


def test_what_is_not_known_is_none_and_empty_lines_are_nothing() -> None:
    found = parsed(b"a,b\nNA,1\n\n , n/a\nnull,-\n3,NaN\n")
    assert found.columns == {"a": [None, None, None, "3"], "b": ["1", None, None, None]}
    assert found.rows == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"a,b\n", "one line only"),
        (b"a,b\n\n , \n", "every line below the first is empty"),
        (b"a,b\n1,2\n1,2,3\n", "Line 3 of the file is ragged"),
        (b"a,,c\n1,2,3\n", "column 2 has no name"),
        (b"a,b,a\n1,2,3\n", "two columns are called a"),
        (b"PK\x00\x03\n1\n", "zero bytes"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(FileUnreadable, match=words) as caught:
        parsed(data)
    assert caught.value.hint


def test_a_file_that_is_not_there_or_too_large_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot be read"):
        sheets.read(tmp_path / "none.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(sheets.MOST_BYTES + 1)
    with pytest.raises(FileUnreadable, match="64 are the most"):
        sheets.read(large)
