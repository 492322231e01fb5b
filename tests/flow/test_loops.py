"""Two machines meet: ours stops, and people are never left alone."""

import pytest

from app.backing import Backing
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs

AWAY = "Gracias por contactarnos, te responderemos a la brevedad."
STUCK = "necesito que me digan cuándo llega"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_an_answering_machine_gets_no_answer_and_the_next_person_does(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="machines")) as shop:
        await shop.channel.say("otro bot", AWAY)
        await shop.settled()
        assert shop.channel.replies("otro bot") == []
        assert await shop.ask("otro bot", "perdón, era mi contestador: ¿tienen mochilas?")


async def test_a_machine_that_answers_each_answer_with_the_same_words_is_soon_alone(
    backing: Backing, prefix: str
) -> None:
    """At night, when no person can be called and the bot goes on helping."""
    closed = {"week": {"mon-sun": "closed"}}
    async with bot(backing, knobs(prefix, shop="ping-pong", hours=closed)) as shop:
        pings = await ping_pong(shop, "Bienvenido a Muebles Sur, elija una opción")
        assert pings == len(shop.channel.replies("otro bot")) == 4


async def test_who_has_to_say_it_thrice_gets_a_person(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="stuck", handover={"doubts": 99})) as shop:
        for _ in range(2):
            await shop.ask("ana", STUCK)
        assert "persona" in await shop.ask("ana", STUCK)
        await shop.channel.say("ana", STUCK)
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 3, "a person has the word now"


async def ping_pong(of: Bot, text: str) -> int:
    """How often the other machine was answered before it was left alone."""
    for answered in range(40):
        await of.channel.say("otro bot", text)
        await of.settled()
        if len(of.channel.replies("otro bot")) == answered:
            return answered
    return 40
