"""A seller looks at a receipt and says whether the money came; nobody else can."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
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
from store import ml
from store.audit import Wanted, events
from store.dealings import MediaFile, Order
from tests.fixtures.bots import Bot, knobs
from tests.flow.pages import KEY, pages_of
from tests.flow.people import person
from tests.web.staff import staff
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


async def pays(shop: Bot, chat: str, proof: bytes = JPEG, mime: str | None = "image/jpeg") -> None:
    """Buys a thing and sends what proves the payment."""
    await shop.ask(chat, "quiero comprar una mochila urbana azul")
    await shop.ask(chat, "sí, confirmo el pedido")
    channel, before = shop.channel, len(shop.channel.replies(chat))
    assert isinstance(channel, HabitsChannel)
    channel.files[f"{chat}/proof"] = proof
    message = channel.message(chat, "pagado", key=f"{chat}-proof")
    file = Media(kind="photo", ref=f"{chat}/proof", mime=mime)
    await channel.deliver(msgspec.structs.replace(message, content="photo", media=(file,)))
    async with asyncio.timeout(120):
        await channel.wait_for_replies(chat, before + 1)
    await shop.settled()


def order_in(html: str) -> str:
    found = re.search(r'action="/pedidos/([0-9a-f-]{36})"', html)
    assert found is not None, html
    return found[1]


def form(html: str, decision: str, **more: str) -> dict[str, str]:
    """What a browser sends of the first order's form."""
    seen = re.search(r'name="comprobante" value="([^"]*)"', html)
    assert seen is not None
    return {"decision": decision, "comprobante": seen[1], **more}


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
        done = await seller.post(f"/pedidos/{order}", data=form(page, "pagado"))
        assert (done.status_code, done.headers["location"]) == (303, "/pedidos")
    await shop.channel.wait_for_replies("ana", replies + 1)
    await shop.settled()
    assert sum("pagado" in one for one in shop.channel.replies("ana")[replies:]) == 1
    assert "Nada por revisar" in (await seller.get("/pedidos")).text
    assert "Pagados 1" in (await seller.get("/pedidos?estado=pagados")).text

    late = await seller.post(f"/pedidos/{order}", data=form(page, "rechazado"))
    assert late.status_code == 409
    assert "pagado" in late.text


async def test_the_order_keeps_who_of_the_shop_said_so_first(
    shop: Bot, seller: httpx2.AsyncClient, prefix: str
) -> None:
    await pays(shop, "ana")
    page = (await seller.get("/pedidos")).text
    order, parts = order_in(page), pages_of(shop, prefix)
    for role in ("seller", "owner"):
        async with staff(parts, role) as one:
            done = await one.post(f"/pedidos/{order}", data=form(page, "pagado"))
            assert done.status_code == 303
    async with parts.store.tenant(parts.shop) as session:
        row = await session.get_one(Order, (parts.shop, UUID(order)))
        told = await events(session, parts.shop, Wanted(action="order."))
    assert (row.state, row.decided_by) == ("paid", "seller")
    assert [(one.action, one.object) for one in told] == [("order.paid", f"order:{order}")]
    assert told[0].actor.startswith("person:")


async def test_the_conversation_shows_its_orders_with_the_same_buttons(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    listed = (await seller.get("/pedidos")).text
    talk = re.search(r'href="(/conversaciones/[^"]+)"', listed)
    assert talk is not None
    page = (await seller.get(talk[1])).text
    given = form(page, "rechazado", sigue=talk[1])
    done = await seller.post(f"/pedidos/{order_in(page)}", data=given)
    assert done.headers["location"] == talk[1]
    await shop.settled()
    assert "Pago no confirmado" in (await seller.get(talk[1])).text
    away = form(page, "pagado", sigue="https://evil.example")
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


async def test_the_customer_hears_of_it_while_a_person_has_the_word(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    await person(shop.channel, "ana", "hola, soy Carla, reviso tu pago")
    page, replies = (await seller.get("/pedidos")).text, len(shop.channel.replies("ana"))
    await seller.post(f"/pedidos/{order_in(page)}", data=form(page, "pagado"))
    await shop.settled()
    (told,) = shop.channel.replies("ana")[replies:]
    assert "pagado" in told
    await shop.channel.say("ana", "¿tienen termos?")
    await shop.settled()
    assert len(shop.channel.replies("ana")) == replies + 1, "the bot itself is as silent as before"
    async with shop.parts.store.reading() as session:
        rows = await session.scalars(select(ml.TrainingData.bot_response))
    assert not any("pagado" in row for row in rows.all()), "it is nobody's example"


async def test_another_receipt_than_the_one_that_was_looked_at_is_looked_at_first(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    page = (await seller.get("/pedidos")).text
    old = form(page, "pagado") | {"comprobante": str(UUID(int=9))}
    refused = await seller.post(f"/pedidos/{order_in(page)}", data=old)
    assert refused.status_code == 409
    assert "otro comprobante" in refused.text
    assert "Por revisar 1" in (await seller.get("/pedidos")).text


async def test_an_order_whose_news_cannot_be_stored_still_waits(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana")
    page, payments = (await seller.get("/pedidos")).text, shop.parts.payments
    full = replace(payments.stream, limit=0)
    object.__setattr__(payments, "stream", full)
    refused = await seller.post(f"/pedidos/{order_in(page)}", data=form(page, "pagado"))
    assert refused.status_code == 503
    assert "Por revisar 1" in (await seller.get("/pedidos")).text
    object.__setattr__(payments, "stream", shop.parts.stream)
    await seller.post(f"/pedidos/{order_in(page)}", data=form(page, "pagado"))
    await shop.settled()
    assert sum("pagado" in one for one in shop.channel.replies("ana")) == 1


async def test_a_photo_whose_network_names_no_type_is_shown_by_what_it_is(
    shop: Bot, seller: httpx2.AsyncClient
) -> None:
    await pays(shop, "ana", mime=None)
    page = (await seller.get("/pedidos")).text
    proof = re.search(r'src="(/archivos/[^"]+)"', page)
    assert proof is not None
    shown = await seller.get(proof[1])
    assert shown.headers["content-type"] == "image/jpeg"
    assert ".jpg" in shown.headers["content-disposition"]
