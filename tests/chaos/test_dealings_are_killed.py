"""Bots die while they hear voice notes, take orders and write first: nothing is doubled or lost."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from events.happened import named
from store.session import open_connection
from tests.chaos.checker import Findings
from tests.chaos.network import ACCOUNT, Network
from tests.chaos.plugin import VOICE
from tests.chaos.world import LEASE_MS, Servers, World, chaos
from tests.servers.senses import senses

pytestmark = pytest.mark.chaos
EXACT = partial(Network, latency_s=0.05, idempotent=True)
KNOWN = {"CHAOS_IDEMPOTENT": "1"}
BUY, CONFIRM = "quiero comprar una mochila urbana azul", "sí, confirmo"
PRICE = "¿cuánto cuesta la mochila urbana azul?"
OFFER = "Solo hoy: despacho gratis."
SKU = "MOC-001"


async def killing(world: World, times: int, every_s: float = LEASE_MS / 1000 + 0.4) -> None:
    for _ in range(times):
        await asyncio.sleep(every_s)
        await world.workers.kill(world.workers.any())
        await world.workers.start()


async def talking(
    world: World, count: int, life: Callable[[str], Coroutine[Any, Any, None]], kills: int
) -> None:
    """Everybody lives their life, whoever is killed meanwhile."""
    chats = [f"{world.customers.case}.{number}" for number in range(count)]
    async with asyncio.timeout(200), asyncio.TaskGroup() as lives:
        for chat in chats:
            lives.create_task(life(chat))
        lives.create_task(killing(world, kills))


async def test_a_thousand_repeated_and_disordered_deliveries_are_each_handled_once(
    servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every message comes four times, in no order, to bots of which five are killed."""
    async with chaos(servers, partial(EXACT, copies=4), settings=KNOWN) as world:
        world.customers.burst = 3
        world.customers.late_s = 2.0
        world.customers.start(16)
        kills = 0
        while world.network.offered < 1000 or kills < 5:
            await killing(world, 1, 0.8)
            kills += 1
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        offered = world.network.offered
    with capsys.disabled():
        sys.stdout.write(f" {offered} deliveries, {kills} kills, 0 doubled, 0 lost ")


async def test_no_turn_is_answered_while_its_voice_note_is_unheard(servers: Servers) -> None:
    async with senses() as ears:
        ears.slow_s = 0.4
        settings = KNOWN | {
            "APRENDIZ_MEDIA__URL": ears.url,
            "APRENDIZ_MEDIA__HEARING": "local",
            "APRENDIZ_MEDIA__WAIT_S": "20",
        }
        async with chaos(servers, EXACT, settings=settings) as world:

            async def life(chat: str) -> None:
                for number in range(4):
                    said = await world.network.say(chat, number, f"{VOICE}{PRICE} {number}")
                    await world.network.answered(said)

            await talking(world, 12, life, kills=3)
            assert await world.aftermath() == Findings()
            assert not list(world.network.doubles())
            told = Counter("24.990" in sent.text for sent in world.network.sent)
            assert told == {True: 48}, "each heard its own question out"
            heard = await asked(
                servers,
                "SELECT count(*) FROM app.message WHERE content = 'voice' AND reading LIKE $1"
                " AND conversation_id = ANY($2)",
                "%mochila urbana azul%",
                here(world),
            )
            assert heard == 48


async def test_every_order_is_taken_once_and_holds_its_stock_once(servers: Servers) -> None:
    stock = "SELECT stock FROM app.product WHERE sku = $1 AND shop_id = $2"
    shop = uuid4().hex[:8]
    settings = KNOWN | {"APRENDIZ_APP__SHOP": shop}
    async with chaos(servers, EXACT, settings=settings) as world:
        before = await asked(servers, stock, SKU, named("shop", shop))

        async def life(chat: str) -> None:
            for number, text in enumerate((BUY, CONFIRM)):
                await world.network.answered(await world.network.say(chat, number, text))

        await talking(world, 8, life, kills=2)
        found = await world.aftermath()
        assert all("timer" in key for key in found.leftovers), "orders wait to be paid"
        found.leftovers = []
        assert found == Findings()
        assert not list(world.network.doubles())
        after = await asked(servers, stock, SKU, named("shop", shop))
        taken = await asked(
            servers,
            "SELECT count(*) FROM app.orders WHERE shop_id = $1 AND state = 'confirmed'",
            named("shop", shop),
        )
        assert (taken, before - after) == (8, 8)


