"""A yes is to whoever asked: to what a person of the shop asked it orders nothing of the bot's."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias
from uuid import UUID

import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import named
from handlers.word import Place
from services.state import Endpoints
from store.dealings import Order
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.people import here, person

ASKED: Final = "¿cuánto cuesta la mochila urbana azul?"
WANTED: Final = "quiero comprar la mochila urbana azul"
QUESTION: Final = "¿Te la guardo hasta mañana?"
Speaks: TypeAlias = Callable[[Bot, str], Awaitable[None]]


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def by_phone(shop: Bot, text: str) -> None:
    await person(shop.channel, "ana", text)
    await shop.settled()
    await person(shop.channel, "ana", "/bot on")
    await shop.settled()


async def by_page(shop: Bot, text: str) -> None:
    said = shop.channel.message("ana", "", key="place")
    place = Place(
        shop=said.shop, conversation=said.conversation, customer=said.customer,
        account=said.account, chat=said.chat,
    )  # fmt: skip
    await shop.parts.word.speak(place, text, by="eva", key="speaks")
    await shop.settled()
    await shop.parts.word.give_back(place, by="eva", key="gives back")
    await shop.settled()


async def states(shop: Bot) -> list[str]:
    query = select(Order.state).where(Order.conversation_id == here("ana"))
    async with shop.parts.store.reading() as session:
        return sorted(await session.scalars(query))


@pytest.mark.parametrize("speaks", [by_phone, by_page])
@pytest.mark.parametrize("says", ["sí", "dale", "ok, por favor"])
async def test_a_yes_to_a_person_orders_nothing_that_the_bot_offered(
    backing: Backing, prefix: str, speaks: Speaks, says: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        assert "¿" in await shop.ask("ana", ASKED)
        await speaks(shop, QUESTION)
        answer = await shop.ask("ana", says)
        await shop.settled()
        assert "Mochila" not in answer
        assert await states(shop) == []


@pytest.mark.parametrize("speaks", [by_phone, by_page])
async def test_a_yes_to_a_person_confirms_no_order_that_the_bot_had_proposed(
    backing: Backing, prefix: str, speaks: Speaks
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", WANTED)
        await speaks(shop, QUESTION)
        assert "confirmado" not in await shop.ask("ana", "sí")
        await shop.ask("ana", ASKED)
        assert "¿Lo confirmas?" in await shop.ask("ana", "sí")
        await shop.settled()
        assert await states(shop) == ["cancelled", "draft"]
        assert "confirmado" in await shop.ask("ana", "sí, confirmo mi pedido")
        await shop.settled()
        assert await states(shop) == ["cancelled", "confirmed"]


async def test_what_the_bot_proposes_anew_is_confirmed_by_a_yes(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", WANTED)
        await by_phone(shop, QUESTION)
        assert "¿Lo confirmas?" in await shop.ask("ana", WANTED + ", por favor")
        assert "confirmado" in await shop.ask("ana", "sí")


async def test_who_spoke_is_known_when_what_was_said_is_read_from_the_rows(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", ASKED)
        await by_phone(shop, QUESTION)
        where: UUID = named("memory:main", "conversation", "ana")
        await shop.parts.wire.command("DEL", shop.parts.stream.keys.history(where))
        assert "Mochila" not in await shop.ask("ana", "sí")
