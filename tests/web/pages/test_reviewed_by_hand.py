"""Revisar takes for a person's word only what a person said."""

import re
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from services.clock import now
from store.lessons import ReviewCase
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.teachers import UNKNOWN
from tests.web.pages.test_teaching import unanswered
from tests.web.rows import add_conversation, add_row


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def test_what_the_bot_hardly_understood_is_not_proposed(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for name, minutes, confidence in (("dudosa", 0, 0.2), ("segura", 1, 0.9)):
        await add_row(
            store, shop, name, at=now() - timedelta(hours=1), minutes=minutes, context=UNKNOWN,
            intent="consulta_precio", confidence=confidence,
        )  # fmt: skip
    checked = re.compile(r'name="intencion" value="(\w+)" checked')

    first = (await seller.get("/revisar")).text
    (turn,) = re.findall(r'action="/revisar/([0-9a-f-]{36})"', first)
    await seller.post(f"/revisar/{turn}", data={"accion": "saltar"})
    second = (await seller.get("/revisar")).text

    assert checked.findall(first) == []
    assert 'value="consulta_precio" data-key="i"' in first
    assert checked.findall(second) == ["consulta_precio"]


async def test_who_saves_without_having_said_anything_is_told_what_is_missing(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    (turn,) = await unanswered(store, shop, "¿hacen envíos a Arica?")
    await seller.get("/revisar")

    done = await seller.post(f"/revisar/{turn}", data={"accion": "guardar"})

    page = (await seller.get(done.headers["location"])).text
    assert "Todavía no dijiste nada de este caso" in page
    assert "¿hacen envíos a Arica?" in page
    async with store.reading() as session:
        assert (await session.get_one(ReviewCase, (shop, turn))).state == "pending"
