"""One example: where it comes from, and that what people wrote is only text."""

from uuid import UUID

import httpx2
import pytest
from markupsafe import escape

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.reading import outside
from tests.web.rows import PRAISED, add_conversation, add_delivery, add_row, add_score, judge


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def test_a_row_tells_where_it_comes_from_and_what_came_of_it(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a", product_name="Mochila Azul", **PRAISED)
    await add_score(store, shop, turn, 1)
    await judge(store, shop, turn, **PRAISED)

    html = (await seller.get(f"/ejemplos/{turn}")).text

    for text in (
        "pregunta a", "respuesta a", "genial, la quiero", "5 de 5", "excelente", "Venta",
        "quiere comprar", "la quiero", "Mochila Azul", "consulta de precio",
        "automático: por lo que escribió el cliente", "ningún conjunto de datos todavía",
    ):  # fmt: skip
        assert text in html


async def test_how_it_was_made_and_checked_stands_in_words(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(
        store, shop, "a", provider="offline", model="rules",
        context={"sources": [{"kind": "term", "id": "a", "title": "pichanga"}],
                 "verdict": "repaired:price"},
    )  # fmt: skip

    html = (await seller.get(f"/ejemplos/{turn}")).text

    assert "respuesta local · reglas" in html
    assert "Se le quitó lo que ninguna fuente respaldaba" in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_what_people_wrote_is_only_text(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, text: str
) -> None:
    turn = await add_row(
        store, shop, "a", user_message=text, bot_response=text, user_feedback=text,
        product_name=text, category=text, intent=text, model=text, slots={text: text},
        quality_score=3, quality_label=text, correction=text,
        context={"history": [text], "sources": [{"kind": text, "id": text, "title": text}],
                 "verdict": text},
    )  # fmt: skip
    await add_score(store, shop, turn, 1, label=text, evidence=[{"text": text, "weight": 1}])
    await add_delivery(store, shop, turn, "failed", text)

    paths = ("/ejemplos", f"/ejemplos/{turn}", f"/ejemplos/{turn}/editar")
    pages = [await seller.get(path) for path in paths]

    assert [page.status_code for page in pages] == [200] * 3
    assert [outside(page.text, text) for page in pages] == [[], [], []]
    assert all(str(escape(text)) in page.text for page in pages)
