"""How well labelled messages are understood, with the slots that their labels name."""

import pytest

from config.packs import load_pack
from evaluation.metrics import understood
from evaluation.understanding import business, exact, understand
from learning.labels import TEST, Label, off_topic, shipped
from nlu.brought import brought

FLOORS = {"ventas": 0.88, "finanzas": 0.93, "creditos": 0.89}
"""A little under what a new shop was measured to understand; see docs/understanding.md."""
GUS = load_pack("finanzas")
SPENT = {"amount": 5000, "currency": "CLP", "category": "comida"}


def test_intents_and_slots_are_read_without_any_model() -> None:
    labels = [
        Label("gasté 5 lucas en almuerzo", "registrar_gasto", slots=SPENT),
        Label("gasté 6 lucas en almuerzo", "registrar_gasto", slots=SPENT),
        Label("buenas, hay alguien?", "general"),
    ]
    found = understand(GUS, labels, None)
    assert [one.found for one in found.guesses] == ["registrar_gasto", "registrar_gasto", "general"]
    assert found.slots == (1, 2)


def test_where_no_label_names_a_slot_none_is_measured() -> None:
    ventas = load_pack("ventas")
    assert understand(
        ventas, [Label("¿cuánto cuesta el termo?", "consulta_precio")], None
    ).slots == (0, 0)


def test_slots_that_no_label_names_are_the_parsers_own() -> None:
    assert exact({"loan": "7"}, {"loan": "7", "topic": "eso"}, {"loan"})
    assert not exact({}, {"loan": "7"}, {"loan"})


def test_manners_are_no_business() -> None:
    assert "saludo" not in business(GUS)
    assert "registrar_gasto" in business(GUS)


def test_naming_a_product_is_asking_about_it_as_the_bot_reads_it() -> None:
    ventas = load_pack("ventas")
    labels = [Label("y el termo en el lavavajillas?", "consulta_producto")]

    assert understand(ventas, labels, None).guesses[0].found == "consulta_producto"


@pytest.mark.parametrize(("name", "least"), FLOORS.items())
def test_messages_that_nothing_was_fitted_to_are_understood(name: str, least: float) -> None:
    pack = load_pack(name)
    read = understand(pack, [*shipped(pack, TEST), *off_topic(TEST)], brought(pack))
    wanted = {one.wanted for one in read.guesses}
    named = [one for one in business(pack) if one in wanted]

    found, _ = understood(read.guesses, named)
    assert found is not None
    assert found.value >= least
