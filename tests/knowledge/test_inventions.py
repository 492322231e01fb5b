"""A model that invents prices, days and gifts: nothing of it reaches a customer."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.reading import Understanding
from handlers.requests import known_to
from knowledge.verify import verify
from llm.base import Source
from tests.handlers.replying import PACK, PARSER
from tests.llm.talking import INDEX

HERE = Path(__file__).parent
QUESTION = "¿cuánto cuesta la mochila urbana azul?"
PASSAGES = {
    "Despachos": "El despacho a Aysén cuesta $6.490 y demora 8 a 12 días hábiles.",
    "Cambios y garantía": "Tienes 15 días para cambios. La garantía de las mochilas es de 6 meses. "
    "Si el producto viene con fallas, devolvemos el dinero en un plazo de 10 días.",
    "Pagos": "Con transferencia hay 12% de descuento en compras sobre $60.000.",
    "Bordados": "Bordar un nombre cuesta $4.500 y toma 5 días.",
    "Horario": "Lunes a viernes de 10:00 a 18:30, en Av. Italia 1234. Cerrado el 18 de septiembre. "
    "Fono +56 2 2345 6789.",
    "Taller": "El taller de costura es el 24 de octubre de 2026, de 16:00 a 19:00: dura 3 horas. "
    "El cupo se reserva con 2 semanas de anticipación.",
    "Material": "100% algodón encerado, con bolsillo para una botella de 1.000 ml.",
}
RECORDS = {
    "préstamo 1001": "De tu préstamo 1001 debes $819.203. Fue de $1.200.000, al 24,5% anual.",
    "cuota 6": "Cuota 6 del préstamo 1001: $117.029, vence el 05-12-2026. Quedan 7 por pagar.",
    "pago": "$117.028, el 03-11-2026.",
}
KNOWN = known_to(Understanding(PACK, PARSER).read(QUESTION, INDEX), PACK)
KNOWN = replace(
    KNOWN,
    sources=(
        *KNOWN.sources,
        *(Source("passage", title, title, text) for title, text in PASSAGES.items()),
        *(Source("record", title, title, text) for title, text in RECORDS.items()),
    ),
)
TRUE = {"24.990", "24990", "14"}
HELLO = "Hola, gracias por escribir. "


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


def test_the_set_is_large_enough_to_mean_something() -> None:
    inventions = lines("inventions.txt")
    assert len(set(inventions)) == len(inventions) >= 180
    assert len(set(lines("honest.txt"))) == len(lines("honest.txt")) >= 75


@pytest.mark.parametrize("said", lines("inventions.txt"))
def test_nothing_invented_is_left_of_a_reply(said: str) -> None:
    checked = verify(HELLO + said, KNOWN)
    assert checked.verdict != "ok"
    left = (checked.text or "").replace(HELLO.strip(), "")
    assert said not in left
    assert set(re.findall(r"\d[\d.]*\d|\d", left)) <= TRUE


@pytest.mark.parametrize("said", lines("inventions.txt"))
def test_an_invention_alone_is_never_sent(said: str) -> None:
    checked = verify(said, KNOWN)
    assert checked.text is None or not KNOWN.unsupported(checked.text)
    assert checked.text != said


@pytest.mark.parametrize("said", lines("honest.txt"))
def test_what_is_true_survives(said: str) -> None:
    assert verify(said, KNOWN).text == said
