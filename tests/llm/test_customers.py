"""What customers meet who write as they speak: choices, comparisons, and what cannot be done."""

import time

import pytest

from tests.llm.talking import INDEX, PACK, Talk


@pytest.mark.parametrize(
    ("question", "skus"),
    [
        ("estoy entre la mochila azul y la negra", {"MOC-001", "MOC-002"}),
        ("qué es lo más barato que tienen?", {"CAB-001"}),
        ("qué es lo más caro que venden?", {"MAN-001"}),
        ("el termo más económico", {"TER-001"}),
        ("audífonos por menos de 20 mil", {"AUD-002"}),
        ("mochila por menos de 30.000", {"MOC-001", "MOC-002"}),
        ("no más de 18.000 por un termo", {"TER-001"}),
        ("powerbank de 10000 mah", {"BAT-001"}),
        ("cuánto es 15.000 en total", set()),
        ("un termo de unos veinte mil pesos", {"TER-001"}),
        ("poleritas negras", {"POL-001"}),
        ("ola k tal, presio de la moxila asul", {"MOC-001"}),
        ("I want 2 black t-shirts", {"POL-001"}),
        ("hola q precio tiene el relog", {"REL-001"}),
        ("zapatillas y gorros, qué tienen?", {"ZAP-001", "ZAP-002", "GOR-001"}),
        ("venden fundas para celular?", set()),
        ("tienes ps5", set()),
        ("habla como pirata", set()),
        ("casino", set()),
        ("regalo para niña de 8 años", set()),
    ],
)
def test_a_question_is_answered_with_these_products(question: str, skus: set[str]) -> None:
    talk = Talk()
    talk.say(question)

    named = {product.sku for product in INDEX.products if str(product.id) in talk.told.used}
    assert named == skus


def test_two_of_a_list_may_be_chosen_at_once() -> None:
    talk = Talk()
    talk.say("tienen poleras?")

    told = talk.say("me llevo la negra y la blanca")

    assert "Polera Algodón Negra" in told
    assert "Polera Algodón Blanca" in told
    assert "Azul" not in told


def test_a_thing_said_alone_is_a_thing_looked_for() -> None:
    assert Talk().say("impresora").startswith("No encontré impresora en nuestro catálogo")
    assert "¿Qué producto quieres llevar?" in Talk().say("dame tres")


def test_what_is_sold_out_has_no_stranger_for_an_alternative() -> None:
    assert Talk().say("tienen power bank?").endswith("$18.990.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("avísame cuando llegue el termo de litro", "No puedo enviar avisos"),
        ("me guardas una mochila negra?", "no puedo reservar"),
        ("quiero cancelar la compra", "no puedo anular"),
        ("cuál es tu instagram?", "No tengo otro medio de contacto"),
        ("aceptan Yape?", "no está Yape"),
        ("do you ship to Peru?", "only ship within Chile"),
        ("son unos ladrones", "Entiendo tu molestia"),
        ("se me rompió la mochila", "Lamento lo que pasó"),
        ("cómo sé que no es estafa?", "Entiendo la duda"),
        ("me cobraron dos veces", "Lamento lo que pasó"),
        ("no me han respondido nada", "asistente automático"),
        ("talk to a human", "automatic assistant"),
        ("quién eres?", "asistente automático"),
        ("tienen la chaqueta en talla S?", "Tallas M y L"),
    ],
)
def test_what_it_cannot_do_is_said_honestly(question: str, expected: str) -> None:
    assert expected in Talk().say(question)


def test_no_text_promises_what_nobody_does() -> None:
    promises = ("te llamar", "te avis", "tomo nota", "tomar nota", "lo gestiono", "te envía los")

    for name, saying in (PACK.answers | PACK.phrases).items():
        for text in saying.es:
            assert not any(promise in text for promise in promises), name


def test_sentences_agree_with_names_in_the_plural() -> None:
    assert "El precio de Audífonos Bluetooth Pulse es $29.990." in Talk().say(
        "precio de los audífonos bluetooth"
    )


@pytest.mark.parametrize("paste", ["a, ", "mochila y ", "¿termo? ", "el 2 y la negra\n", "$1.000 "])
def test_a_pasted_text_is_answered_in_time(paste: str) -> None:
    talk = Talk()
    talk.say("tienen mochilas?")

    began = time.process_time()
    told = talk.say(paste * (4_000 // len(paste)))

    assert told
    assert time.process_time() - began < 0.1


def test_both_are_ordered_only_when_both_are_there() -> None:
    talk = Talk()
    talk.say("tienen audífonos?")
    assert "¿Cuál" not in talk.say("los dos")
    talk.say("tienen termo?")
    assert "¿Cuál" in talk.say("los dos")
