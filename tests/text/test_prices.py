"""Amounts as they are read by people, and back in the smallest unit."""

import pytest

from text.prices import rounded, written


@pytest.mark.parametrize(
    ("amount", "currency", "units", "text"),
    [
        (5000, "CLP", 5000, "$5.000"),
        (1.5, "UF", 15_000, "UF 1,50"),
        (1234.5678, "UF", 12_345_678, "UF 1.234,5678"),
        (0.5, "UF", 5000, "UF 0,50"),
        (20, "USD", 2000, "USD 20.00"),
        (19.99, "USD", 1999, "USD 19.99"),
    ],
)
def test_an_amount_is_kept_in_whole_units_and_read_again(
    amount: float, currency: str, units: int, text: str
) -> None:
    assert rounded(amount, currency) == units
    assert written(units, currency) == text