async def test_who_vanished_is_written_to_once_and_who_answered_never(servers: Servers) -> None:
    """The due moments, the answers and the kills fall together."""
    settings = KNOWN | {
        "APRENDIZ_FOLLOWUPS__ENABLED": "true",
        "APRENDIZ_FOLLOWUPS__AFTER_H": str(1.5 / 3600),
        "APRENDIZ_FOLLOWUPS__HOURS": "00:00-24:00",
        "APRENDIZ_FOLLOWUPS__DAYS": "mon-sun",
    }
    dice = random.Random(5)  # noqa: S311
    answers: set[str] = set()
    async with chaos(servers, EXACT, settings=settings) as world:

        async def life(chat: str) -> None:
            await asyncio.sleep(dice.random())
            await world.network.answered(await world.network.say(chat, 0, PRICE))
            if dice.random() < 0.5:
                answers.add(chat)
                await asyncio.sleep(1.5 + dice.uniform(-0.3, 0.3))
                await world.network.answered(await world.network.say(chat, 1, "hola, sigo aquí"))

        await talking(world, 24, life, kills=3)
        await asyncio.sleep(3)
        assert await world.aftermath() == Findings()
        assert not list(world.network.doubles())
        rows = await fetched(servers, SAID, here(world))
        talks: dict[object, list[str]] = {}
        for row in rows:
            talks.setdefault(row["chat"], []).append(f"{row['author']} {row['purpose']}")
        assert len(talks) == 24
        for chat, said in talks.items():
            first = said.count("bot follow_up")
            assert first <= 1
            if chat not in answers:
                assert first == 1, chat
            elif first:
                second = [at for at, one in enumerate(said) if one.startswith("customer")][1]
                assert said.index("bot follow_up") < second, chat


SAID = """
SELECT c.chat, m.author, m.purpose FROM app.message m
JOIN app.conversation c ON c.shop_id = m.shop_id AND c.id = m.conversation_id
WHERE m.conversation_id = ANY($1) ORDER BY m.conversation_id, m.position
"""
QUIET = "UPDATE app.conversation SET last_at = now() - interval '2 days' WHERE id = ANY($1)"
BEGIN = """
WITH one AS (
  INSERT INTO app.broadcast (shop_id, id, name, account, text)
  SELECT shop_id, $2, 'chaos', account, $3 FROM app.conversation WHERE id = ANY($1) LIMIT 1
  RETURNING shop_id, id
)
INSERT INTO app.broadcast_target (shop_id, broadcast_id, conversation_id, customer_id, chat)
SELECT c.shop_id, $2, c.id, c.customer_id, c.chat FROM app.conversation c, one
WHERE c.id = ANY($1)
"""


async def test_a_broadcast_reaches_everybody_once(servers: Servers) -> None:
    settings = KNOWN | {
        "APRENDIZ_FOLLOWUPS__HOURS": "00:00-24:00",
        "APRENDIZ_FOLLOWUPS__DAYS": "mon-sun",
        "APRENDIZ_OUTREACH__EVERY_S": "0.1",
    }
    async with chaos(servers, EXACT, settings=settings) as world:

        async def life(chat: str) -> None:
            await world.network.answered(await world.network.say(chat, 0, "hola"))

        await talking(world, 30, life, kills=0)
        await world.aftermath()
        await asked(servers, QUIET, here(world))
        which = uuid4()
        await asked(servers, BEGIN, here(world), which, OFFER)
        begun = asyncio.create_task(killing(world, 4))
        done = "SELECT state FROM app.broadcast WHERE id = $1"
        async with asyncio.timeout(200):
            while await asked(servers, done, which) != "done":  # noqa: ASYNC110  others' work
                await asyncio.sleep(0.1)
        await begun
        assert await world.aftermath() == Findings()
        got = Counter(sent.chat for sent in world.network.sent if sent.text == OFFER)
        assert set(got.values()) == {1}
        assert len(got) == 30


def here(world: World) -> list[object]:
    return [named(ACCOUNT, "conversation", chat) for chat in {s.chat for s in world.network.said}]


async def asked(servers: Servers, query: str, *bound: object) -> Any:  # noqa: ANN401  a value
    rows = await fetched(servers, query, *bound)
    return rows[0][0] if rows else None


async def fetched(servers: Servers, query: str, *bound: object) -> list[asyncpg.Record]:
    connection = await open_connection(servers.endpoints.database_url)
    try:
        return await connection.fetch(query, *bound)
    finally:
        await connection.close()
