import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.parquet import Column, ParquetWriter, Value

COLUMNS: tuple[Column, ...] = (
    ("word", "text"), ("count", "whole"), ("share", "real"), ("right", "truth"),
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
WHOLE = st.integers(-(2**63), 2**63 - 1)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS, st.none() | WHOLE, st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
    ),
    max_size=60,
)  # fmt: skip


def read(path: Path) -> list[tuple[Value, ...]]:
    return duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()


def write(path: Path, *groups: list[tuple[Value, ...]]) -> None:
    with path.open("wb") as file:
        table = ParquetWriter(file, COLUMNS)
        for group in groups:
            table.write(group)
        table.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parquet") / "table.parquet"


@settings(deadline=None, max_examples=40)
@given(ROWS, ROWS)
def test_another_program_reads_what_was_written(
    place: Path, first: list[tuple[Value, ...]], second: list[tuple[Value, ...]]
) -> None:
    write(place, *(group for group in (first, second) if group))
    assert read(place) == first + second


def test_many_groups_and_columns_are_found_again(place: Path) -> None:
    groups: list[list[tuple[Value, ...]]] = [
        [(f"ñandú {group}·{row}", row, row / 7, row % 3 == 0) for row in range(900)]
        for group in range(20)
    ]
    write(place, *groups)
    assert read(place) == [row for group in groups for row in group]
    query = "DESCRIBE SELECT * FROM read_parquet(?)"
    told = duckdb.connect().execute(query, [str(place)]).fetchall()
    assert [(name, kind) for name, kind, *_ in told] == [
        ("word", "VARCHAR"), ("count", "BIGINT"), ("share", "DOUBLE"), ("right", "BOOLEAN"),
    ]  # fmt: skip


def test_the_same_rows_are_the_same_bytes() -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        table = ParquetWriter(file, COLUMNS)
        table.write([("a", 1, 0.5, True)])
        table.close()
    assert files[0].getvalue() == files[1].getvalue()
