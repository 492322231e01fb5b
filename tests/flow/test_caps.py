"""A cap that somebody sets on a page stops a running bot from spending, at once."""

from app.backing import Backing
from services.state import Endpoints
from tests.fixtures.bots import bot, knobs
from tests.flow.pages import pages_of
from tests.servers.models import model_server
from tests.web.roles import acting

PAGE = "/ajustes/limites"
QUESTION = "¿cuánto cuesta la polera azul?"


async def test_a_cap_set_on_a_page_has_the_next_answer_cost_nothing(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with model_server() as server:
        settings = knobs(
            prefix,
            "capped",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1", "model": "m"},
        )
        async with bot(backing, settings) as shop, acting(pages_of(shop, prefix), "owner") as owner:
            await shop.ask("ana", QUESTION)
            unbounded = len(server.asked)
            assert unbounded

            await owner.post(PAGE, data={"tienda": "0,000001", "de": "costos"})
            told = await shop.ask("eva", QUESTION)
            assert (bool(told), len(server.asked)) == (True, unbounded)
            page = (await owner.get("/admin/costos")).text
            assert "tope alcanzado: responde sin modelos pagados" in page

            await owner.post(PAGE, data={"tienda": "5"})
            await shop.ask("luis", QUESTION)
            assert len(server.asked) > unbounded
