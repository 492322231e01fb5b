"""Somebody who writes without end: kept, told once, answered again; nobody else notices."""

import pytest
from sqlalchemy import func, select

from app.backing import Backing
from services.state import Endpoints
from store.app import Message
from tests.fixtures.bots import Bot, bot, knobs

QUESTION = "¿tienen mochilas?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def kept(of: Bot) -> int:
    """How many messages of customers the shop has."""
    query = select(func.count()).where(Message.author == "customer")
    async with of.parts.store.reading() as session:
        return await session.scalar(query) or 0


async def test_who_writes_without_end_is_told_once_and_nothing_is_lost(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="pace", pace={"in_5_minutes": 3})) as shop:
        answers = [await shop.ask("ana", QUESTION) for _ in range(3)]
        assert all("mochila" in one.casefold() for one in answers)
        assert "hago una pausa: te vuelvo a responder en 5 minutos" in await shop.ask(
            "ana", "¿hay?"
        )
        for text in ("hola??", QUESTION, "¿estás ahí?"):
            await shop.channel.say("ana", text)
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 4
        assert await kept(shop) == 7

        assert "mochila" in (await shop.ask("luz", QUESTION)).casefold()
        assert "persona" in await shop.ask("ana", "quiero hablar con una persona")
        assert len(shop.channel.replies("ana")) == 5


async def test_a_day_has_its_own_bound_and_none_is_none(backing: Backing, prefix: str) -> None:
    pace = {"in_5_minutes": 0, "a_day": 2}
    async with bot(backing, knobs(prefix, shop="days", pace=pace)) as shop:
        for _ in range(2):
            await shop.ask("ana", QUESTION)
        assert "en 24 horas" in await shop.ask("ana", QUESTION)
