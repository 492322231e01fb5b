"""The seller tries the bot on its page: a conversation through the real pipeline, of which nothing
stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from app.backing import Backing
from app.rehearsing import once, rehearsed
from handlers.hours import hours_of
from services.clock import now
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.pages import KEY, pages_of
from tests.web.conftest import asking
from web.app import build
from web.rehearsal import Exchange, Heard, Rehearsal, Said, Scene, begun

BUYING = {"enabled": True, "transfer": "Banco de prueba, cuenta 123"}
WEEK = {"week": {"mon-fri": "09:00-18:00"}}
OURS = """
SELECT table_schema || '.' || table_name AS name FROM information_schema.columns
WHERE table_schema IN ('app', 'ml') AND column_name = 'shop_id'
  AND table_name <> 'span' AND has_table_privilege(table_schema || '.' || table_name, 'SELECT')
"""
"""Spans of real messages are written behind their backs, whenever."""


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def shop(backing: Backing, prefix: str) -> AsyncIterator[Bot]:
    settings = knobs(prefix, shop="try", orders=BUYING, hours=WEEK, pace={"in_5_minutes": 2})
    async with bot(backing, settings) as found:
        yield found


async def held(shop: Bot) -> dict[str, Any]:
    """Every row of the shop's, what the network took, and what is known of conversations."""
    found: dict[str, Any] = {"sent": len(shop.channel.sent)}
    async with shop.parts.store.lookup() as connection:
        for row in await connection.fetch(OURS):
            query = (
                f"SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {row['name']} t"  # noqa: S608  names of our tables
                " WHERE shop_id = $1"
            )
            found[row["name"]] = await connection.fetchval(query, shop.parts.shop)
    wire, prefix = shop.parts.wire, shop.parts.settings.redis.prefix
    names = [str(key) async for key in wire.redis.scan_iter(f"{prefix}:*")]
    about = ("history", "notes", "silence", "turn", "pace")
    found["redis"] = sorted(key for key in names if any(one in key for one in about))
    return found


async def said(shop: Bot, before: Rehearsal, text: str, **how: object) -> tuple[Rehearsal, Heard]:
    saying = replace(Said(before, text, now()), **how)  # type: ignore[arg-type]
    heard = await rehearsed(shop.parts, saying)
    assert heard is not None, text
    assert heard.draft is not None, text
    scene = Scene(saying.network)
    done = Exchange(
        text, saying.at, scene, heard.draft, None, saying.action, heard.notes, heard.orders
    )
    return before.going_on(done), heard


def told(heard: Heard) -> str:
    return heard.draft.text if heard.draft else ""


async def tapped(shop: Bot, before: Rehearsal, verb: str) -> tuple[Rehearsal, Heard]:
    draft = before.exchanges[-1].draft
    assert draft is not None
    one = next(choice for choice in draft.choices if f":{verb}:" in choice.id)
    return await said(shop, before, one.title, action=one.id)


async def test_a_purchase_is_talked_through_and_nothing_of_it_stays(shop: Bot) -> None:
    before = await held(shop)

    here, first = await said(shop, begun(), "hola, ¿cuánto cuesta la mochila urbana?")
    here, heard = await said(shop, here, "quiero comprarla")
    assert heard.draft is not None
    assert heard.draft.generation.history[-1] == f"assistant: {told(first)}"
    here, drafted = await tapped(shop, here, "pick")
    here, bought = await tapped(shop, here, "confirm")
    assert "Banco de prueba" in told(bought)
    assert (drafted.orders[0].state, bought.orders[0].state) == ("draft", "confirmed")
    await said(shop, here, "mis datos")

    await shop.settled()
    assert await held(shop) == before


async def test_a_known_customer_is_tried_without_touching_anything_of_theirs(shop: Bot) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    async with shop.parts.store.lookup() as connection:
        ana = await connection.fetchval(
            "SELECT id FROM app.customer WHERE shop_id = $1", shop.parts.shop
        )
    before = await held(shop)

    here, heard = await said(shop, begun(ana), "mis datos")
    assert heard.draft is not None
    assert heard.draft.customer == ana
    for text in ("hola", "¿cuánto demora el envío?", "¿cuánto cuesta la mochila urbana?"):
        here, heard = await said(shop, here, text)
    assert "mochila" in told(heard).casefold(), "whoever tries the bot is not slowed down"
    await said(shop, here, "stop")

    await shop.settled()
    assert await held(shop) == before


async def test_what_the_hour_and_the_network_change_is_seen(shop: Bot) -> None:
    hours, wanted = hours_of(shop.parts.settings.hours), "quiero hablar con una persona"
    opens = hours.opens_next(now())
    assert opens is not None
    closed = opens.replace(hour=7)

    _, there = await said(shop, begun(), wanted, at=opens, network="telegram")
    _, gone = await said(shop, begun(), wanted, at=closed, network="whatsapp_cloud")

    assert there.draft is not None
    assert there.draft.account == "telegram:try"
    assert there.draft.then_silent_ms > 0
    assert told(there) != told(gone)


async def test_the_page_goes_on_and_a_link_answers_alone(shop: Bot, prefix: str) -> None:
    app = build(pages_of(shop, prefix))
    async with asking(app) as client:
        await client.post("/entrar", data={"clave": KEY})
        await client.post("/probar", data={"pregunta": "¿cuánto cuesta la mochila?"})
        page = (await client.get("/probar")).text
        await client.post("/probar", data={"pregunta": "¿y tienen polerones?", "canal": "telegram"})
        both = (await client.get("/probar")).text
    alone = await once(shop.parts, "¿cuánto cuesta la mochila?")

    assert "Mochila" in page
    assert "Se basó en" in page
    assert "Respuesta 2 de 2" in both
    assert alone is not None
    assert "Mochila" in alone.text
