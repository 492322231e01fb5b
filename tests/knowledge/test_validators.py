"""Figures are written as the business writes them, and they add up."""

import pytest

from config.packs import load_pack
from knowledge.validators import validate
from llm.base import Source

PACK = load_pack("ventas")


@pytest.mark.parametrize(
    "text",
    [
        "Cuesta $24.990.",
        "Son $990, o $1.234.567 por todo.",
        "Sale 24.990 pesos.",
        "Vale UF 1.234,5678, o sea 12 UF.",
        "Cuesta US$1,299.00.",
        "Vence el 29/02/2028 o el 31-12-2026.",
        "El 29 de febrero hay fiesta.",
        "Son 2 x $14.990 = $29.980.",
        "Son $24.990 + $3.990 de envío = $28.980 en total.",
        "3 cuotas de $8.330, total $24.990.",
        "Te dejo $20 mil de regalo.",
        "Hola, ¿en qué te ayudo?",
    ],
)
def test_what_is_well_written_has_no_fault(text: str) -> None:
    assert validate(text, PACK) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Cuesta $24990.", "clp"),
        ("Cuesta $24,990.", "clp"),
        ("Cuesta $24.990,00.", "clp"),
        ("Cuesta $24.99.", "clp"),
        ("Vale UF 1,234.50.", "uf"),
        ("Vale 1234,5 UF.", "uf"),
        ("Vale UF 0,12345.", "uf"),
        ("Vence el 31/02/2026.", "date"),
        ("Vence el 2026-13-01.", "date"),
        ("Vence el 29-02-2027.", "date"),
        ("Llega el 31 de abril.", "date"),
        ("Llega el treinta de febrero.", "date"),
        ("Son 2 x $14.990 = $28.980.", "sum"),
        ("Son 3 cuotas de $8.330, total $25.000.", "sum"),
        ("Son $24.990 + $3.990 de envío = $29.980.", "sum"),
        ("$1.000 más $2.000 más $3.000 son $7.000.", "sum"),
    ],
)
def test_what_is_malformed_or_does_not_add_up_is_told(text: str, rule: str) -> None:
    assert [fault.rule for fault in validate(text, PACK)] == [rule]


def test_what_a_source_writes_just_so_is_the_shops_own_way() -> None:
    source = Source("answer", "a", "Precios", "Todo a $9990.")

    assert validate("Todo a $9990.", PACK, (source,)) == []
    assert validate("Todo a $8990.", PACK, (source,)) != []
