"""The web pages of a running bot."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.pipeline import Pipeline
from bot.channels.telegram_channel import TelegramChannel
from bot.channels.web import WebChannel
from web.app import LOOPBACK, WebParts, build
from web.server import serve


async def serve_pages(running: Pipeline, key: SecretStr, ready: Callable[[str], None]) -> None:
    """Serves until cancelled; `ready` gets the address once it answers."""
    parts, settings = running.parts, running.parts.settings
    channel = parts.channels["web:main"]
    if not isinstance(channel, WebChannel):
        raise TypeError("web:main is the web chat")
    called = [
        one
        for one in parts.channels.values()
        if isinstance(one, TelegramChannel) and one.address.base is not None
    ]
    webhooks = {
        one.address.path.rpartition("/")[2]: one.webhook(running.receiver.ingest(one)).handle
        for one in called
    }
    named = (settings.web.public_url, settings.telegram.webhook_url)
    public = [host for url in named if url and (host := urlsplit(url).hostname)]
    pages = build(
        WebParts(
            store=parts.store,
            wire=parts.wire,
            channel=channel,
            ingest=running.receiver.ingest(channel),
            shop=parts.shop,
            shop_name=parts.pack.identity.shop.name,
            key=key,
            pack=parts.pack,
            hosts=(*LOOPBACK, settings.web.host, *public),
            webhooks=webhooks,
        )
    )
    host = settings.web.host
    shown = f"[{host}]" if ":" in host else host
    # Updates come to every process; each has to know by which name groups call the bot.
    meeting = [asyncio.create_task(one.identify()) for one in called]
    try:
        await serve(pages, host, settings.web.port, lambda port: ready(f"http://{shown}:{port}"))
    finally:
        for task in meeting:
            task.cancel()
        await asyncio.gather(*meeting, return_exceptions=True)
