"""Bots die while customers are asked how content they are: each once, and each grade counts."""

import asyncio
import random

import pytest

from tests.chaos.checker import Findings
from tests.chaos.test_dealings_are_killed import EXACT, KNOWN, PRICE, fetched, here, talking
from tests.chaos.world import Servers, chaos

pytestmark = pytest.mark.chaos
DUE_S = 2.0
QUESTION = "¿Cómo te atendimos?"
CUSTOMERS = 20
TALKS = """
SELECT c.chat, m.author, m.purpose, q.stars FROM app.message m
JOIN app.conversation c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
LEFT JOIN app.csat q ON q.shop_id = m.shop_id AND q.id = m.id
WHERE m.conversation_id = ANY($1) ORDER BY m.conversation_id, m.position
"""


async def test_who_goes_quiet_is_asked_once_and_who_speaks_never(servers: Servers) -> None:
    """The due moments, what is said and the kills fall together; then everybody gives a grade."""
    settings = KNOWN | {
        "APRENDIZ_RATINGS__CSAT": "true",
        "APRENDIZ_RATINGS__CSAT_AFTER_H": str(DUE_S / 3600),
        "APRENDIZ_FOLLOWUPS__HOURS": "00:00-24:00",
        "APRENDIZ_FOLLOWUPS__DAYS": "mon-sun",
    }
    dice = random.Random(11)  # noqa: S311  a test's dice
    async with chaos(servers, EXACT, settings=settings) as world:

        def asked(chat: str) -> int:
            sent = (one for one in world.network.sent if one.chat == chat)
            return sum(QUESTION in one.text for one in sent)

        async def life(chat: str) -> None:
            await asyncio.sleep(dice.random())
            await world.network.answered(await world.network.say(chat, 0, PRICE))
            if dice.random() < 0.4:
                await asyncio.sleep(DUE_S + dice.uniform(-0.3, 0.3))
                await world.network.answered(await world.network.say(chat, 1, PRICE))
            while not asked(chat):  # noqa: ASYNC110  others' work
                await asyncio.sleep(0.05)
            await asyncio.sleep(dice.random())
            await world.network.answered(await world.network.say(chat, 2, "4, todo bien"))

        await talking(world, CUSTOMERS, life, kills=4)
        await asyncio.sleep(DUE_S + 1)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        talks: dict[str, list[tuple[str, str, int | None]]] = {}
        for chat, author, purpose, stars in await fetched(servers, TALKS, here(world)):
            talks.setdefault(chat, []).append((author, purpose, stars))
    assert len(talks) == CUSTOMERS
    graded = 0
    for chat, said in talks.items():
        purposes = [purpose for _, purpose, _ in said]
        assert purposes.count("csat") == 1, chat
        place = purposes.index("csat")
        answers = said[place + 2][1] == "thanks"
        assert said[place][2] == (4 if answers else None), chat
        assert purposes.count("thanks") == answers, chat
        graded += answers
    assert graded > CUSTOMERS / 2
