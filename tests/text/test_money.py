"""Amounts are found where money is meant, and nowhere else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.money import amounts, clp, parse


def found(text: str) -> list[tuple[str, str | None]]:
    return [(str(amount.value.normalize()), amount.currency) for amount in amounts(text)]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$24.990", 24990, "CLP"),
        ("24990 pesos", 24990, "CLP"),
        ("$24,990.00", 24990, "CLP"),
        ("$ 15.000.-", 15000, "CLP"),
        ("24 lucas", 24000, "CLP"),
        ("24 mil", 24000, None),
        ("vale 24.990 c/u", 24990, None),
        ("1 millón de pesos", 1_000_000, "CLP"),
        ("US$ 12,50", "12.50", "USD"),
        ("25 usd", 25, "USD"),
        ("UF 3,5", "3.5", "CLF"),
        ("UF 1.234,5678", "1234.5678", "CLF"),
        ("Bs. 1.200,50", "1200.50", "VES"),
        ("30 euros", 30, "EUR"),
    ],
)
def test_an_amount_is_read(text: str, value: str | int, currency: str | None) -> None:
    (amount,) = amounts(text)

    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "text",
    [
        "quiero 2", "2 días", "15%", "el año 2024", "24/12/2026", "+56 9 1234 5678",
        "pedido 24990", "12.345.678-5", "2 mil personas", "a las 14:30", "talla 42",
        "1.500 metros", "sale en 2 días", "mil gracias", "", "sin números",
    ],
)  # fmt: skip
def test_quantities_phones_dates_and_orders_are_no_amounts(text: str) -> None:
    assert amounts(text) == []


def test_several_amounts_keep_their_places() -> None:
    text = "de $10.000 a $8.000, envío 3 lucas"

    assert [text[slice(*amount.span)] for amount in amounts(text)] == [
        "$10.000",
        "$8.000",
        "3 lucas",
    ]


def test_a_range_lends_its_unit_to_the_first_number() -> None:
    assert found("entre 10 y 20 lucas") == [("1E+4", "CLP"), ("2E+4", "CLP")]


@pytest.mark.parametrize(
    ("written", "value"),
    [("0.500", "0.5"), ("0,999", "0.999"), ("1.250", "1250"), ("10.500", "10500")],
)
def test_nobody_writes_a_zero_before_thousands(written: str, value: str) -> None:
    assert parse(written) == Decimal(value)


def test_a_bare_peso_sign_means_what_the_shop_charges_in() -> None:
    assert amounts("$25", peso="USD")[0].currency == "USD"


def test_chilean_pesos_are_written_without_decimals() -> None:
    assert [clp(24990), clp(990), clp(1234567), clp(-500)] == [
        "$24.990",
        "$990",
        "$1.234.567",
        "-$500",
    ]


@given(st.integers(0, 10**9))
def test_what_is_written_is_read_back(value: int) -> None:
    (amount,) = amounts(f"son {clp(value)} en total")

    assert amount.value == value


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for amount in amounts(text):
        assert 0 <= amount.span[0] < amount.span[1] <= len(text)
