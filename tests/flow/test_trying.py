"""The seller tries the bot on its page: the answer of the real pipeline, and what it rests on."""

import pytest

from app.backing import Backing
from services.state import Endpoints
from tests.fixtures.bots import bot, knobs
from tests.flow.pages import KEY, pages_of
from tests.web.conftest import asking
from web.app import build


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_a_question_is_answered_as_a_customer_s(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="try")) as shop:
        app = build(pages_of(shop, prefix))
        async with asking(app) as client:
            await client.post("/entrar", data={"clave": KEY})
            answer = await client.post("/probar", data={"pregunta": "¿cuánto cuesta la mochila?"})

    assert "El bot responde" in answer.text
    assert "Mochila" in answer.text
    assert "Se basó en" in answer.text
