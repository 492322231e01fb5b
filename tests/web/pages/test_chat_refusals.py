"""What the chat refuses, what it survives, and whom it tells nothing."""

from dataclasses import replace

import httpx2
import pytest
from markupsafe import escape

from services.wire import Wire, connect
from store.session import Store
from tests.web.chatting import opened, said, say
from tests.web.conftest import Inbox, asking, without_redis
from tests.web.reading import outside
from web.app import WebParts, build
from web.chatting import LONGEST


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
    assert f"Espera {answers[-1].headers['retry-after']} s" in answers[-1].text
    assert len(inbox.texts) == 20


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
