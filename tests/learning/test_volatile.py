import pytest

from learning.volatile import templated


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Cuesta $12.990 y el otro 15 lucas.", "Cuesta {precio} y el otro {precio}."),
        ("Tu saldo pendiente es de $120.000.", "Tu saldo pendiente es de {saldo}."),
        ("La deuda es 2,5 UF; el kit vale $5.000", "La deuda es {saldo}; el kit vale {precio}"),
        ("Llega el 12/11/2026 o el 13/11.", "Llega el {fecha} o el {fecha}."),
        ("Vence el 3 de diciembre de 2026.", "Vence el {fecha}."),
        ("Despachamos el lunes 23 de noviembre", "Despachamos el {fecha}"),
        ("Despachamos el viernes 27.", "Despachamos el {fecha}."),
        ("Nos quedan 4 y hay 12 disponibles", "Nos quedan {stock} y hay {stock} disponibles"),
        ("Quedan pocas unidades de Mochila 45 Litros: 5, a $39.990.",
         "Quedan pocas unidades de Mochila 45 Litros: {stock}, a {precio}."),
        ("Only 5 left, at $9.990", "Only {stock} left, at {precio}"),
        ("Atendemos 24/7, de lunes a viernes", "Atendemos 24/7, de lunes a viernes"),
        ("Abrimos el sábado 10:30 a 14:00", "Abrimos el sábado 10:30 a 14:00"),
        ("Talla 42, batería de 5000 mAh, garantía de 6 meses",
         "Talla 42, batería de 5000 mAh, garantía de 6 meses"),
        ("Sin número alguno", "Sin número alguno"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_does_not_last_becomes_a_placeholder(answer: str, expected: str) -> None:
    assert templated(answer) == expected


def test_a_templated_answer_holds_nothing_more_to_template() -> None:
    once = templated("El 3/12 cuesta $9.990, quedan 3; tu saldo es $500")
    assert templated(once) == once


@pytest.mark.parametrize(
    "word",
    [
        "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "enero", "mayo",
        "setiembre", "January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December",
    ],
)  # fmt: skip
def test_every_word_of_the_calendar_begins_a_date(word: str) -> None:
    assert templated(f"Llega {word} 14.") == "Llega {fecha}."
