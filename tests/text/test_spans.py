"""When and how long, in one spelling each."""

import pytest

from knowledge.stating import plain
from text.spans import spans


def said(text: str, *, told: bool = False) -> set[str]:
    return set(spans(plain(text), told=told))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Demora 2 a 5 días hábiles.", {"48h", "120h"}),
        ("Demora entre dos y cinco días.", {"48h", "120h"}),
        ("Llega en 48 horas.", {"48h"}),
        ("Llega en una semana.", {"168h"}),
        ("Garantía de 12 meses.", {"12m"}),
        ("Garantía de un año.", {"12m"}),
        ("Llega mañana.", {"manana carried"}),
        ("Llega pasado mañana.", {"pasado manana carried"}),
        ("Abrimos mañana.", {"manana"}),
        ("Despachamos el lunes.", {"lunes carried"}),
        ("Atendemos de lunes a miércoles.", {"lunes", "martes", "miercoles"}),
        ("Abrimos de 9 a 18:30 horas.", {"9:00", "18:30"}),
        ("Cerramos a las 9.", {"9:00"}),
        ("Abrimos a las 09:00.", {"9:00"}),
        ("It ships in 3 business days.", {"72h"}),
        ("It arrives tomorrow.", {"tomorrow carried"}),
    ],
)
def test_a_promise_of_time_is_read(text: str, found: set[str]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Te respondo en un minuto.",
        "¿La necesitas para mañana?",
        "Que tengas una buena mañana.",
        "Hace 3 días llegó.",
        "Un día te va a encantar.",
        "Hoy estoy para ayudarte.",
        "¿Qué día prefieres, lunes o martes?",
        "Cuesta $24.990.",
    ],
)
def test_what_promises_nothing_is_no_claim(text: str) -> None:
    assert said(text) == set()


def test_a_source_tells_more_than_it_promises() -> None:
    assert said("Un año de garantía.", told=True) == {"12m"}
    assert said("El despacho sale el viernes.", told=True) == {"viernes", "viernes carried"}
    assert said("Viernes a lunes.", told=True) == {"viernes", "sabado", "domingo", "lunes"}
