"""A bot that is asked for a price while the catalogue is taken in, and taken back."""

from itertools import count

import pytest

from app.backing import Backing
from knowledge.importing import service
from knowledge.importing.service import Wanted
from services.clock import now
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs, until

QUESTION = "¿cuánto cuesta la mochila urbana azul?"
FILE = (
    "SKU;Nombre;Precio;Stock\nMOC-001;Mochila Urbana Azul;$19.990;3\nLLA-1;Llavero Cobre;2.990;9\n"
)


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def answered(shop: Bot, question: str, told: str) -> None:
    """Somebody is told so, within twice the time a catalogue may be old."""
    people = count()

    async def once() -> bool:
        return told in await shop.ask(f"{told} {next(people)}", question)

    await until(once)


async def test_a_running_bot_tells_the_new_price_and_after_the_undo_the_old_one(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="imports")) as shop:
        parts = shop.parts
        assert "$24.990" in await shop.ask("ana", QUESTION)

        wanted = Wanted()
        proposal = await service.propose(
            parts.store, parts.shop, "precios.csv", FILE.encode(), wanted
        )
        done = await service.apply(parts.store, proposal, by="Carla", at=now())

        await answered(shop, QUESTION, "$19.990")
        await answered(shop, "¿cuánto cuestan los llaveros?", "$2.990")
        assert "tenemos Llavero Cobre (9 en stock), a $2.990" in await shop.ask(
            "sol", "¿tienen llaveros?"
        )
        assert done.id is not None
        await service.undo(parts.store, parts.shop, done.id, by="Carla", at=now())
        await answered(shop, QUESTION, "$24.990")
