"""Numbers of either style and days of either order."""

import numpy as np
import pytest

from prediction.cells import days, numbers, read_numbers, style_of
from prediction.errors import BadDates


@pytest.mark.parametrize(
    ("cell", "style", "value"),
    [
        ("1234.5", ".", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("$ 1.234", ",", 1234),
        ("12 %", ".", 12),
        ("-.5", ".", -0.5),
        ("+3", ",", 3),
        ("1e-3", ".", 0.001),
        ("7.", ".", 7),
    ],
)
def test_a_number_is_read_in_its_style(cell: str, style: str, value: float) -> None:
    assert read_numbers([cell], style).tolist() == [value]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ["", "e5", "1e999", "inf", "1_000", "12,34.5", "--3", ".", "$", "٣"]
)
def test_what_is_no_number_is_not_known(cell: str) -> None:
    assert np.isnan(read_numbers([cell, None], ".")).all()


def test_the_style_is_that_in_which_the_file_can_be_read() -> None:
    assert style_of([["1.234,5", "7"], ["x"]], ",") == ","
    assert style_of([["1.5"], ["1,234.5"]], ";") == "."
    assert style_of([["1"], ["2"]], ";") == ","
    assert style_of([["1"], [None]], ",") == "."


def test_a_column_of_words_is_none_of_numbers() -> None:
    assert numbers(["1", "x"], ".") is None
    assert numbers([None, None], ".") is None
    assert numbers(["1"] * 99 + ["x"], ".") is not None


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (["2026-11-21"], "2026-11-21"),
        (["2026/1/2 10:00"], "2026-01-02"),
        (["2026-11"], "2026-11-01"),
        (["02/01/2026"], "2026-01-02"),
        (["2.1.2026", None], "2026-01-02"),
        (["01/02/2026", "01/31/2026"], "2026-01-02"),
    ],
)
def test_days_come_before_months_unless_that_cannot_be(cells: list[str | None], day: str) -> None:
    assert str(days(cells, "fecha")[0]) == day


def test_a_day_that_is_not_said_is_none() -> None:
    assert np.isnat(days([None, "2026-01-01"], "fecha")).tolist() == [True, False]


@pytest.mark.parametrize("cell", ["31/02/2026", "ayer", "21/11/26", "20261121"])
def test_what_is_no_day_is_refused_by_name(cell: str) -> None:
    with pytest.raises(BadDates, match=f"column fecha holds no dates: '{cell}' is none"):
        days(["01/02/2026", cell], "fecha")
