"""What happens in a conversation reaches the pages, and a pause holds back what is on its way."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.advising import suggesting
from app.backing import Backing
from app.plugins import App
from events.happened import named
from handlers.custom import Turn
from handlers.pausing import Pause
from handlers.word import Place
from services.news import key_of
from services.state import Endpoints
from store.afterwards import Withheld
from store.app import Conversation
from store.inbox import ConversationState
from tests.fixtures.bots import Bot, bot, knobs, until
from web import conversations, filing

PRICE = "¿cuánto cuesta la mochila urbana azul?"
ANA = named("memory:main", "conversation", "ana")


class Slow:
    """An answer that is ready when the test says so."""

    def __init__(self) -> None:
        self.began, self.go = asyncio.Event(), asyncio.Event()

    async def answer(self, _turn: Turn) -> str:
        self.began.set()
        await self.go.wait()
        return "Ya está"

    def extension(self) -> App:
        extension = App()
        extension.reply(when=lambda turn: "lento" in turn.text, then=self.answer)
        return extension


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def shop(backing: Backing, prefix: str) -> AsyncIterator[Bot]:
    async with bot(backing, knobs(prefix)) as shop:
        yield shop


def pause_of(shop: Bot) -> Pause:
    return Pause(shop.parts.wire, shop.parts.stream.keys, shop.parts.shop)


async def news(shop: Bot, prefix: str) -> list[dict[str, str]]:
    entries = await shop.parts.wire.command("XRANGE", key_of(prefix, shop.parts.shop), "-", "+")
    return [json.loads(fields[1]) for _, fields in entries]


async def test_pages_are_told_of_messages_of_scores_and_of_a_person_taking_over(
    shop: Bot, prefix: str
) -> None:
    await shop.ask("ana", PRICE)
    await shop.ask("ana", "genial, la quiero")
    await shop.settled()
    place = await conversations.place(shop.parts.store, shop.parts.shop, ANA)
    assert place is not None
    await shop.parts.word.take(place, by="Carla", key="una")
    await shop.settled()

    told = await news(shop, prefix)

    assert {one["kind"] for one in told} >= {"message", "review", "handoff"}
    assert {one["conversations"] for one in told} == {str(ANA)}


async def test_a_pause_holds_back_an_answer_in_flight_and_the_next_words_are_answered_with_it(
    backing: Backing, prefix: str
) -> None:
    slow = Slow()
    async with bot(backing, knobs(prefix), slow.extension()) as shop:
        await shop.channel.say("ana", "lento")
        await slow.began.wait()
        await pause_of(shop).begin(60, by="Carla", reason="inventario")
        slow.go.set()
        await shop.settled()
        assert shop.channel.replies("ana") == []
        async with shop.parts.store.reading() as session:
            reasons = (await session.scalars(select(Withheld.reason))).all()
        assert reasons == ["paused"]

        await pause_of(shop).end()
        assert await shop.ask("ana", "¿hola?") == "Ya está"


async def test_people_speak_during_a_pause_and_it_ends_by_itself(shop: Bot) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    await pause_of(shop).begin(2, by="Carla")
    place = await conversations.place(shop.parts.store, shop.parts.shop, ANA)
    assert place is not None
    await shop.parts.word.speak(place, "Soy Carla", by="Carla", key="dos")
    assert (await shop.channel.wait_for_replies("ana", 2))[-1] == "Soy Carla"
    await shop.parts.word.give_back(place, by="Carla", key="tres")

    await until(lambda: over(shop))
    assert "24.990" in await shop.ask("ana", PRICE)


async def over(shop: Bot) -> bool:
    return await pause_of(shop).standing() is None


async def test_another_shop_is_not_paused(shop: Bot) -> None:
    other = Pause(shop.parts.wire, shop.parts.stream.keys, UUID(int=7))
    await other.begin(60, by="Otra")

    assert "24.990" in await shop.ask("ana", PRICE)
    assert await pause_of(shop).standing() is None


async def test_whoever_writes_again_opens_what_was_put_away(shop: Bot) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    store, which, here = shop.parts.store, shop.parts.shop, datetime.now(UTC)
    async with store.tenant(which) as session:
        await filing.resolve(session, which, ANA, here, "carla")

    await shop.ask("ana", PRICE)
    await shop.settled()
    assert (await state(shop)).state == "open"

    async with store.tenant(which) as session:
        later = here + timedelta(hours=3)
        await filing.snooze(session, which, ANA, datetime.now(UTC), later, "carla")
    await shop.ask("ana", "¿y la gris?")
    await shop.settled()
    found = await state(shop)
    assert (found.state, found.until) == ("open", None)


async def state(shop: Bot) -> ConversationState:
    async with shop.parts.store.reading() as session:
        found = await session.get(ConversationState, (shop.parts.shop, ANA))
    assert found is not None
    return found


async def test_the_bot_says_what_it_would_answer_and_nothing_leaves(shop: Bot) -> None:
    await shop.ask("ana", "hola")
    place = await _taken(shop)
    await shop.channel.say("ana", PRICE)
    await shop.settled()

    proposed = await suggesting(shop.parts)(place)
    await shop.settled()

    assert "24.990" in proposed
    assert len(shop.channel.replies("ana")) == 1
    async with shop.parts.store.reading() as session:
        talk = await session.get(Conversation, (shop.parts.shop, ANA))
    assert talk is not None
    assert talk.silenced


async def _taken(shop: Bot) -> Place:
    await shop.settled()
    place = await conversations.place(shop.parts.store, shop.parts.shop, ANA)
    assert place is not None
    await shop.parts.word.take(place, by="Carla", key="una")
    return place
