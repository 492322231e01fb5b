"""A seller takes a conversation over from the page, answers, and gives it back."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest

from app.backing import Backing
from events.happened import named
from services.state import Endpoints
from store.afterwards import Withheld
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.pages import KEY, pages_of
from tests.web.roles import acting
from web.app import build

PRICE = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
async def shop(database_url: str, endpoints: Endpoints, prefix: str) -> AsyncIterator[Bot]:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, knobs(prefix, shop="pages")) as shop:
        yield shop


@pytest.fixture
async def seller(shop: Bot, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    pages = build(pages_of(shop, prefix))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(pages),
        base_url="http://127.0.0.1",
        headers={"Sec-Fetch-Site": "same-origin"},
    ) as client:
        await client.post("/entrar", data={"clave": KEY})
        yield client


def page(chat: str = "ana") -> str:
    return f"/conversaciones/{named('memory:main', 'conversation', chat)}"


async def test_what_could_not_be_sent_is_told_with_its_reason(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", PRICE)
    where = named("memory:main", "conversation", "ana")
    assert "Lo que no salió" not in (await seller.get(page())).text
    await shop.settled()
    async with shop.parts.store.transaction() as session:
        for number, reason in enumerate(("window", "stale")):
            session.add(
                Withheld(
                    shop_id=shop.parts.shop, reply_id=UUID(int=number), conversation_id=where,
                    reason=reason, at=datetime.now(UTC),
                )
            )  # fmt: skip
    shown = (await seller.get(page())).text
    assert shown.count("más de 24 horas desde el último mensaje") == 1
    assert "stale" not in shown


async def form_key(seller: httpx2.AsyncClient) -> str:
    found = re.search(r'name="clave" value="([^"]+)"', (await seller.get(page())).text)
    assert found is not None
    return found[1]


async def test_what_a_seller_writes_reaches_the_customer_once_and_the_bot_is_silent(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", PRICE)
    await shop.settled()
    assert "ana" in (await seller.get("/conversaciones")).text
    assert "La atiende el bot" in (await seller.get(page())).text

    form = {"texto": "Hola Ana, soy Carla", "clave": await form_key(seller)}
    for _ in range(2):  # a double click
        assert (await seller.post(f"{page()}/mensaje", data=form)).status_code == 303
    assert (await shop.channel.wait_for_replies("ana", 2))[-1] == "Hola Ana, soy Carla"
    await shop.channel.say("ana", PRICE)
    await shop.settled()
    assert len(shop.channel.replies("ana")) == 2
    told = (await seller.get(page())).text
    assert "Estás atendiendo tú" in told
    assert "Vendedor" in told

    await seller.post(f"{page()}/devolver", data={"clave": await form_key(seller)})
    assert "24.990" in await shop.ask("ana", PRICE)


async def test_a_network_that_has_a_place_for_it_learns_who_writes(shop: Bot, prefix: str) -> None:
    await shop.ask("ana", PRICE)
    assert [(part.human, part.by) for part in shop.channel.sent] == [(False, "")]
    await shop.settled()
    async with acting(pages_of(shop, prefix), "seller") as somebody:
        await somebody.post(f"{page()}/mensaje", data={"texto": "Te la guardo", "clave": "una"})
        async with asyncio.timeout(120):
            await shop.channel.wait_for_replies("ana", 2)
    last = shop.channel.sent[-1]
    assert (last.text, last.human, last.by) == ("Te la guardo", True, "seller")


async def test_a_conversation_is_taken_without_a_word(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    await seller.post(f"{page()}/tomar", data={"clave": "una"})
    await shop.channel.say("ana", PRICE)
    await shop.settled()
    assert len(shop.channel.replies("ana")) == 1


async def test_nobody_else_sees_or_takes_a_conversation(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    assert (await seller.get(f"/conversaciones/{UUID(int=5)}")).status_code == 404
    await seller.post("/salir")
    for answer in (await seller.get(page()), await seller.post(f"{page()}/tomar")):
        assert answer.status_code in {303, 401, 403}
    assert "24.990" in await shop.ask("ana", PRICE)


async def test_who_waits_for_a_person_stands_first_however_many_write_meanwhile(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", "quiero hablar con una persona")
    await asyncio.gather(*(shop.ask(f"c{number}", "hola") for number in range(32)))
    await shop.settled()
    listed = re.findall(
        r'<span class="name" hx-ignore>([^<]+)</span>', (await seller.get("/conversaciones")).text
    )
    assert listed[0] == "ana"
    assert len(listed) == 30


async def test_a_corrected_text_is_another_message(shop: Bot, seller: httpx2.AsyncClient) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    key = await form_key(seller)
    for text in ("Cuesta 10", "Perdón, cuesta 20"):
        done = await seller.post(f"{page()}/mensaje", data={"texto": text, "clave": key})
        assert done.headers["location"].endswith("?enviado=true#final")
    await shop.channel.wait_for_replies("ana", 3)
    assert shop.channel.replies("ana")[1:] == ["Cuesta 10", "Perdón, cuesta 20"]
    assert "Enviado" in (await seller.get(f"{page()}?enviado=true")).text


async def test_what_could_not_be_stored_is_still_in_its_field(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await shop.ask("ana", "hola")
    await shop.settled()
    object.__setattr__(shop.parts.word, "stream", replace(shop.parts.stream, limit=0))
    form = {"texto": "Hola <b>Ana</b>", "clave": await form_key(seller)}
    refused = await seller.post(f"{page()}/mensaje", data=form)
    object.__setattr__(shop.parts.word, "stream", shop.parts.stream)
    assert refused.status_code == 503
    assert "Hola &lt;b&gt;Ana&lt;/b&gt;</textarea>" in refused.text
    assert form["clave"] in refused.text
