"""What a hosted model proposes is a draft at most, and nonsense is nothing."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import named
from services.state import Endpoints
from store.dealings import HandOver, Order
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.people import person
from tests.servers.models import Turned, model_server, says

HERE = named("memory:main", "conversation", "ana")
AZUL = "Mochila Urbana Azul"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def proposes(name: str, arguments: object, text: str = "") -> Turned:
    turned = says(text)
    body: dict[str, Any] = json.loads(turned.body)
    written = arguments if isinstance(arguments, str) else json.dumps(arguments)
    function = {"name": name, "arguments": written}
    call = {"id": "c1", "type": "function", "function": function}
    body["choices"][0]["message"] |= {"content": text or None, "tool_calls": [call]}
    return Turned(turned.status, json.dumps(body).encode())


async def rows(shop: Bot) -> tuple[list[Order], list[HandOver]]:
    await shop.settled()
    async with shop.parts.store.reading() as session:
        orders = (await session.scalars(select(Order).where(Order.conversation_id == HERE))).all()
        handed = select(HandOver).where(HandOver.conversation_id == HERE)
        return list(orders), list((await session.scalars(handed)).all())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("draft_order", {"items": [{"product": AZUL, "quantity": -1}]}),
        ("draft_order", {"items": [{"product": "Un auto", "quantity": 1}]}),
        ("draft_order", {"items": [{"product": AZUL, "quantity": "dos"}]}),
        ("draft_order", {"items": [{"product": AZUL, "quantity": True}]}),
        ("draft_order", {"items": []}),
        ("draft_order", "{not json"),
        ("draft_order", ["nothing"]),
        ("confirm_order", {"order": "1"}),
        ("set_price", {"product": AZUL, "price": 1}),
    ],
)
async def test_nonsense_and_what_was_never_offered_does_nothing(
    backing: Backing, prefix: str, name: str, arguments: object
) -> None:
    async with model_server() as server:
        server.will(says("Hola, ¿en qué te ayudo?"), proposes(name, arguments, "Claro que sí."))
        wanted = knobs(
            prefix,
            shop="nonsense",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, wanted) as shop:
            await shop.ask("ana", "hola")
            await shop.settled()
            assert await shop.ask("ana", "tienes alguna mochila para mi hija?")
            orders, handed = await rows(shop)
    assert (orders, handed) == ([], [])


async def test_of_a_yes_to_a_person_a_model_orders_nothing(backing: Backing, prefix: str) -> None:
    item = {"product": AZUL, "quantity": 1}
    async with model_server() as server:
        server.will(says("Hola"), proposes("draft_order", {"items": [item]}, "Perfecto."))
        wanted = knobs(
            prefix,
            shop="assents",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, wanted) as shop:
            await shop.ask("ana", "hola")
            await person(shop.channel, "ana", f"¿Te guardo la {AZUL}?")
            await shop.settled()
            await person(shop.channel, "ana", "/bot on")
            await shop.settled()
            assert await shop.ask("ana", "sí, dale") == "Perfecto."
            orders, _ = await rows(shop)
    assert orders == []


async def test_a_proposed_order_is_a_draft_at_the_shops_own_price(
    backing: Backing, prefix: str
) -> None:
    item = {"product": AZUL, "quantity": 2, "price": 1}
    async with model_server() as server:
        server.will(
            says("Hola, ¿en qué te ayudo?"),
            proposes("draft_order", {"items": [item]}, "Listo, ya registré tu pedido por $2."),
            proposes("request_person", {"reason": "asked"}),
        )
        wanted = knobs(
            prefix,
            shop="proposes",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, wanted) as shop:
            await shop.ask("ana", "hola")
            await shop.settled()
            told = await shop.ask("ana", "como te decía, la azul")
            assert "Total: $49.980" in told
            assert "$2." not in told
            (order,), _ = await rows(shop)
            assert (order.state, order.total) == ("draft", 49_980)
            await shop.ask("ana", "y qué opinas de la vida en otros planetas")
            _, (handed,) = await rows(shop)
    assert handed.reason == "asked"
