"""Networks that show only text."""

from io import StringIO
from uuid import UUID

import pytest

from bot.channels.base import Accepted, Part, Permanent
from bot.channels.console import ConsoleChannel
from bot.channels.plain import spelled
from bot.channels.web import WebChannel
from bot.composing import compose_for
from events.contents import Attachment, Choice, Extra, Reaction
from services.wire import Wire

SHOP = UUID(int=1)
CHOICES = (
    Choice(id="a", title="Azul", description="quedan 3"),
    Choice(id="w", title="Ver todas", url="https://tienda.cl"),
)


def a_part(text: str = "", choices: tuple[Choice, ...] = (), extra: Extra | None = None) -> Part:
    return Part("k", UUID(int=2), "7", text, choices=choices, extra=extra)


def test_choices_become_lines_with_numbers() -> None:
    part = a_part("¿Cuál?", CHOICES)
    assert spelled(part) == "¿Cuál?\n\n1. Azul – quedan 3\n2. Ver todas: https://tienda.cl"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (Attachment(kind="document", data="y más".encode(), mime="text/plain"), "y más"),
        (Attachment(kind="photo", url="https://t.cl/a.jpg", caption="La azul"), "La azul\nhttps://t.cl/a.jpg"),
        (Attachment(kind="document", data=b"%PDF", name="lista.pdf"), "lista.pdf"),
    ],
)  # fmt: skip
def test_a_file_is_read_out_or_named(file: Attachment, said: str) -> None:
    assert spelled(a_part(extra=file)) == said


def test_markup_is_taken_out_for_who_cannot_show_it() -> None:
    assert compose_for(None, "**Hola**, mira [esto](https://t.cl)").parts == (
        "Hola, mira esto (https://t.cl)",
    )


async def test_a_terminal_and_a_page_show_them_and_refuse_what_they_cannot(
    wire: Wire, prefix: str
) -> None:
    page = StringIO()
    for channel in (ConsoleChannel(SHOP, page=page), WebChannel(wire, SHOP, "web:main", prefix)):
        assert isinstance(await channel.send(a_part("¿Cuál?", CHOICES)), Accepted)
        liked = a_part(extra=Reaction(target="1", emoji="👍"))
        assert isinstance(await channel.send(liked), Permanent)
    assert "1. Azul" in page.getvalue()
