"""What a conversation came to: a line that is kept when somebody resolves it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import update

from store.inbox import ConversationState
from store.ml import TrainingData
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.pages.test_reports import words
from tests.web.talks import add_order, add_talk
from web.gist import topics

NOW = datetime.now(UTC)
PRICE = [("customer", "¿cuánto cuesta la mochila?"), ("bot", "La mochila cuesta $24.990")]
TOLD = "consulta de precio: Mochila Urbana Azul · compró por $24.990"


async def about(store: Store, talk: UUID, **columns: object) -> None:
    async with store.transaction() as session:
        mine = TrainingData.conversation_id == talk
        await session.execute(update(TrainingData).where(mine).values(**columns))


async def kept(store: Store, shop: UUID, talk: UUID) -> object:
    async with store.tenant(shop) as session:
        return (await session.get_one(ConversationState, (shop, talk))).gist


async def test_the_list_and_the_next_talk_tell_what_a_resolved_one_came_to(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    await about(store, ana, intent="consulta_precio", product_name="Mochila Urbana Azul")
    await add_order(store, shop, ana, at=NOW, state="paid")
    assert TOLD not in words((await seller.get("/conversaciones")).text)

    await seller.post(f"/conversaciones/{ana}/resolver")
    assert TOLD in words((await seller.get("/conversaciones?ver=resueltas")).text)
    again = await add_talk(store, shop, "Ana otra vez", *PRICE, at=NOW, customer_id=ana)
    assert TOLD in words((await seller.get(f"/conversaciones/{again}")).text)

    await seller.post(f"/conversaciones/{ana}/reabrir")
    for page in ("/conversaciones", f"/conversaciones/{again}"):
        assert TOLD not in words((await seller.get(page)).text)


@pytest.mark.parametrize(
    ("state", "days"), [("confirmed", 0), ("paid", 40)], ids=["not paid yet", "paid long before"]
)
async def test_what_was_not_paid_in_it_is_no_purchase_of_it(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, state: str, days: int
) -> None:
    ana = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    await about(store, ana, intent="consulta_precio", product_name="Mochila Urbana Azul")
    await add_order(store, shop, ana, at=NOW - timedelta(days=days), state=state)
    await seller.post(f"/conversaciones/{ana}/resolver")
    told = words((await seller.get("/conversaciones?ver=resueltas")).text)
    assert "consulta de precio: Mochila Urbana Azul" in told
    assert "compró" not in told


async def test_it_is_of_this_conversation_alone_and_of_nothing_where_nothing_was(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    for whose in (shop, other):
        luz = await add_talk(store, whose, "Luz", *PRICE, at=NOW)
        await about(store, luz, intent="consulta_envio", product_name="Termo de otros")
    ana = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    await about(store, ana, intent="saludo", product_name=None)
    await seller.post(f"/conversaciones/{ana}/resolver")
    assert await kept(store, shop, ana) is None
    assert "cuesta $24.990" in words((await seller.get("/conversaciones?ver=resueltas")).text)


@pytest.mark.parametrize(
    ("intents", "told"),
    [
        ([], []),
        (["saludo", "gracias", ""], []),
        (["pago", "consulta_precio", "consulta_precio", "saludo"], ["consulta_precio", "pago"]),
        (["a", "b", "c"], ["a", "b"]),
    ],
)
def test_the_most_frequent_topics_are_told_and_no_manners(
    intents: list[str], told: list[str]
) -> None:
    assert topics(intents) == told
