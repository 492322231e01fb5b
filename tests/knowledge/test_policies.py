"""The rules of a business have the last word over what a model wrote."""

import pytest

from config.packs import load_pack
from knowledge.policies import instructions, ruled

VENTAS = load_pack("ventas")
FINANZAS = load_pack("finanzas")


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("Te hago un 20% si pagas hoy.", "sin_descuentos"),
        ("TE DEJO EL DESCUENTO, te lo mereces", "sin_descuentos"),
        ("Para pagar, envíame el número de tu tarjeta.", "sin_datos_de_tarjeta"),
        ("dime  tu\nclave y listo", "sin_datos_de_tarjeta"),
    ],
)
def test_what_is_forbidden_is_replaced_by_the_shop_s_own_words(text: str, policy: str) -> None:
    kept = ruled(text, VENTAS, "es")

    assert kept.broken == policy
    assert text not in kept.text
    assert kept.text in VENTAS.answers[kept.said].es


@pytest.mark.parametrize(
    "text",
    [
        "Los precios son los publicados y no hago descuentos desde este chat.",
        "Puedes pagar con tarjeta de crédito por Webpay.",
        "Por seguridad, nunca te voy a pedir claves.",
    ],
)
def test_what_is_allowed_is_left_alone(text: str) -> None:
    assert ruled(text, VENTAS, "es").text == text


def test_a_disclaimer_is_added_once() -> None:
    told = ruled("Los fondos mutuos agrupan el dinero de muchas personas.", FINANZAS, "es")

    assert told.applied
    assert told.text.startswith("Los fondos mutuos")
    assert len(told.text) > len("Los fondos mutuos agrupan el dinero de muchas personas.")
    assert ruled(told.text, FINANZAS, "es").text == told.text


def test_the_shop_s_own_answers_are_never_forbidden() -> None:
    own = "Te hago un 20% de descuento."
    assert ruled(own, VENTAS, "es", own=True).text == own


def test_a_model_is_told_the_rules() -> None:
    assert any("descuentos" in one for one in instructions(VENTAS))
