"""The customer's chat, asked as a browser asks."""

import re
from uuid import uuid4

import httpx2

from store import app
from tests.web.chatting import key_in, opened, said, say
from tests.web.conftest import Inbox
from web.app import WebParts, build
from web.chatting import LONGEST


async def test_an_empty_chat_says_what_it_is_and_offers_questions(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/chat")

    assert answer.status_code == 200
    assert "Es un bot" in answer.text
    assert "¿Hacen envíos a regiones?" in answer.text
    assert said(answer.text) == []


async def test_only_a_product_that_has_a_photo_shows_one(
    visitor: httpx2.AsyncClient, parts: WebParts
) -> None:
    drawn = parts.pack.products[0]
    async with parts.store.transaction() as session:
        for sku, category in ((drawn.sku, "A"), ("PROPIA-1", "B")):
            row = {"sku": sku, "name": f"Producto {sku}", "category": category, "price": 990}
            session.add(app.Product(shop_id=parts.shop, id=uuid4(), stock=3, **row))
    page = (await visitor.get("/chat")).text
    assert "Producto PROPIA-1" in page
    assert f'src="/fotos/{drawn.sku}.svg"' in page
    assert page.count('src="/fotos/') == 1


async def test_a_page_tells_that_somebody_writes_and_nobody_can_flood_us_with_it(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    assert (await visitor.post("/chat/typing", data={"escribe": "true"})).status_code == 204
    assert inbox.signs == [], "a visitor without a chat has none to write in"
    await opened(visitor)
    for _ in range(70):
        answer = await visitor.post("/chat/typing", data={"escribe": "false"})
        assert (answer.status_code, answer.content) == (204, b"")
    assert len(inbox.signs) == 60
    await say(visitor, "hola")
    assert {sign.conversation for sign in inbox.signs} == {inbox.stored[0].conversation}
    assert {sign.lasts_ms for sign in inbox.signs} == {0}


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(
    visitor: httpx2.AsyncClient,
) -> None:
    cookie = (await visitor.get("/chat")).headers["set-cookie"]

    assert re.match(r"chat=[0-9a-f]{32};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_behind_tls_the_cookie_never_travels_in_the_open(parts: WebParts) -> None:
    transport = httpx2.ASGITransport(build(parts))
    async with httpx2.AsyncClient(transport=transport, base_url="https://127.0.0.1") as client:
        answer = await client.get("/chat")

    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_a_message_is_stored_and_shown_after_a_reload(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    chat = await opened(visitor)

    answer = await say(visitor, "¿Cuánto cuesta la mochila?")

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    assert inbox.texts == ["¿Cuánto cuesta la mochila?"]
    assert inbox.stored[0].chat == chat
    assert said((await visitor.get("/chat")).text) == ["¿Cuánto cuesta la mochila?"]


async def test_the_same_message_twice_lands_once(visitor: httpx2.AsyncClient, inbox: Inbox) -> None:
    await opened(visitor)

    for _ in range(3):
        await say(visitor, "hola")

    assert inbox.texts == ["hola"]
    assert said((await visitor.get("/chat")).text) == ["hola"]


async def test_a_corrected_text_under_the_same_key_is_another_message(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    await opened(visitor)

    await say(visitor, "hola")
    await say(visitor, "hola, precio?")

    assert inbox.texts == ["hola", "hola, precio?"]


async def test_every_page_brings_a_fresh_key(visitor: httpx2.AsyncClient) -> None:
    first, second = [key_in((await visitor.get("/chat")).text) for _ in range(2)]
    sent = await visitor.post(
        "/chat/messages",
        data={"texto": "hola", "clave": second},
        headers={"HX-Request": "true"},
    )

    assert len({first, second, key_in(sent.text)}) == 3


async def test_a_message_without_a_key_is_not_lost(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    await opened(visitor)

    await visitor.post("/chat/messages", data={"texto": "hola"})

    assert inbox.texts == ["hola"]


async def test_the_longest_message_arrives_whole(visitor: httpx2.AsyncClient, inbox: Inbox) -> None:
    await opened(visitor)
    text = ("línea\n" * LONGEST)[: LONGEST - 1] + "!"

    await say(visitor, text.replace("\n", "\r\n"))

    assert inbox.texts == [text]


async def test_htmx_gets_only_what_changes(visitor: httpx2.AsyncClient) -> None:
    await opened(visitor)
    htmx = {"HX-Request": "true"}

    sent = await visitor.post(
        "/chat/messages", data={"texto": "hola", "clave": "una-clave-0001"}, headers=htmx
    )
    refused = await visitor.post("/chat/messages", data={"texto": " "}, headers=htmx)

    assert sent.status_code == 200
    assert "<html" not in sent.text
    assert "hx-partial" in sent.text
    assert refused.status_code == 422
    assert "Escribe un mensaje" in refused.text
    assert "hx-partial" not in refused.text


async def test_a_seller_finds_the_way_back(
    visitor: httpx2.AsyncClient, seller: httpx2.AsyncClient
) -> None:
    assert 'href="/ejemplos"' not in (await visitor.get("/chat")).text
    assert 'href="/ejemplos"' in (await seller.get("/chat")).text


async def test_a_new_conversation_begins_empty(visitor: httpx2.AsyncClient) -> None:
    first = await opened(visitor)
    await say(visitor, "hola")

    await visitor.post("/chat/new")

    assert await opened(visitor) != first
    assert said((await visitor.get("/chat")).text) == []
