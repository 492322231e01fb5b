"""Units under one stem, however they are written."""

import pytest

from tests.llm.talking import INDEX
from text.units import UNITS


@pytest.mark.parametrize(
    ("one", "other"),
    [("litro", "lts"), ("ml", "cc"), ("kg", "kilos"), ("metros", "mts"), ("gr", "gramos")],
)
def test_two_spellings_are_one_unit(one: str, other: str) -> None:
    assert UNITS[one] == UNITS[other]


@pytest.mark.parametrize("text", ["termo 1 lt", "termo de litro", "termo de un litro", "1 l termo"])
def test_one_litre_is_said_in_many_ways(text: str) -> None:
    assert [match.product.sku for match in INDEX.find(text)] == ["TER-002"]


def test_a_size_is_no_unit() -> None:
    assert INDEX.find("polera negra talla l")[0].product.sku == "POL-001"
    assert INDEX.find("una polera azul m")[0].product.sku == "POL-003"
