"""How well labelled messages are understood, with the slots that their labels name."""

from config.packs import load_pack
from evaluation.understanding import business, exact, understand
from learning.labels import Label

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
