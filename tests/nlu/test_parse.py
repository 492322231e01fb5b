"""What a text means: intent, wishes, slots and language, by the rules of the sample shop."""

import time
from dataclasses import dataclass

import pytest

from config.packs import load_pack
from nlu.parse import build_parser, intent

PARSER = build_parser(load_pack("ventas"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hola", "saludo"),
        ("HOLAAAA", "saludo"),
        ("buenas tardes", "saludo"),
        ("qué onda", "saludo"),
        ("gracias!", "gracias"),
        ("vale gracias", "gracias"),
        ("chao", "despedida"),
        ("ok", "afirmacion"),
        ("👍", "afirmacion"),
        ("no gracias", "negacion"),
        ("lo voy a pensar", "negacion"),
        ("busco una mochila", "consulta_producto"),
        ("recomiéndame algo", "consulta_producto"),
        ("tenés mate?", "consulta_producto"),
        ("cuánto cuesta el termo", "consulta_precio"),
        ("kuanto bale el termo", "consulta_precio"),
        ("a cómo el parlante", "consulta_precio"),
        ("presio x favor", "consulta_precio"),
        ("q precio tiene", "consulta_precio"),
        ("hola, cuánto sale?", "consulta_precio"),
        ("les quedan poleras?", "consulta_stock"),
        ("hay stock?", "consulta_stock"),
        ("tení en xl?", "consulta_stock"),
        ("tendrán zapatillas número 40", "consulta_stock"),
        ("tienes fotos de la mochila?", "solicitud_foto"),
        ("me muestras una imagen", "solicitud_foto"),
        ("quiero comprar", "compra"),
        ("me lo llevo", "compra"),
        ("lo quiero", "compra"),
        ("cómo puedo pagar?", "proceso_pago"),
        ("mándame el link de pago", "proceso_pago"),
        ("aceptan tarjeta?", "proceso_pago"),
        ("pago con Yape", "proceso_pago"),
        ("hacen envíos?", "consulta_envio"),
        ("asen embios a regiones", "consulta_envio"),
        ("cuánto sale el envío a Temuco", "consulta_envio"),
        ("entregan a domicilio?", "consulta_envio"),
        ("y a Valdivia?", "consulta_envio"),
        ("🚚", "consulta_envio"),
        ("dónde está mi pedido", "seguimiento"),
        ("a qué hora cierran", "horario"),
        ("dónde están ubicados", "ubicacion"),
        ("quiero devolverlo", "devolucion"),
        ("tiene garantía?", "garantia"),
        ("me haces un descuentito?", "descuento"),
        ("necesito factura", "factura"),
        ("llegó roto, pésimo", "reclamo"),
        ("quiero hablar con una persona", "persona"),
        ("eres un robot?", "persona"),
        ("mi rut es 1-9", "datos"),
        ("no entiendo", "no_entiende"),
        ("ayuda", "ayuda"),
        ("how much is it?", "consulta_precio"),
        ("do you ship to Arica?", "consulta_envio"),
        ("la capital de Francia", "general"),
        ("???", "general"),
        ("", "general"),
    ],
)
def test_an_intent_is_understood(text: str, expected: str) -> None:
    assert PARSER.parse(text).intent == expected


def test_every_intent_names_its_category() -> None:
    assert PARSER.parse("hay stock?").category == "consulta_producto"
    assert PARSER.parse("quiero comprar").category == "proceso_pago"
    assert PARSER.parse("la capital de Francia").category == "general"


def test_several_wishes_are_told_the_strongest_first() -> None:
    parsed = PARSER.parse("hola, cuánto cuesta el mate, tienes foto y hacen envíos?")

    assert set(parsed.acts) == {"answer", "photo", "price", "greet", "product"}
    assert parsed.answers == ("envio",)
    assert parsed.acts.index("price") < parsed.acts.index("greet")


def test_a_complaint_is_heard_alone() -> None:
    parsed = PARSER.parse("quiero reclamar, me llegó roto y cuánto cuesta otro?")

    assert (parsed.intent, parsed.acts) == ("reclamo", ("answer",))


def test_yes_and_no_inside_a_sentence_are_no_answers() -> None:
    assert PARSER.parse("si tienen mochilas me avisan").acts == ("product",)
    assert PARSER.parse("sí").acts == ("agree",)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("quiero 2", {"quantity": 2}),
        ("son dos", {"quantity": 2}),
        ("de 500 ml", {}),
        ("talla 42", {"size": "talla 42"}),
        ("tienes en 41?", {}),
        ("la segunda", {"ordinal": 2}),
        ("el 3", {"ordinal": 3}),
        ("la última", {"ordinal": -1}),
        ("en azul", {"colour": "azul"}),
        ("negras", {"colour": "negro"}),
        ("a viña del mar", {"city": "Viña del Mar"}),
        ("a Nunoa", {"city": "Ñuñoa"}),
        ("envían a Lima?", {"abroad": "Lima"}),
        ("hasta 15 lucas", {"budget": 15_000}),
        ("menos de $20.000", {"budget": 20_000}),
        ("vale $1?", {}),
        ("tengo 10.000 pesos", {"budget": 10_000}),
        ("pago con transferencia", {"method": "transferencia"}),
        ("venden paraguas chinos?", {"mention": "paraguas chinos"}),
        ("cuánto cuesta el televisor", {"mention": "televisor"}),
        ("algo para hacer ejercicio", {"topic": "ejercicio"}),
        ("quiero viajar", {}),
        ("999999999999999999999", {}),
        ("²³ ٣", {}),
    ],
)
def test_slots_are_filled(text: str, slots: dict[str, object]) -> None:
    assert PARSER.parse(text).slots == slots


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("hello", "en"),
        ("how much is the backpack?", "en"),
        ("do you have it?", "en"),
        ("hola", "es"),
        ("tienen power bank?", "es"),
        ("quiero un smartwatch please", "es"),
        ("no", "es"),
        ("", "es"),
    ],
)
def test_the_language_is_told(text: str, locale: str) -> None:
    assert PARSER.parse(text).locale == locale


def test_confidence_grows_with_what_speaks_for_an_intent() -> None:
    weak, strong = PARSER.parse("hola"), PARSER.parse("cómo hago para pagar con tarjeta de crédito")

    assert 0 < weak.confidence < strong.confidence <= 1
    assert PARSER.parse("qwerty").confidence == 0


def test_a_predicate_names_intents() -> None:
    @dataclass
    class Seen:
        intent: str

    wanted = intent("consulta_envio", "seguimiento")

    assert wanted(Seen("seguimiento"))
    assert not wanted(Seen("saludo"))


def test_a_pasted_document_is_read_in_time() -> None:
    text = "quiero saber cuánto cuesta el envío de 3 mochilas azules a Temuco " * 200

    began = time.process_time()
    PARSER.parse(text)

    assert time.process_time() - began < 2
