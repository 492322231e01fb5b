"""How a line becomes a bubble."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.web import Line
from web.bubbles import Piece, bubble, pieces

SAID = datetime(2026, 11, 20, 12, tzinfo=UTC)
PHOTOS = {"MOC-001": "Mochila Azul"}


def seen(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.target or piece.text) for piece in pieces(text, PHOTOS.get)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin nada", [("text", "sin nada")]),
        (
            "mira http://tienda.cl/photos/MOC-001.svg!",
            [("text", "mira "), ("photo", "MOC-001"), ("text", "!")],
        ),
        ("/fotos/MOC-001.svg", [("photo", "MOC-001")]),
        ("/fotos/OTRA.svg", [("text", "/fotos/OTRA.svg")]),
        ("http://x.cl/fotos/OTRA.svg", [("link", "http://x.cl/fotos/OTRA.svg")]),
        (
            "paga en https://pago.cl/a?b=1&c=2.",
            [("text", "paga en "), ("link", "https://pago.cl/a?b=1&c=2"), ("text", ".")],
        ),
        ("(https://a.cl)", [("text", "("), ("link", "https://a.cl"), ("text", ")")]),
        ("javascript:alert(1)", [("text", "javascript:alert(1)")]),
        ('https://a.cl/"onclick=x', [("link", "https://a.cl/"), ("text", '"onclick=x')]),
    ],
)
def test_the_bot_can_show_photos_and_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert seen(text) == expected


def test_nothing_of_a_text_is_lost() -> None:
    text = "a https://b.cl, c /fotos/MOC-001.svg /fotos/nada.svg d"

    parts = pieces(text, PHOTOS.get)

    assert "".join(p.text if p.kind != "photo" else "/fotos/MOC-001.svg" for p in parts) == text


def test_a_customers_text_is_only_text() -> None:
    line = Line("customer", "https://a.cl /fotos/MOC-001.svg", int(SAID.timestamp() * 1000))

    assert bubble("1-0", line, SAID, PHOTOS.get).pieces == (Piece("text", line.text),)


@pytest.mark.parametrize(("seconds", "patience"), [(0, 10), (4, 6), (9.8, 0), (60, 0), (-5, 10)])
def test_an_answer_is_expected_for_ten_seconds(seconds: float, patience: int) -> None:
    line = Line("customer", "hola", int(SAID.timestamp() * 1000))
    at = SAID + timedelta(seconds=seconds)

    assert bubble("1-0", line, at, PHOTOS.get).patience == patience


def test_nobody_waits_after_the_bot_has_spoken() -> None:
    line = Line("bot", "hola", int(SAID.timestamp() * 1000))

    assert bubble("1-0", line, SAID, PHOTOS.get).patience == 0


def test_an_answer_shows_the_documents_it_rests_on() -> None:
    cites = ("Política de envíos › Zonas extremas",)
    line = Line("bot", "Tarda hasta 10 días.", int(SAID.timestamp() * 1000), cites)

    assert bubble("1-0", line, SAID, PHOTOS.get).cites == cites
