"""Whoever stops answering is written to once, and nobody who has answered is."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import select

from app.backing import Backing
from events.happened import named
from services.state import Endpoints
from store import app
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.moments import HOUR_S, come_due, waits

PRICE = "¿cuánto cuesta la mochila urbana azul?"
SECOND_H = 1 / 3600
LONG_S = 6.0
ALWAYS = {"enabled": True, "hours": "00:00-24:00", "days": "mon-sun"}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def wanting(after_s: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401  any setting
    return ALWAYS | {"after_h": after_s * SECOND_H} | more


async def said(shop: Bot, chat: str) -> list[tuple[str, str]]:
    """Who spoke, and to what purpose, in the order of the stream."""
    await shop.settled()
    return await told(shop, chat)


async def told(shop: Bot, chat: str) -> list[tuple[str, str]]:
    message = app.Message
    query = (
        select(message.author, message.purpose)
        .where(message.conversation_id == named("memory:main", "conversation", chat))
        .order_by(message.position)
    )
    async with shop.parts.store.reading() as session:
        return [(author, purpose) for author, purpose in await session.execute(query)]


async def test_a_silent_customer_is_written_to_once_and_by_name_of_what_they_asked(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="quiet", followups=wanting(0.4))) as shop:
        await shop.ask("ana", PRICE)
        assert "Mochila Urbana Azul" in (await shop.channel.wait_for_replies("ana", 2))[-1]
        await asyncio.sleep(1)
        assert len(shop.channel.replies("ana")) == 2
        assert await said(shop, "ana") == [
            ("customer", "answer"),
            ("bot", "answer"),
            ("bot", "follow_up"),
        ]


@pytest.mark.parametrize("word", ["gracias", "BAJA", "quiero comprar la mochila urbana azul"])
async def test_who_says_anything_meanwhile_is_left_alone(
    backing: Backing, prefix: str, word: str
) -> None:
    async with bot(backing, knobs(prefix, shop="alive", followups=wanting(HOUR_S))) as shop:
        await shop.ask("ana", PRICE)
        await shop.settled()
        begun = await waits(shop)
        assert begun
        await shop.ask("ana", word)
        await come_due(shop, begun)
        assert ("bot", "follow_up") not in await said(shop, "ana")


async def test_who_said_baja_is_left_alone_even_when_redis_has_forgotten_it(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="forgot", followups=wanting(0.4))) as shop:
        await shop.ask("ana", "BAJA")
        await shop.settled()
        notes = shop.parts.stream.keys.notes(named("memory:main", "conversation", "ana"))
        assert await shop.parts.wire.command("TTL", notes) == -1, "the wish does not run out"
        await shop.parts.wire.command("DEL", notes)
        await shop.ask("ana", PRICE)
        await asyncio.sleep(1)
        assert len(shop.channel.replies("ana")) == 2


async def test_outside_its_own_hours_it_waits_for_the_next_ones(
    backing: Backing, prefix: str
) -> None:
    never = wanting(0.2, hours="closed")
    async with bot(backing, knobs(prefix, shop="closed", followups=never)) as shop:
        await shop.ask("ana", PRICE)
        await asyncio.sleep(0.8)
        assert len(shop.channel.replies("ana")) == 1


async def test_nobody_is_written_to_after_they_answered_however_close_it_comes(
    backing: Backing, prefix: str
) -> None:
    """A third of two hundred customers answer within a few hundredths of a second of the due
    moment, the others early or late enough for a machine that has much else to do."""
    dice = random.Random(7)  # noqa: S311  a test's dice
    async with bot(backing, knobs(prefix, shop="race", followups=wanting(0.8))) as shop:

        async def customer(chat: str) -> None:
            await asyncio.sleep(dice.random() * 2)
            await shop.ask(chat, PRICE)
            await asyncio.sleep(0.8 + dice.choice((dice.uniform(-0.06, 0.06), -0.6, LONG_S)))
            await shop.channel.say(chat, "hola, sigo aquí")

        chats = [f"c{number}" for number in range(200)]
        await asyncio.gather(*map(customer, chats))
        await asyncio.sleep(1.6)
        await shop.settled()
        talks = [await told(shop, chat) for chat in chats]
    late = early = 0
    for talk in talks:
        kinds = [purpose for _, purpose in talk]
        assert kinds.count("follow_up") <= 1
        answered = [place for place, (author, _) in enumerate(talk) if author == "customer"][1]
        if "follow_up" in kinds:
            late += kinds.index("follow_up") > answered
            early += kinds.index("follow_up") < answered
    assert late == 0
    assert 0 < early < len(chats)
