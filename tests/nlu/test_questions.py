"""Where one question of a message ends and the next one begins."""

import time

import pytest

from nlu.questions import asks_first, parts_in, wonders


def parts(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in parts_in(text, lambda _said: True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "¿cuánto cuesta la mochila azul y hacen envíos a Valdivia?",
            ["¿cuánto cuesta la mochila azul", "hacen envíos a Valdivia?"],
        ),
        (
            "hola, ¿a qué hora abren? ¿aceptan tarjeta?",
            ["hola, ¿a qué hora abren?", "¿aceptan tarjeta?"],
        ),
        (
            "cuanto vale el mate, tienen stock y donde estan?",
            ["cuanto vale el mate", "tienen stock", "donde estan?"],
        ),
        (
            "quiero 2 poleras negras y saber si hacen envíos a Temuco",
            ["quiero 2 poleras negras", "saber si hacen envíos a Temuco"],
        ),
        ("dan factura\ny puedo pagar en cuotas", ["dan factura", "y puedo pagar en cuotas"]),
        ("¿dan factura? soy de Arica. ¿envían?", ["¿dan factura? soy de Arica.", "¿envían?"]),
        ("¿qué es el CAE, cómo pago?", ["¿qué es el CAE", "cómo pago?"]),
        (
            "how much is the mat and do you ship to Arica?",
            ["how much is the mat", "do you ship to Arica?"],
        ),
        ("¿abren hoy ¿aceptan débito", ["¿abren hoy", "¿aceptan débito"]),
        ("me das el precio del mate y una foto", ["me das el precio del mate", "una foto"]),
    ],
)
def test_each_question_is_a_part(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hola",
        "¿cuánto cuesta la mochila azul y la negra?",
        "¿hacen envíos a Lima y a Temuco?",
        "tienen mochilas, termos y poleras?",
        "busco una mochila que sea grande y bonita, como la de ayer",
        "el mate y el termo de 500, cuánto salen?",
        "gasté 5 lucas en pan y 3 en micro, y tengo 2 más",
        "quiero el café y la taza",
        "hola, buenas tardes, ¿dan factura?",
        "¿tienen la mochila azul, que la vi en la vitrina?",
        "¿demora mucho? porque lo necesito, cuanto antes mejor",
        "¿abren hoy? es que salgo tarde, cuando puedas me cuentas",
        "vivo en el campo y quiero pagar",
        "Lápiz y Papel, un juego de 10 piezas: ¿cuánto cuesta?",
        "¿cuánto cuesta el mate? " + "bla " * 200,
        "¿qué? " * 9,
    ],
)
def test_what_asks_one_thing_is_left_whole(text: str) -> None:
    assert parts(text) == []


def test_news_after_a_question_is_for_the_whole() -> None:
    text = "¿cuánto cuesta el mate? ya, me lo llevo. ¿dan factura?"

    assert parts_in(text, lambda said: "llevo" not in said) == ()
    assert parts(text) == ["¿cuánto cuesta el mate? ya, me lo llevo.", "¿dan factura?"]


def test_a_part_begins_with_its_question_after_a_greeting_at_most() -> None:
    assert asks_first("hola buenas, ¿dónde está mi pedido?")
    assert asks_first("y también si dan factura")
    assert not asks_first("me llegó roto, ¿a qué hora abren?")


def test_some_words_only_ask() -> None:
    assert wonders("¿quién ganó el partido?")
    assert wonders("hola, que es la vida")
    assert not wonders("¿te puedo molestar un segundo?")


def test_nothing_that_is_said_beside_one_question_is_read() -> None:
    read: list[str] = []

    def aside(said: str) -> bool:
        read.append(said)
        return True

    assert parts_in("¿dan factura? es para mi papá.", aside) == ()
    assert read == []


def test_no_text_takes_long() -> None:
    began = time.process_time()
    for text in ("," * 600, "? " * 300, "¿" * 600, "y " * 300, "y si " * 120, "hola, " * 100):
        parts(text)

    assert time.process_time() - began < 1, "measured 70 ms"
