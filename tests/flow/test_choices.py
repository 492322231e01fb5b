"""What an owner chooses on a page holds for the bot that runs, without a restart."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from app.backing import Backing
from handlers.openings import Openings
from handlers.pausing import Voices
from knowledge.style import Style
from services.clock import now
from services.state import Endpoints
from store import choices
from store.afterwards import Withheld
from store.app import Customer
from tests.fixtures.bots import Bot, bot, knobs

ASKS = "quiero hablar con una persona"
PRICE = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
async def shop(database_url: str, endpoints: Endpoints, prefix: str) -> AsyncIterator[Bot]:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, knobs(prefix)) as found:
        yield found


async def choose(shop: Bot, **values: object) -> None:
    async with shop.parts.store.tenant(shop.parts.shop) as session:
        stamp = {"by": "Ana", "at": now()}
        await choices.choose(session, shop.parts.shop, {**stamp, **values})


async def read_anew(openings: Openings, shop: Bot) -> None:
    """As after its few seconds."""
    openings.shelves.pop(shop.parts.shop, None)
    await openings.of(shop.parts.shop)


async def test_a_shop_that_its_owner_closes_tells_when_people_are_back(shop: Bot) -> None:
    assert (await shop.ask("ana", ASKS)).startswith("Te paso con una persona")

    await choose(shop, week=dict.fromkeys(("mon-sun",), "closed"), holidays=[])
    await read_anew(shop.parts.openings, shop)

    assert not (await shop.ask("eva", ASKS)).startswith("Te paso con una persona")


async def test_by_an_account_that_is_silenced_nothing_leaves_and_people_still_speak(
    shop: Bot,
) -> None:
    voices = Voices(shop.parts.wire, shop.parts.stream.keys, shop.parts.shop)
    await shop.ask("ana", "hola")
    await voices.silence("memory:other", by="Ana")
    assert "24.990" in await shop.ask("ana", PRICE)

    await voices.silence("memory:main", by="Ana")
    await shop.channel.say("ana", PRICE)
    await shop.settled()

    assert len(shop.channel.replies("ana")) == 2
    async with shop.parts.store.reading() as session:
        assert (await session.scalars(select(Withheld.reason))).all() == ["paused"]
    assert await voices.silent(["memory:main", "web:main"]) == {"memory:main"}
    await voices.give("memory:main")
    assert "24.990" in await shop.ask("ana", PRICE)


async def test_the_shops_tone_is_for_whoever_has_none_of_their_own(shop: Bot) -> None:
    await asyncio.gather(shop.ask("ana", "hola"), shop.ask("eva", "hola"))
    await shop.settled()
    await choose(shop, tone="formal", intensity=0.2)
    async with shop.parts.store.reading() as session:
        found = (await session.scalars(select(Customer.id).order_by(Customer.name))).all()
    async with shop.parts.store.transaction() as session:
        own = update(Customer).where(Customer.id == found[1]).values(tone="coach")
        await session.execute(own)

    styles = shop.parts.replier.reader.styles
    assert styles is not None
    styles.known.clear()
    told = [await styles.of(shop.parts.shop, one) for one in found]

    assert told == [Style(0.2, "formal"), Style(0.5, "coach")]
