"""Customers are asked once how content they are, and what they answer is kept and thanked for."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select

from app.backing import Backing
from bot.channels.memory import MemoryChannel
from config.settings import Settings
from events.contents import Choice
from services.state import Endpoints
from store import app
from store.satisfaction import Csat
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.moments import HOUR_S, Wait, come_due, waits
from tests.flow.people import here, learned, person

PRICE = "¿cuánto cuesta la mochila urbana azul?"
ALWAYS = {"hours": "00:00-24:00", "days": "mon-sun"}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def asking(prefix: str, shop: str, after_s: float = 0.5, **sections: Any) -> Settings:  # noqa: ANN401  any setting
    ratings = {"csat": True, "csat_after_h": after_s / HOUR_S}
    wanted: dict[str, Any] = {"ratings": ratings, "followups": ALWAYS} | sections
    return knobs(prefix, shop=shop, **wanted)


async def polls(shop: Bot, chat: str = "ana") -> Sequence[Csat]:
    await shop.settled()
    query = select(Csat).where(Csat.conversation_id == here(chat)).order_by(Csat.asked_at)
    async with shop.parts.store.reading() as session:
        return list(await session.scalars(query))


async def purposes(shop: Bot, chat: str = "ana") -> list[tuple[str, str]]:
    await shop.settled()
    query = select(app.Message.author, app.Message.purpose).order_by(app.Message.position)
    async with shop.parts.store.reading() as session:
        found = await session.execute(query.where(app.Message.conversation_id == here(chat)))
        return [(author, purpose) for author, purpose in found]


async def due(shop: Bot, them: Sequence[Wait]) -> list[tuple[str, str]]:
    """What was asked once the moment of these has come."""
    await come_due(shop, them)
    return [one for one in await purposes(shop) if one == ("bot", "csat")]


async def asked(shop: Bot, chat: str = "ana") -> str:
    """The question, once it has left."""
    await shop.ask(chat, PRICE)
    return (await shop.channel.wait_for_replies(chat, 2))[-1]


def buttons(shop: Bot) -> tuple[Choice, ...]:
    return shop.channel.sent[-1].choices


async def tap(channel: MemoryChannel, chat: str, choice: Choice) -> None:
    message = channel.message(chat, choice.title, key=f"tap {choice.id}")
    await channel.deliver(structs.replace(message, content="action", action=choice.id))


async def test_who_goes_quiet_is_asked_once_with_a_button_for_each_grade(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, asking(prefix, "quiet")) as shop:
        assert "del 1 (muy mal) al 5 (excelente)" in await asked(shop)
        assert [one.title for one in buttons(shop)][::4] == ["⭐ Muy mal", "⭐⭐⭐⭐⭐ Excelente"]
        await asyncio.sleep(1)
        assert len(shop.channel.replies("ana")) == 2
        [row] = await polls(shop)
        assert (row.stars, row.answered_at, row.comment) == (None, None, "")


@pytest.mark.parametrize("typed", ["5", "cinco estrellas", "⭐⭐⭐⭐⭐", "5, muchas gracias"])
async def test_a_grade_is_kept_thanked_for_and_no_new_turn(
    backing: Backing, prefix: str, typed: str
) -> None:
    async with bot(backing, asking(prefix, "graded")) as shop:
        await asked(shop)
        assert "Gracias por contarnos" in await shop.ask("ana", typed)
        [row] = await polls(shop)
        assert row.stars == 5
        assert row.answered_at is not None
        assert len(await learned(shop, "ana")) == 1
        assert (await learned(shop, "ana"))[0].follow_up_id is None
        await asyncio.sleep(1)
        assert len(await polls(shop)) == 1, "thanks begin no new wait"


async def test_a_tap_is_a_grade_and_a_second_one_changes_it(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "tapped")) as shop:
        await asked(shop)
        grades = buttons(shop)
        await tap(shop.channel, "ana", grades[3])
        await shop.channel.wait_for_replies("ana", 3)
        assert [row.stars for row in await polls(shop)] == [4]
        await tap(shop.channel, "ana", grades[4])
        await shop.channel.wait_for_replies("ana", 4)
        assert [row.stars for row in await polls(shop)] == [5]


async def test_a_bad_grade_asks_for_one_comment(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "bad")) as shop:
        await asked(shop)
        assert "¿Qué podríamos haber hecho mejor?" in await shop.ask("ana", "2")
        assert "Gracias por contarnos" in await shop.ask("ana", "tardaron mucho en contestar")
        assert "24.990" in await shop.ask("ana", PRICE), "the poll is closed"
        [row] = await polls(shop)
        assert (row.stars, row.comment) == (2, "tardaron mucho en contestar")
        assert [turn.follow_up_id for turn in await learned(shop, "ana")] == [None, None]


async def test_a_question_is_answered_whatever_was_asked_before(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, asking(prefix, "busy")) as shop:
        await asked(shop)
        assert "24.990" in await shop.ask("ana", PRICE)
        late = await shop.ask("ana", "5")
        assert "Gracias por contarnos" not in late, "the bot has said something else since"
        assert [row.stars for row in await polls(shop)] == [None]


async def test_nobody_is_asked_again(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "again", 0.3)) as shop:
        await asked(shop)
        await shop.ask("ana", "4")
        await shop.ask("ana", PRICE)
        await asyncio.sleep(1)
        assert len(await polls(shop)) == 1
        assert [kind for _, kind in await purposes(shop)].count("csat") == 1


@pytest.mark.parametrize("word", ["gracias", "BAJA", "quiero hablar con una persona"])
async def test_who_speaks_in_time_is_not_interrupted(
    backing: Backing, prefix: str, word: str
) -> None:
    async with bot(backing, asking(prefix, "speaks", HOUR_S)) as shop:
        await shop.ask("ana", PRICE)
        await shop.settled()
        begun = await waits(shop)
        await shop.ask("ana", word)
        await shop.settled()
        if word != "gracias":
            assert await due(shop, await waits(shop)) == []
        assert await due(shop, begun) == []


async def test_nobody_is_asked_while_a_person_has_the_word(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "person", HOUR_S)) as shop:
        await shop.ask("ana", PRICE)
        await shop.settled()
        begun = await waits(shop)
        await person(shop.channel, "ana", "hola, soy Carla")
        assert await due(shop, begun) == []


async def test_who_said_nothing_is_asked_when_it_comes_due(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "nothing", HOUR_S)) as shop:
        await shop.ask("ana", PRICE)
        await shop.settled()
        assert await due(shop, await waits(shop)) == [("bot", "csat")]


async def test_at_night_nobody_is_asked(backing: Backing, prefix: str) -> None:
    closed = {"followups": {"hours": "closed"}}
    async with bot(backing, asking(prefix, "night", 0.3, **closed)) as shop:
        await shop.ask("ana", PRICE)
        await asyncio.sleep(0.8)
        assert ("bot", "csat") not in await purposes(shop)


async def test_it_is_off_unless_somebody_wants_it(backing: Backing, prefix: str) -> None:
    off: dict[str, Any] = {"ratings": {"csat_after_h": 0.3 / HOUR_S}}
    async with bot(backing, asking(prefix, "off", **off)) as shop:
        await shop.ask("ana", PRICE)
        await asyncio.sleep(0.8)
        assert await purposes(shop) == [("customer", "answer"), ("bot", "answer")]


async def test_a_grade_counts_while_a_person_has_the_word(backing: Backing, prefix: str) -> None:
    async with bot(backing, asking(prefix, "silent")) as shop:
        await asked(shop)
        grades = buttons(shop)
        await person(shop.channel, "ana", "hola, soy Carla")
        await tap(shop.channel, "ana", grades[0])

        async def kept() -> bool:
            return [row.stars for row in await polls(shop)] == [1]

        await until(kept)
        assert len(shop.channel.replies("ana")) == 2
