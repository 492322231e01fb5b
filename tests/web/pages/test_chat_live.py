"""The chat while it goes on."""

import asyncio

import httpx2
import pytest

from bot.channels.web import WebChannel
from tests.fixtures.bots import until
from tests.web.chatting import opened, said, say
from tests.web.conftest import asking
from tests.web.streams import Ended, listening
from web.app import WebParts, build


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


async def test_open_pages_are_counted_while_they_listen(address: str, parts: WebParts) -> None:
    async with asking(build(parts), address) as client:
        await opened(client)

        async def listens(count: int) -> bool:
            return f"bot_sse_clients {count}.0" in (await client.get("/metrics")).text

        assert await listens(0)
        async with listening(client, "/chat/stream"):
            await until(lambda: listens(1))
        await until(lambda: listens(0))


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
            heard = await asyncio.wait_for(first.next(), 60)
            with pytest.raises(Ended):
                await asyncio.wait_for(first.next(), 60)

    assert heard.event == "superseded"


async def test_a_stream_without_a_chat_ends_at_once(address: str, parts: WebParts) -> None:
    async with asking(build(parts), address) as client, listening(client, "/chat/stream") as ear:
        with pytest.raises(Ended):
            await asyncio.wait_for(ear.next(), 60)
