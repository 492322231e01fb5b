"""A model that insults or threatens is not heard by any customer, and loses its rollout."""

import pytest

from app.backing import Backing
from config.insults import insults
from services.state import Endpoints
from tests.fixtures.bots import bot
from tests.flow.attacks import left
from tests.flow.rollouts import ASKED, GOOD, OWN, Shop, attended, served
from tests.servers.models import model_server, says
from text.rudeness import rude

ANGRY = "No me hagas perder el tiempo, idiota. La Mochila Urbana Azul cuesta $24.990."
THREAT = "Sabemos dónde vives. La Mochila Urbana Azul cuesta $24.990."
PRICE = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_who_is_insulted_by_a_model_gets_the_facts(backing: Backing, prefix: str) -> None:
    async with model_server() as own, model_server() as candidate:
        own.will(says(ANGRY), says(THREAT), says(THREAT), says("Cuesta $24.990."))
        async with bot(backing, served(prefix, own, candidate, "angry")) as running:
            first = await running.ask("ana", PRICE)
            second = await running.ask("luis", PRICE)
            everything = left(running, "ana") + left(running, "luis")
            rows = await Shop(running).rows()
    assert "$24.990" in first
    assert second == "Cuesta $24.990."
    assert rude(everything, insults()) == []
    checks = [row.context["trace"]["checks"] for row in rows]
    assert checks == [["replaced:insult", "replaced:insult"], ["replaced:insult", "ok"]]


async def test_a_candidate_that_insults_is_taken_back_by_itself(
    backing: Backing, prefix: str
) -> None:
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says(f"{GOOD} Apúrate, imbécil."))
        settings = served(prefix, own, candidate, "rude")
        async with bot(backing, settings) as running, attended(running) as shop:
            await shop.start(percent=90)
            for number in range(6):
                answer = await running.ask(f"cliente-{number}", ASKED)
                assert rude(answer, insults()) == []
            await shop.becomes("rolled_back")
            last = (await shop.steps())[-1]
    assert last.reason.startswith("guard rail: insults")
