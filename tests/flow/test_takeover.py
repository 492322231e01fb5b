"""A person of the shop speaks: the bot is silent at once, and comes back when it is told to."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.backing import Backing
from app.plugins import App
from bot.channels.memory import MemoryChannel
from events.happened import caused_by
from handlers.word import Place
from services.state import Endpoints
from store.afterwards import Withheld
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.people import (
    Limited,
    Narrow,
    Slow,
    here,
    learned,
    person,
    silent,
    stored,
)

ASKED = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_an_answer_being_composed_is_dropped_at_once(backing: Backing, prefix: str) -> None:
    slow = Slow()
    async with bot(backing, knobs(prefix), slow.extension()) as shop:
        await shop.channel.say("ana", "lento")
        await slow.began.wait()
        spoken = await person(shop.channel, "ana", "Yo te atiendo, Ana")
        async with asyncio.timeout(120):
            await slow.dropped.wait()
        await shop.settled()
        assert shop.channel.replies("ana") == []
        keys = shop.parts.stream.keys
        turn = keys.turn(here("ana"), keys.partition(here("ana")))
        assert await shop.parts.wire.command("EXISTS", turn) == 0
        found = await stored(shop, "ana")
        (row,) = await learned(shop, "ana")
    assert (row.author, row.user_message, row.turn_id) == ("human", "lento", *slow.turns)
    assert found is not None
    assert found.silenced
    assert found.silenced_until is not None
    assert (found.silenced_until - spoken.received_at).total_seconds() == 3600


async def test_what_waits_for_its_time_does_not_leave_after_a_person_spoke(
    backing: Backing, prefix: str
) -> None:
    extension = App()
    extension.channel("limited", Limited)
    async with bot(backing, knobs(prefix), extension) as shop:
        channel = shop.parts.channels["limited:main"]
        assert isinstance(channel, Limited)
        for chat in ("ana", "bea"):
            await channel.say(chat, ASKED)
        await until(lambda: _sent(channel, 1))
        late = "bea" if channel.replies("ana") else "ana"
        await person(channel, late, "Yo te atiendo")
        await until(lambda: _withheld(shop, here(late, channel.account)))
        assert len(channel.sent) == 1


async def test_the_rest_of_a_long_answer_does_not_leave_after_a_person_spoke(
    backing: Backing, prefix: str
) -> None:
    extension = App()
    extension.channel("narrow", Narrow)
    async with bot(backing, knobs(prefix), extension) as shop:
        channel = shop.parts.channels["narrow:main"]
        assert isinstance(channel, Narrow)
        await channel.say("ana", ASKED)
        await channel.asked.acquire()
        await person(channel, "ana", "Yo te atiendo")
        channel.passes.release()
        await until(lambda: _withheld(shop, here("ana", channel.account)))
        assert len(channel.sent) == 1


async def _sent(channel: MemoryChannel, count: int) -> bool:
    return len(channel.sent) >= count


async def _withheld(of: Bot, conversation: UUID) -> bool:
    query = select(Withheld.reason).where(Withheld.conversation_id == conversation)
    async with of.parts.store.reading() as session:
        return list(await session.scalars(query)) == ["silenced"]


async def test_the_bot_comes_back_by_itself_and_knows_what_the_person_said(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", ASKED)
        await person(shop.channel, "ana", "Buenas, te la dejo en 20.000")
        await shop.channel.say("ana", "¿de verdad?")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 1
        await an_hour_later(shop, "ana")
        await shop.ask("ana", ASKED)
        await shop.settled()
        answer = (await learned(shop, "ana"))[-1]
    assert answer.author == "bot"
    history = answer.context["history"]
    assert "assistant: Buenas, te la dejo en 20.000" in history
    assert "user: ¿de verdad?" in history


async def an_hour_later(of: Bot, chat: str) -> None:
    """The silence ends by itself, only sooner."""
    left_ms = await of.parts.wire.command("PTTL", of.parts.stream.keys.silence(here(chat)))
    assert 0 < left_ms <= 3_600_000
    await of.parts.wire.command("PEXPIRE", of.parts.stream.keys.silence(here(chat)), 1)

    async def over() -> bool:
        return not await silent(of, chat)

    await until(over)


async def test_a_person_switches_the_bot_off_and_on_in_the_customers_own_chat(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", ASKED)
        await person(shop.channel, "ana", "/bot off")
        await person(shop.channel, "ana", "Sigo yo")
        await shop.settled()
        left_ms = await shop.parts.wire.command("PTTL", shop.parts.stream.keys.silence(here("ana")))
        off = await stored(shop, "ana")
        await shop.channel.say("ana", "¿hay alguien?")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 1

        await person(shop.channel, "ana", "/Bot ON")
        await shop.ask("ana", ASKED)
        await shop.settled()
        on = await stored(shop, "ana")
        answer = (await learned(shop, "ana"))[-1]
    assert left_ms > 29 * 86_400_000, "who writes ends no longer silence"
    assert off is not None
    assert on is not None
    assert off.silenced
    assert off.silenced_until is not None
    assert off.silenced_until - off.created_at > timedelta(days=29)
    assert (on.silenced, on.silenced_until) == (False, None)
    assert not any("/bot" in line.lower() for line in answer.context["history"])


async def test_a_person_speaks_from_a_page_once_however_often_it_is_asked(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        word = shop.parts.word
        said = await shop.channel.say("ana", ASKED)
        await shop.channel.wait_for_replies("ana")
        asked = await shop.channel.say("ana", "¿me la guardas?")
        await shop.channel.wait_for_replies("ana", 2)
        place = Place(
            shop=said.shop,
            conversation=said.conversation,
            customer=said.customer,
            account=said.account,
            chat=said.chat,
        )
        replies = {await word.speak(place, " Te la guardo ", by="eva", key="1") for _ in range(3)}
        await shop.channel.wait_for_replies("ana", 3)
        await shop.channel.say("ana", "gracias")
        await shop.settled()
        taken = await stored(shop, "ana")
        assert shop.channel.replies("ana")[2:] == ["Te la guardo"]
        assert len(replies) == 1
        assert await word.give_back(place, by="eva", key="2")
        assert not await word.give_back(place, by="eva", key="2")
        await shop.ask("ana", "hola")
        await shop.settled()
        rows = {row.id: row for row in await learned(shop, "ana")}
    assert taken is not None
    assert (taken.silenced, taken.silenced_by) == (True, "eva")
    row = rows[replies.pop()]
    assert (row.author, row.user_message, row.bot_response) == (
        "human", "¿me la guardas?", "Te la guardo",
    )  # fmt: skip
    assert row.turn_id == caused_by(asked.id, "turn")
    assert row.user_feedback == "gracias"
    assert row.quality_score is None
