"""A person of the shop in the web chat: who writes is told, and nobody passes for the bot."""

from datetime import UTC, datetime
from uuid import UUID

import httpx2

from bot.channels.base import Part
from bot.channels.web import WebChannel
from events.happened import named
from store import app
from store.session import Store
from tests.web.chatting import opened, said, say
from tests.web.conftest import Inbox


async def speaks(channel: WebChannel, chat: str, by: str = "") -> None:
    part = Part(f"r{by}:0", UUID(int=1), chat, "Te la guardo", human=True, by=by)
    await channel.send(part)


async def test_who_writes_is_told_and_gets_no_thumbs(
    visitor: httpx2.AsyncClient, channel: WebChannel, inbox: Inbox
) -> None:
    chat = await opened(visitor)
    await speaks(channel, chat, by="Camila")
    await speaks(channel, chat)

    page = (await visitor.get("/chat")).text

    assert said(page) == ["Te la guardo"] * 2
    assert "Camila, de la tienda" in page
    assert "Una persona de la tienda" in page
    assert "/chat/rating" not in page
    (entry, _), _ = await lines(channel, chat)
    refused = await visitor.post("/chat/rating", data={"linea": entry, "pulgar": "up"})
    assert refused.status_code == 404
    assert inbox.reactions == []


async def lines(channel: WebChannel, chat: str) -> list[tuple[str, object]]:
    found = await channel.wire.command("XRANGE", channel.lines(chat), "-", "+")
    return [(entry.decode(), fields) for entry, fields in found]


async def test_while_a_person_attends_the_page_does_not_say_that_the_bot_writes(
    visitor: httpx2.AsyncClient, channel: WebChannel, store: Store
) -> None:
    chat = await opened(visitor)
    await say(visitor, "hola")
    before = (await visitor.get("/chat")).text
    assert "Es un bot" in before
    assert "está escribiendo" in before
    which, at = named(channel.account, "conversation", chat), datetime.now(UTC)
    async with store.transaction() as session:
        session.add(app.Customer(shop_id=channel.shop, id=which))
        await session.flush()
        session.add(
            app.Conversation(
                shop_id=channel.shop, id=which, customer_id=which, account=channel.account,
                chat=chat, last_at=at, silenced=True, silenced_by="Camila",
            )
        )  # fmt: skip

    page = (await visitor.get("/chat")).text

    assert "Te responde una persona" in page
    assert "Es un bot" not in page
    assert "está escribiendo" not in page
    assert "está tardando" not in page
