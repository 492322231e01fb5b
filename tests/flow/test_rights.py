"""What the law owes a customer reaches them whoever has the word; the bot says nothing else."""

import pytest

from app.backing import Backing
from handlers.pausing import Pause
from services.state import Endpoints
from tests.fixtures.bots import bot, knobs
from tests.flow.people import person, silent

ASKS = "quiero hablar con una persona"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.mark.parametrize("words", ["/misdatos", "quiero ver mis datos"])
async def test_who_waits_for_a_person_gets_the_link_to_their_data(
    backing: Backing, prefix: str, words: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", ASKS)
        assert await silent(shop, "ana")
        assert "/mis-datos/" in await shop.ask("ana", words)
        await shop.channel.say("ana", "¿cuánto cuesta la mochila urbana azul?")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 2
        assert await silent(shop, "ana")


async def test_so_does_who_talks_with_a_person(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.channel.say("ana", "hola")
        await person(shop.channel, "ana", "Yo te atiendo, Ana")
        await shop.settled()
        assert "/mis-datos/" in await shop.ask("ana", "/misdatos")
        assert await silent(shop, "ana")


async def test_so_does_everybody_while_the_bot_is_paused(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        pause = Pause(shop.parts.wire, shop.parts.stream.keys, shop.parts.shop)
        await pause.begin(600, by="admin")
        assert "/mis-datos/" in await shop.ask("ana", "mis datos")
