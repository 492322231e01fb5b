"""What borrowers write: labelled messages, those the rules were written on and those held out."""

import json
from collections import Counter
from typing import Any, Final

import pytest

from config.folders import DOMAINS
from config.packs import load_pack
from nlu.parse import build_parser
from nlu.records import records
from text.folding import fold

PACK: Final = load_pack("creditos")
PARSER: Final = build_parser(PACK)
MANNERS: Final = {
    "saludo", "gracias", "afirmacion", "negacion", "despedida", "ayuda", "persona", "horario",
}  # fmt: skip
FLOORS: Final = {"dev": (0.97, 30), "test": (0.87, 10)}
"""Macro-F1, and messages of each intent."""
SLOTS: Final = ("loan", "instalment", "ordinal")


def labelled(name: str) -> list[dict[str, Any]]:
    lines = (DOMAINS / "creditos" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def macro_f1(rows: list[dict[str, Any]]) -> float:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        found = PARSER.parse(row["text"]).intent
        if found == row["intent"]:
            right[found] += 1
        else:
            wrong[found] += 1
            missed[row["intent"]] += 1
    intents = {*right, *missed}
    return sum(2 * right[i] / (2 * right[i] + wrong[i] + missed[i]) for i in intents) / len(intents)


@pytest.mark.parametrize("name", FLOORS)
def test_the_rules_understand_borrowers_as_well_as_is_said(name: str) -> None:
    rows, (floor, least) = labelled(name), FLOORS[name]
    assert macro_f1(rows) >= floor
    counted = Counter(row["intent"] for row in rows)
    business = {rule.name for rule in PACK.intents} - MANNERS
    assert set(counted) == business
    assert len(business) >= 10
    assert min(counted.values()) >= least


@pytest.mark.parametrize("name", FLOORS)
def test_every_number_that_a_look_up_needs_is_found_and_no_other(name: str) -> None:
    for row in labelled(name):
        slots = PARSER.parse(row["text"]).slots
        found = {slot: slots[slot] for slot in SLOTS if slot in slots}
        if found.get("ordinal") == -1:  # `último pago` is no place among loans
            del found["ordinal"]
        assert found == row["slots"], row["text"]


def test_nothing_stands_in_both_sets() -> None:
    dev, test = ({fold(row["text"]) for row in labelled(name)} for name in FLOORS)
    assert dev & test == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("préstamo 1001", {"loan": "1001"}),
        ("mi crédito n° 10234", {"loan": "10234"}),
        ("operación nro. 20045, cuota 7", {"loan": "20045", "instalment": 7}),
        ("un crédito 500.000", {}),
        ("un préstamo 8000 lucas", {}),
        ("un crédito de 1000000", {}),
        ("cuota 5 de enero", {}),
        ("cuota 117029", {}),
        ("prestamo", {}),
    ],
)
def test_an_amount_is_no_number_of_a_loan(text: str, found: dict[str, Any]) -> None:
    assert records(text) == found
