"""The chat within a page of a shop's own, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from playwright.async_api import Browser, expect

from bot.channels.web import WebChannel
from tests.browser.conftest import watched
from tests.browser.test_chat import chat_on
from tests.contracts.network import until
from tests.web.conftest import Inbox, served
from text.verdicts import UP
from web.app import WebParts


@dataclass
class Shop:
    """A page of a shop's own, which shows the chat that lies at `chat`."""

    port: int = 0
    chat: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        frame = f'<iframe src="{self.chat}/chat" width="380" height="600"></iframe>'
        page = f"<!doctype html><title>Tienda</title>{frame}"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n{page}".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Shop]:
    shop = Shop()
    async with await asyncio.start_server(shop.answer, "127.0.0.1", 0) as server:
        shop.port = server.sockets[0].getsockname()[1]
        yield shop


async def test_a_listed_page_frames_the_chat_and_another_one_is_refused(
    browser: Browser, parts: WebParts, channel: WebChannel, inbox: Inbox
) -> None:
    context = await browser.new_context(locale="es-CL", viewport={"width": 390, "height": 800})
    async with (
        opened() as shop,
        served(replace(parts, embeds=(f"http://localhost:{shop.port}",))) as shop.chat,
        watched(context, besides=("frame-ancestors",)) as page,
    ):
        await page.goto(f"http://localhost:{shop.port}/")
        chat = page.frame_locator("iframe")
        await chat.get_by_label("Tu mensaje").fill("¿precio?")
        await chat.get_by_role("button", name="Enviar").click()
        await expect(chat.locator(".line.customer .said")).to_have_text("¿precio?")
        await channel.show(await chat_on(page), "r1", "bot", "Cuesta $24.990.")
        await expect(chat.locator(".line.bot .said")).to_have_text("Cuesta $24.990.")
        thumb = chat.get_by_role("button", name="Me sirvió", exact=True)
        await thumb.click()
        await expect(thumb).to_have_attribute("aria-pressed", "true")
        assert (inbox.texts, [one.emoji for one in inbox.reactions]) == (["¿precio?"], [UP])

        await page.reload()
        await expect(chat.locator(".said")).to_have_text(["¿precio?", "Cuesta $24.990."])
        await expect(thumb).to_have_attribute("aria-pressed", "true")

        await page.goto(f"http://127.0.0.1:{shop.port}/")
        await until(lambda: page.frames[-1].url.startswith("chrome-error:"))
        await expect(chat.get_by_label("Tu mensaje")).to_have_count(0)
        await context.close()
