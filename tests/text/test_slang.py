"""Money as it is said in Chile, written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.folding import level
from text.money import amounts
from text.slang import pesos


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("luca y media", "1500 pesos"),
        ("dos lucas y media", "2500 pesos"),
        ("media luca", "500 pesos"),
        ("un palo 200", "1200000 pesos"),
        ("1 millon 200 mil", "1200000 pesos"),
        ("5 lucas 500", "5500 pesos"),
        ("un millon doscientos mil", "1200000 pesos"),
        ("un palo doscientos mil", "1200000 pesos"),
        ("un palo 250.000", "1250000 pesos"),
        ("un palo y 2 lucas en pan", "1000000 pesos y 2000 pesos en pan"),
        ("2,5 palos", "2500000 pesos"),
        ("20 mil pesos", "20000 pesos"),
        ("una quina y 3 gambas", "500 pesos y 300 pesos"),
        ("pan 2.500", "pan 2.500 pesos"),
        ("uber 4500 ayer", "uber 4500 pesos ayer"),
    ],
)
def test_slang_becomes_pesos(said: str, written: str) -> None:
    assert pesos(said) == written


@pytest.mark.parametrize(
    "text",
    [
        "1,5 uf", "us$ 20", "2 mil dolares", "$12.990", "12/03/2026", "el 12 de marzo de 2026",
        "12.345.678-5", "mil gracias", "dame 2", "150 km", "30%", "a las 14:30",
    ],
)  # fmt: skip
def test_what_is_written_already_or_is_no_money_stays(text: str) -> None:
    assert pesos(text) == text


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for amount in amounts(pesos(level(text))):
        assert amount.value >= 0
