"""Bots die while people write down what they spend: every yes is a row, and no row lacks one."""

from collections import Counter
from uuid import uuid4

import pytest

from events.happened import named
from tests.chaos.checker import Findings
from tests.chaos.test_dealings_are_killed import EXACT, KNOWN, fetched, talking
from tests.chaos.world import Servers, chaos

pytestmark = pytest.mark.chaos
TALK = ("gasté {} lucas en pan", "sí", "anota {} lucas de bencina", "no", "{} mil en micro", "dale")


async def test_every_confirmed_expense_is_written_once(servers: Servers) -> None:
    shop = uuid4().hex[:8]
    settings = KNOWN | {"APRENDIZ_APP__SHOP": shop, "APRENDIZ_APP__PACK": "finanzas"}
    async with chaos(servers, EXACT, settings=settings) as world:

        async def life(chat: str) -> None:
            amount = int(chat.rpartition(".")[2]) + 1
            for number, text in enumerate(TALK):
                said = await world.network.say(chat, number, text.format(amount))
                await world.network.answered(said)

        await talking(world, 12, life, kills=4)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        rows = await fetched(
            servers,
            "SELECT amount, category FROM app.ledger_entry WHERE shop_id = $1",
            named("shop", shop),
        )
    expected = [
        (1000 * (number + 1), kind) for number in range(12) for kind in ("comida", "transporte")
    ]
    assert Counter((row["amount"], row["category"]) for row in rows) == Counter(expected)
