"""A seller looks at a receipt and says whether the money came; nobody else can."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import msgspec
import pytest
from sqlalchemy import select

from app.backing import Backing
from app.lives import HabitsChannel
from app.parts import build as built
from app.pipeline import pipeline
from app.plugins import App, Setting
from bot.channels.base import Channel
from events.contents import Media
from services.state import Endpoints
from store.dealings import MediaFile
from tests.fixtures.bots import Bot, knobs
from tests.flow.pages import KEY, pages_of
from web.app import build

JPEG = b"\xff\xd8\xff\xe0 a receipt \xff\xd9"
EVIL = b"<html><script>alert(1)</script>"


@pytest.fixture
async def shop(
    database_url: str, endpoints: Endpoints, prefix: str, tmp_path: object
) -> AsyncIterator[Bot]:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    paid = {"transfer": "Banco Uno, cuenta 123"}
    settings = knobs(prefix, shop="receipts", orders=paid, app={"var": tmp_path})
    made: list[HabitsChannel] = []

    def habits(setting: Setting) -> Channel:
        made.append(HabitsChannel(setting.shop, setting.account))
        return made[0]

    async with (
        built(settings, backing, App(), {"memory:main": habits}) as parts,
        pipeline(parts, backing.redis_url, App()) as running,
    ):
        yield Bot(running, made[0])


@pytest.fixture
async def seller(shop: Bot, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(build(pages_of(shop, prefix)))
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", headers=headers
    ) as client:
        await client.post("/entrar", data={"clave": KEY})
        yield client


async def pays(shop: Bot, chat: str, proof: bytes = JPEG, mime: str = "image/jpeg") -> None:
    """Buys a thing and sends what proves the payment."""
    await shop.ask(chat, "quiero comprar una mochila urbana azul")
    await shop.ask(chat, "sí, confirmo el pedido")
    channel, before = shop.channel, len(shop.channel.replies(chat))
    assert isinstance(channel, HabitsChannel)
    channel.files[f"{chat}/proof"] = proof
    message = channel.message(chat, "pagado", key=f"{chat}-proof")
    file = Media(kind="photo", ref=f"{chat}/proof", mime=mime)
    await channel.deliver(msgspec.structs.replace(message, content="photo", media=(file,)))
    async with asyncio.timeout(10):
        await channel.wait_for_replies(chat, before + 1)
    await shop.settled()


def order_in(html: str) -> str:
    found = re.search(r'action="/pedidos/([0-9a-f-]{36})"', html)
    assert found is not None, html
    return found[1]


async def test_a_receipt_is_seen_and_the_customer_hears_that_the_money_came(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    assert "Nada por revisar" in (await seller.get("/pedidos")).text
    await pays(shop, "ana")
    page = (await seller.get("/pedidos")).text
    assert "1 × Mochila Urbana Azul" in page
    proof = re.search(r'src="(/archivos/[^"]+)"', page)
    assert proof is not None
    shown = await seller.get(proof[1])
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")
    assert shown.headers["content-disposition"].startswith("inline")

    order, replies = order_in(page), len(shop.channel.replies("ana"))
    for _ in range(2):  # a double tap
        done = await seller.post(f"/pedidos/{order}", data={"decision": "pagado"})
        assert (done.status_code, done.headers["location"]) == (303, "/pedidos")
    await shop.channel.wait_for_replies("ana", replies + 1)
    await shop.settled()
    assert sum("pagado" in one for one in shop.channel.replies("ana")[replies:]) == 1
    assert "Nada por revisar" in (await seller.get("/pedidos")).text
    assert "Pagados 1" in (await seller.get("/pedidos?estado=pagados")).text

    late = await seller.post(f"/pedidos/{order}", data={"decision": "rechazado"})
    assert late.status_code == 409
    assert "pagado" in late.text


async def test_the_conversation_shows_its_orders_with_the_same_buttons(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    listed = (await seller.get("/pedidos")).text
    talk = re.search(r'href="(/conversaciones/[^"]+)"', listed)
    assert talk is not None
    page = (await seller.get(talk[1])).text
    form = {"decision": "rechazado", "sigue": talk[1]}
    done = await seller.post(f"/pedidos/{order_in(page)}", data=form)
    assert done.headers["location"] == talk[1]
    await shop.settled()
    assert "Pago no confirmado" in (await seller.get(talk[1])).text
    away = {"decision": "pagado", "sigue": "https://evil.example"}
    left = await seller.post(f"/pedidos/{order_in(page)}", data=away)
    assert left.headers["location"] == "/pedidos"


async def test_what_is_no_picture_is_only_ever_saved(shop: Bot, seller: httpx2.AsyncClient) -> None:
    await pays(shop, "eve", EVIL, mime="text/html")
    async with shop.parts.store.reading() as session:
        file = await session.scalar(select(MediaFile))
    assert file is not None
    given = await seller.get(f"/archivos/{file.id}")
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_strangers_see_no_receipt_and_decide_nothing(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    page = (await seller.get("/pedidos")).text
    order, proof = order_in(page), re.findall(r"/archivos/[0-9a-f-]{36}", page)[0]
    assert (await seller.get(f"/archivos/{UUID(int=3)}")).status_code == 404
    unknown = await seller.post(f"/pedidos/{UUID(int=3)}", data={"decision": "pagado"})
    assert unknown.status_code == 404
    assert (await seller.post(f"/pedidos/{order}", data={"decision": "x"})).status_code == 422
    await seller.post("/salir")
    for answer in (
        await seller.get("/pedidos"),
        await seller.get(proof),
        await seller.post(f"/pedidos/{order}", data={"decision": "pagado"}),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/entrar")
