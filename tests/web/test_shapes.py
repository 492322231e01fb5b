"""How the choices under an answer look on each network."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from msgspec import structs

from events.contents import Choice
from events.vocabulary import ReplyDrafted
from tests.web.pages.test_trial import said
from web.rehearsal import Network
from web.shapes import shape


def offering(titles: Sequence[str]) -> ReplyDrafted:
    choices = tuple(Choice(id=str(uuid4()), title=title) for title in titles)
    return structs.replace(said("¿Cuál?"), choices=choices, menu="Ver productos")


@pytest.mark.parametrize(
    ("network", "count", "kind", "rows"),
    [
        ("web", 4, "buttons", 1),
        ("telegram", 4, "buttons", 2),
        ("whatsapp_cloud", 3, "buttons", 1),
        ("whatsapp_cloud", 4, "list", 1),
        ("whatsapp_cloud", 11, "text", 0),
    ],
)
def test_each_network_shows_them_in_its_way(
    network: Network, count: int, kind: str, rows: int
) -> None:
    drawn = shape(network, offering([f"Mochila {number}" for number in range(count)]))

    assert drawn is not None
    assert drawn.kind == kind
    assert len(drawn.rows) == rows
    assert drawn.title == ("Ver productos" if kind == "list" else "")
    assert ("11. Mochila 10" in drawn.text) == (kind == "text")


def test_an_answer_without_choices_has_no_shape() -> None:
    assert shape("web", said("hola")) is None
