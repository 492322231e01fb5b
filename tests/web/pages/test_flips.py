"""Calidad beyond its figures: what the last classifier changed, and the sample of one network."""

from datetime import timedelta
from uuid import UUID, uuid5

import httpx2
import pytest

from learning.sampling import drawn
from services.clock import now
from store import nlu
from store.session import Store
from tests.fixtures.store import add_shop
from tests.handlers.test_learned import taught
from tests.web.rows import add_conversation, add_row


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def test_a_classifier_is_held_against_what_answered_before_it(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    page = "/admin/calidad/cambios"
    assert "Todavía no hay un clasificador" in (await seller.get(page)).text
    other = await add_shop(store, "otra")
    async with store.transaction() as session:
        await nlu.keep_model(session, other, "ventas", taught(), {})
    assert "Todavía no hay un clasificador" in (await seller.get(page)).text

    async with store.transaction() as session:
        await nlu.keep_model(session, shop, "ventas", taught(), {})
    html = (await seller.get(page)).text
    assert "frente a las reglas del rubro" in html
    assert "Empeoró" in html
    async with store.transaction() as session:
        await nlu.keep_model(session, shop, "ventas", taught("creditos"), {})
    again = (await seller.get(page)).text
    assert "frente a la 1" in again
    assert again.count("Mejoró") == html.count("Empeoró")


async def test_the_drawn_turns_may_be_those_of_one_network(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    at = now() - timedelta(hours=2)
    name = next(name for name in map(str, range(900)) if drawn(uuid5(shop, name)))
    await add_row(store, shop, name, at=at)
    await seller.get("/revisar")

    page = "/admin/calidad?conjunto=vivo&canal="
    everywhere, nowhere = [(await seller.get(f"{page}{one}")).text for one in ("", "telegram")]

    assert "De 1 respuestas elegidas al azar" in everywhere
    assert "De 0 respuestas elegidas al azar" in nowhere
