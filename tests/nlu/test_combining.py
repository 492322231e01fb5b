"""Who decides what is wanted: the rules, or what was learned."""

from collections.abc import Mapping
from dataclasses import replace
from math import exp

import pytest

from config.packs import load_pack
from nlu.combining import TRUST, about_product, only_named, settled
from nlu.parse import Parsed, parser_of

PARSER = parser_of(load_pack("ventas"))


def decided(text: str, likely: Mapping[str, float]) -> Parsed:
    return settled(text, PARSER.parse(text), PARSER.intents, lambda: likely)


def test_what_was_learned_decides_where_the_rules_hear_nothing() -> None:
    found = decided("me la congelas un par de días", {"reserva": 0.8, "aviso": 0.2})

    assert (found.intent, found.acts, found.answers) == ("reserva", ("answer",), ("reserva",))
    assert (found.by, found.confidence, found.category) == ("classifier", 0.8, "proceso_pago")


def test_what_is_not_likely_decides_nothing() -> None:
    text = "me la congelas un par de días"
    found = decided(text, {"reserva": 0.39, "aviso": 0.31, "datos": 0.3})

    assert replace(found, likely=()) == PARSER.parse(text)
    assert found.likely == (("reserva", 0.39), ("aviso", 0.31), ("datos", 0.3))


def test_slots_are_always_those_of_the_rules() -> None:
    text = "me la congelas hasta tener 20 lucas"

    assert decided(text, {"reserva": 0.9}).slots == PARSER.parse(text).slots


def test_rules_that_are_sure_are_heeded() -> None:
    sure = "¿cuánto cuesta el despacho a domicilio?"

    assert decided(sure, {"reserva": 0.99}).by == "rules"


def test_rules_that_are_unsure_give_way() -> None:
    heard = PARSER.parse("quiero que la congelen")

    assert (heard.intent, heard.confidence < 0.9) == ("consulta_producto", True)
    assert decided("quiero que la congelen", {"reserva": 0.9}).intent == "reserva"


def test_what_unsure_rules_hear_is_the_likelier_for_it() -> None:
    text = "quiero que la congelen"
    heard = PARSER.parse(text)
    voice = TRUST.voice * heard.confidence

    assert decided(text, {heard.intent: 0.2, "reserva": 0.19 * exp(voice)}) == heard
    found = decided(text, {heard.intent: 0.2, "reserva": 0.21 * exp(voice)})
    assert (found.intent, found.confidence) == ("reserva", 0.512)


@pytest.mark.parametrize(
    "likely",
    [
        {"contacto": 0.33, "datos": 0.33, "ubicacion": 0.33, "horario": 0.01},
        {"horario": 0.05, "general": 0.9, "datos": 0.05},
    ],
)
def test_nothing_is_claimed_where_unsure_rules_and_what_was_learned_disagree(
    likely: Mapping[str, float],
) -> None:
    text = "hola, quedarán en azul para el viernes"
    heard = PARSER.parse(text)
    found = decided(text, likely)

    assert (heard.intent, heard.confidence < TRUST.sure) == ("horario", True)
    assert (found.intent, found.category, found.confidence) == ("general", "general", 0.0)
    assert (found.acts, found.answers, found.by) == (("greet",), (), "classifier")
    assert found.slots == heard.slots != {}


def test_what_no_label_teaches_is_not_taken_back() -> None:
    text = "hola, quedarán en azul para el viernes"

    assert decided(text, {"general": 0.9, "datos": 0.1}) == PARSER.parse(text)


def test_a_product_is_searched_for_unless_something_else_is_likely() -> None:
    """What is not found is answered honestly, whether it was business or not."""
    text = "¿tienen acarreo?"

    for beside in ({"general": 0.9, "contacto": 0.1}, {"contacto": 0.34, "datos": 0.33}):
        assert decided(text, beside) == PARSER.parse(text)
    assert decided(text, {"contacto": 0.6, "consulta_producto": 0.1}).intent == "contacto"


