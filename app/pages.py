"""The web pages of a running bot, and the paths where networks call it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.pipeline import Pipeline
from bot.channels.base import Called, Channel, ChannelError, Hook
from bot.channels.web import WebChannel
from bot.registry import Registry
from web.app import LOOPBACK, WebParts, build
from web.server import serve

MEET_S = 1.0


@runtime_checkable
class Introducing(Protocol):
    """Learns from its network by which name people call it."""

    async def identify(self) -> None: ...


async def serve_pages(running: Pipeline, key: SecretStr, ready: Callable[[str], None]) -> None:
    """Serves until cancelled; `ready` gets the address once it answers."""
    parts, settings = running.parts, running.parts.settings
    channel = parts.channels["web:main"]
    if not isinstance(channel, WebChannel):
        raise TypeError("web:main is the web chat")

    def hooks(path: str) -> Sequence[Hook]:
        return parts.channels.hooks(path, running.receiver.ingest)

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
            word=parts.word,
            payments=parts.payments,
            media=parts.media.files,
            hosts=(*LOOPBACK, settings.web.host, *public),
            hooks=hooks,
        )
    )
    host = settings.web.host
    shown = f"[{host}]" if ":" in host else host
    meeting = asyncio.create_task(_meet(parts.channels))
    try:
        await serve(
            pages,
            host,
            settings.web.port,
            lambda port: ready(f"http://{shown}:{port}"),
            settings.web.proxies,
        )
    finally:
        meeting.cancel()
        await asyncio.wait([meeting])


async def _meet(channels: Registry) -> None:
    """Calls come to every process; each has to know by which name groups call the bot."""
    met: dict[str, tuple[Channel, asyncio.Task[None]]] = {}
    try:
        while True:
            for account in met.keys() - channels.keys():
                met.pop(account)[1].cancel()
            for account, one in channels.items():
                known, task = met.get(account, (None, None))
                if known is not one and isinstance(one, Called) and one.path is not None:
                    if task is not None:
                        task.cancel()
                    met[account] = one, asyncio.create_task(_introduced(one))
            await asyncio.sleep(MEET_S)
    finally:
        for _, task in met.values():
            task.cancel()


async def _introduced(channel: Called) -> None:
    """What is wrong with its credentials is told by the process that receives."""
    if isinstance(channel, Introducing):
        with suppress(ChannelError):
            await channel.identify()
