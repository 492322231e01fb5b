"""Amounts are read as people type them, or not at all."""

import pytest

from web.typed import BadAmount, smallest


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("", "CLP", None), ("24.990", "CLP", 24_990), ("$ 24.990", "CLP", 24_990),
        ("24990", "CLP", 24_990), ("24,990", "CLP", 24_990), ("0", "CLP", 0),
        ("12,50", "PEN", 1_250), ("12.5", "PEN", 1_250), ("1.200,50", "PEN", 120_050),
        ("1.200", "PEN", 120_000), ("S/ 12", "PEN", 1_200),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_the_currencys_smallest_unit(
    typed: str, currency: str, amount: int | None
) -> None:
    assert smallest(typed, currency) == amount


@pytest.mark.parametrize("typed", ["mucho", "$", "-", "9" * 30])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount):
        smallest(typed, "CLP")