def test_unsure_rules_stand_where_what_was_learned_does_not_speak_against_them() -> None:
    text = "quiero que la congelen"
    likely = {"consulta_producto": 0.3, "general": 0.35, "reserva": 0.35}

    assert decided(text, likely) == PARSER.parse(text)


def test_what_is_answered_alone_speaks_louder_while_the_rules_are_unsure() -> None:
    text = "ya transferí"
    heard = PARSER.parse(text)
    voice = TRUST.firm * heard.confidence

    assert heard.confidence < TRUST.sure
    assert decided(text, {"pago_hecho": 0.04, "proceso_pago": 0.039 * exp(voice)}) == heard
    found = decided(text, {"pago_hecho": 0.04, "proceso_pago": 0.041 * exp(voice)})
    assert found.intent == "proceso_pago"


def test_naming_a_product_is_asking_about_it_whoever_guessed_so_too() -> None:
    guessed = decided("el termo en el lavavajillas", {"consulta_producto": 0.9})
    asked = PARSER.parse("¿cuánto cuesta el termo?")

    assert only_named(PARSER.parse("el termo en el lavavajillas"))
    assert only_named(guessed)
    assert not only_named(asked)
    found = about_product(guessed, PARSER.intents)
    assert (found.intent, found.acts, found.confidence) == ("consulta_producto", (), 0.9)


@pytest.mark.parametrize("text", ["hola", "sí", "no, gracias", "ok dale", "me ayudas?", "😊"])
def test_manners_are_of_the_rules(text: str) -> None:
    assert decided(text, {"reserva": 1.0}) == PARSER.parse(text)


def test_manners_before_something_else_stay_behind_it() -> None:
    found = decided("hola, me la congelas un par de días hasta el lunes", {"reserva": 0.9})

    assert found.intent == "reserva"
    assert found.acts == ("answer", "greet")


@pytest.mark.parametrize("text", ["me llegó roto", "quiero hablar con una persona", "humano porfa"])
def test_what_is_answered_alone_is_of_the_rules_where_they_are_sure_or_know_it_alone(
    text: str,
) -> None:
    assert decided(text, {"reserva": 1.0}) == PARSER.parse(text)


@pytest.mark.parametrize("name", ["general", "saludo", "afirmacion", "no_such_intent"])
def test_no_intent_is_invented_and_no_manners_are_learned(name: str) -> None:
    assert decided("me la congelas un par de días", {name: 1.0}).by == "rules"


def test_what_was_learned_is_not_asked_without_need() -> None:
    def never() -> Mapping[str, float]:
        raise AssertionError

    for text in ("hola", "me llegó roto", "hacen envíos a domicilio a regiones?"):
        settled(text, PARSER.parse(text), PARSER.intents, never)


def test_the_likeliest_three_are_told_by_whoever_decided() -> None:
    asked = "¿cuánto cuesta el termo y tienen stock?"
    rules = PARSER.parse(asked)
    odds = {"reserva": 0.6, "aviso": 0.2, "datos": 0.15, "horario": 0.05}
    found = decided("me la congelas un par de días", odds)

    assert rules.likely[0] == (rules.intent, rules.confidence)
    assert [name for name, _ in rules.likely] == ["consulta_stock", "consulta_precio"]
    assert [sure for _, sure in rules.likely] == sorted(dict(rules.likely).values(), reverse=True)
    assert found.likely == (("reserva", 0.6), ("aviso", 0.2), ("datos", 0.15))
    assert (found.intent, found.confidence) == found.likely[0]


def test_where_nothing_is_claimed_it_is_told_what_was_too_unlikely() -> None:
    found = decided(
        "hola, quedarán en azul para el viernes",
        {"contacto": 0.33, "datos": 0.33, "ubicacion": 0.33, "horario": 0.01},
    )

    assert (found.intent, len(found.likely)) == ("general", 3)
    assert all(sure < TRUST.least for _, sure in found.likely)


def test_a_product_that_is_named_is_the_first_of_the_likely() -> None:
    named = about_product(PARSER.parse("tienen stock?"), PARSER.intents)

    assert named.likely[0] == (named.intent, named.confidence)
    assert named.likely[1][0] == "consulta_stock"
