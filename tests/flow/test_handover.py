"""A customer asks for a person: they are told, the bot is silent, and its people know."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec import structs
from sqlalchemy import select

from app.backing import Backing
from bot.channels.base import Part
from events.happened import named
from events.vocabulary import MessageReceived
from services.state import Endpoints
from store import app, ml
from store.dealings import HandOver
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.people import here, learned, silent, stored

STAFF = {"staff": ("memory:main:jefa",)}
CLOSED = {"week": {"mon-sun": "closed"}}
ASKS = "quiero hablar con una persona"
PRICE = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def handed(of: Bot, chat: str) -> Sequence[HandOver]:
    query = select(HandOver).where(HandOver.conversation_id == here(chat)).order_by(HandOver.at)
    async with of.parts.store.reading() as session:
        return list(await session.scalars(query))


async def notices(of: Bot, count: int) -> list[Part]:
    async with asyncio.timeout(120):
        await of.channel.wait_for_replies("jefa", count)
    return [part for part in of.channel.sent if part.chat == "jefa"]


async def tapped(of: Bot, chat: str, action: str) -> MessageReceived:
    message = of.channel.message(chat, "Que siga el bot", key=action)
    message = structs.replace(message, action=action)
    await of.channel.deliver(message)
    return message


async def test_a_person_who_is_asked_for_gets_the_word_and_gives_it_back(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, takeover=STAFF)) as shop:
        assert "$24.990" in await shop.ask("ana", PRICE)
        assert (await shop.ask("ana", ASKS)).startswith("Te paso con una persona")
        assert await silent(shop, "ana")
        (notice,) = await notices(shop, 1)
        assert f"Pregunta: «{ASKS}»" in notice.text
        assert "Mochila Urbana Azul ($24.990)" in notice.text
        give = notice.choices[1].id

        await shop.channel.say("ana", "¿hola?")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 2
        found = await stored(shop, "ana")
        assert found is not None
        assert found.silenced

        await tapped(shop, "jefa", give)
        await notices(shop, 2)
        assert not await silent(shop, "ana")
        assert "$24.990" in await shop.ask("ana", PRICE)
        await shop.settled()
        (row,) = await handed(shop, "ana")
        rows = await learned(shop, "jefa")
    assert row.resolved_at is not None
    assert (row.reason, row.question) == ("asked", ASKS)
    assert rows == []


async def test_at_night_the_bot_goes_on_but_for_a_complaint(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, takeover=STAFF, hours=CLOSED)) as shop:
        assert "en cuanto vuelva" in await shop.ask("ana", ASKS)
        assert not await silent(shop, "ana")
        assert "$24.990" in await shop.ask("ana", PRICE)
        assert "en cuanto vuelva" in await shop.ask("ana", ASKS)
        assert "Lamento" in await shop.ask("bea", "me llegó roto, son unos ladrones")
        assert await silent(shop, "bea")
        await shop.settled()
        assert len(await handed(shop, "ana")) == 1
        assert [row.reason for row in await handed(shop, "bea")] == ["complaint"]
        told = await notices(shop, 2)
    assert len(told) == 2


async def test_two_answers_without_knowledge_are_a_hand_over(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        assert not (await shop.ask("ana", "xyzzy plugh frobnicate")).startswith("Te paso")
        assert (await shop.ask("ana", "foo blarg wibble quux")).startswith("Te paso")
        await shop.settled()
        (row,) = await handed(shop, "ana")
    assert row.reason == "doubt"


async def test_nobody_is_handed_over_where_the_shop_does_not_want_it(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, handover={"enabled": False})) as shop:
        assert not (await shop.ask("ana", ASKS)).startswith("Te paso")
        assert not await silent(shop, "ana")
        await shop.settled()
        assert await handed(shop, "ana") == []


async def test_a_notice_is_no_lesson_and_keeps_its_purpose(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, takeover=STAFF)) as shop:
        await shop.ask("ana", ASKS)
        await notices(shop, 1)

        async def written() -> bool:
            return await purpose(shop) == "notice"

        await until(written)
        lessons = select(ml.TrainingData.id).where(ml.TrainingData.conversation_id == here("jefa"))
        async with shop.parts.store.reading() as session:
            assert (await session.scalars(lessons)).all() == []


async def test_many_hand_overs_at_once_are_all_told(backing: Backing, prefix: str) -> None:
    """The bound on answers in one conversation is for bots that met, and none of these is one."""
    settings = knobs(prefix, takeover=STAFF, turns={"replies_per_minute": 3})
    async with bot(backing, settings) as shop:
        for number in range(8):
            await shop.channel.say(f"customer {number}", ASKS)
        assert len(await notices(shop, 8)) == 8


async def purpose(of: Bot) -> str | None:
    place = named("memory:main", "conversation", "jefa")
    query = select(app.Message.purpose).where(app.Message.conversation_id == place)
    async with of.parts.store.reading() as session:
        return await session.scalar(query)
