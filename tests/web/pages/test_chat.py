"""The customer's chat, asked as a browser asks."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from markupsafe import escape

from bot.channels.web import WebChannel
from services.wire import Wire, connect
from store.session import Store, open_store
from tests.web.conftest import Inbox, asking, without_redis
from tests.web.reading import outside
from tests.web.streams import Ended, listening
from web.app import WebParts, build
from web.pages.chat import LONGEST, chat_of

NOT_THERE = "postgresql://nobody@127.0.0.1:1/nothing"


def key_in(html: str) -> str:
    found = re.search(r'name="clave" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def said(html: str) -> list[str]:
    """The texts of the bubbles, in order."""
    return re.findall(r'<p class="said">(.*?)</p>', html, re.DOTALL)


async def say(
    client: httpx2.AsyncClient, text: str, key: str = "una-clave-0001"
) -> httpx2.Response:
    return await client.post("/chat/messages", data={"texto": text, "clave": key})


async def opened(client: httpx2.AsyncClient) -> str:
    """Opens the chat; gives its name as the channel knows it."""
    await client.get("/chat")
    return chat_of(client.cookies["chat"])


async def test_an_empty_chat_says_what_it_is_and_offers_questions(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/chat")

    assert answer.status_code == 200
    assert "Es un bot" in answer.text
    assert "¿Hacen envíos a regiones?" in answer.text
    assert said(answer.text) == []


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


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\u200b"])
async def test_an_empty_message_is_refused(
    visitor: httpx2.AsyncClient, inbox: Inbox, text: str
) -> None:
    await opened(visitor)

    answer = await say(visitor, text)

    assert answer.status_code == 422
    assert "Escribe un mensaje" in answer.text
    assert inbox.texts == []


async def test_a_long_message_is_refused_and_stays_in_the_box(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    await opened(visitor)
    text = "ñ" * (LONGEST + 1)

    answer = await say(visitor, text)

    assert answer.status_code == 422
    assert f"{LONGEST + 1} caracteres; el máximo es {LONGEST}" in answer.text
    assert f">{text}</textarea>" in answer.text
    assert inbox.texts == []


async def test_the_longest_message_arrives_whole(visitor: httpx2.AsyncClient, inbox: Inbox) -> None:
    await opened(visitor)
    text = ("línea\n" * LONGEST)[: LONGEST - 1] + "!"

    await say(visitor, text.replace("\n", "\r\n"))

    assert inbox.texts == [text]


async def test_rubbish_is_cleaned(visitor: httpx2.AsyncClient, inbox: Inbox) -> None:
    await opened(visitor)
    body = b"clave=una-clave-0001&texto=ho%00la%FF%ED%A0%80+\xe2\x80\xaefin"

    answer = await visitor.post(
        "/chat/messages",
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 303
    assert inbox.texts[0].startswith("hola")
    assert not set(inbox.texts[0]) & {"\x00", "\u202e"}


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", '"><hx-partial>', "{{ 7 * 7 }}"])
async def test_what_a_customer_types_is_only_text(visitor: httpx2.AsyncClient, text: str) -> None:
    await opened(visitor)
    await say(visitor, text)

    html = (await visitor.get("/chat")).text

    assert said(html) == [str(escape(text))]
    assert not outside(html, text)


async def test_the_twenty_first_message_of_a_minute_waits(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    await opened(visitor)

    answers = [await say(visitor, f"mensaje {n}") for n in range(21)]

    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert "Vas muy rápido" in answers[-1].text
    assert len(inbox.texts) == 20


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


async def test_when_the_message_cannot_be_stored_the_page_says_so(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    await opened(visitor)
    inbox.closed = True

    refused = await say(visitor, "¿me escuchan?")
    inbox.closed = False
    await say(visitor, "¿me escuchan?")

    assert refused.status_code == 503
    assert "No pudimos guardar tu mensaje" in refused.text
    assert ">¿me escuchan?</textarea>" in refused.text
    assert inbox.texts == ["¿me escuchan?"]
    assert said((await visitor.get("/chat")).text) == ["¿me escuchan?"]


async def test_without_redis_nobody_waits_for_ever(parts: WebParts) -> None:
    wire = Wire(connect("unix:///nowhere/redis.sock"))
    async with asking(build(without_redis(parts, wire))) as client:
        page = await client.get("/chat")
        client.cookies.set("chat", "0" * 32)
        sent = await client.post(
            "/chat/messages", data={"texto": "hola"}, headers={"HX-Request": "true"}
        )
    await wire.close()

    assert page.status_code == 503
    assert "Volvemos en un momento" in page.text
    assert sent.status_code == 503
    assert "No pudimos guardar tu mensaje" in sent.text


@pytest.fixture
async def away() -> AsyncIterator[Store]:
    store = open_store(NOT_THERE, role="pipeline")
    yield store
    await store.close()


async def test_without_postgres_the_chat_goes_on(
    parts: WebParts, inbox: Inbox, away: Store
) -> None:
    async with asking(build(replace(parts, store=away))) as client:
        await opened(client)
        await say(client, "hola")

        page = await client.get("/chat")

    assert inbox.texts == ["hola"]
    assert said(page.text) == ["hola"]


async def test_one_visitor_cannot_see_another_ones_chat(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    chat = await opened(visitor)
    await say(visitor, "mi secreto")
    async with asking(build(parts)) as stranger:
        pages = [await stranger.get("/chat", params={"chat": chat})]
        stranger.cookies.set("chat", chat)
        pages.append(await stranger.get("/chat"))

    assert all("mi secreto" not in page.text for page in pages)


async def test_a_message_without_a_chat_goes_back_to_the_page(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    visitor.cookies.set("chat", "../../otro")

    assert (await say(visitor, "hola")).headers["location"] == "/chat"
    assert inbox.texts == []


async def test_a_seller_finds_the_way_back(
    visitor: httpx2.AsyncClient, seller: httpx2.AsyncClient
) -> None:
    assert 'href="/filas"' not in (await visitor.get("/chat")).text
    assert 'href="/filas"' in (await seller.get("/chat")).text


async def test_a_new_conversation_begins_empty(visitor: httpx2.AsyncClient) -> None:
    first = await opened(visitor)
    await say(visitor, "hola")

    await visitor.post("/chat/new")

    assert await opened(visitor) != first
    assert said((await visitor.get("/chat")).text) == []


async def test_while_the_answer_is_on_its_way_the_page_says_so(
    visitor: httpx2.AsyncClient, channel: WebChannel
) -> None:
    chat = await opened(visitor)
    await say(visitor, "hola")
    waiting = (await visitor.get("/chat")).text

    await channel.show(chat, "r1", "bot", "¡Hola!")
    answered = (await visitor.get("/chat")).text

    assert 'http-equiv="refresh"' in waiting
    assert "está escribiendo" in waiting
    assert 'http-equiv="refresh"' not in answered


async def test_lines_arrive_live_and_a_stream_goes_on_where_it_stopped(
    address: str, parts: WebParts, channel: WebChannel
) -> None:
    async with asking(build(parts), address) as client:
        chat = await opened(client)
        async with listening(client, "/chat/stream") as ear:
            await say(client, "hola <b>")
            question = await ear.next()
            await channel.show(chat, "r1", "bot", "¡Hola!\n¿Qué buscas?")
            reply = await ear.next()
        await channel.show(chat, "r2", "bot", "¿Sigues ahí?")
        async with listening(client, "/chat/stream?desde=0-0", question.id) as ear:
            again = [await ear.next(), await ear.next()]

    assert 'class="line customer"' in question.data
    assert said(question.data) == ["hola &lt;b&gt;"]
    assert said(reply.data) == ["¡Hola!\n¿Qué buscas?"]
    assert again[0].id == reply.id
    assert said(again[1].data) == ["¿Sigues ahí?"]


async def test_the_fifth_page_of_a_chat_replaces_the_first(address: str, parts: WebParts) -> None:
    async with asking(build(parts), address) as client:
        await opened(client)
        async with (
            listening(client, "/chat/stream") as first,
            listening(client, "/chat/stream"),
            listening(client, "/chat/stream"),
            listening(client, "/chat/stream"),
            listening(client, "/chat/stream"),
        ):
            heard = await asyncio.wait_for(first.next(), 5)
            with pytest.raises(Ended):
                await asyncio.wait_for(first.next(), 5)

    assert heard.event == "superseded"


async def test_a_stream_without_a_chat_ends_at_once(address: str, parts: WebParts) -> None:
    async with asking(build(parts), address) as client, listening(client, "/chat/stream") as ear:
        with pytest.raises(Ended):
            await asyncio.wait_for(ear.next(), 5)
