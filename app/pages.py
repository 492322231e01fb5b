"""The web pages of a running bot, and the paths where networks call it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from app.accounts import vault
from app.advising import improving, suggesting, templates
from app.connecting import Wiring
from app.jobs import queue_at
from app.means import means
from app.pipeline import Pipeline
from app.rehearsing import once, rehearsed
from app.weekly import reachable
from bot.channels.base import Called, Channel, ChannelError
from bot.channels.web import WebChannel
from bot.registry import Registry
from config.settings import Settings
from jobs.asking import offer
from jobs.schedule import DOCUMENT, Run
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.opening import caps, kept_files
from store.waiting import left_for
from web.app import LOOPBACK, WebParts, build
from web.fixed import fixed, limited
from web.observed import Observed
from web.pages.documents import Reading
from web.server import serve
from web.warned import warned
from web.workshop import Workshop

MEET_S = 1.0


@runtime_checkable
class Introducing(Protocol):
    """Learns from its network by which name people call it."""

    async def identify(self) -> None: ...


async def serve_pages(
    running: Pipeline,
    key: SecretStr,
    ready: Callable[[str], None],
    observed: Observed | None = None,
    demo: Mapping[str, str] = {},
) -> None:
    """Serves until cancelled; `ready` gets the address once it answers."""
    settings = running.parts.settings
    channel = running.parts.channels["web:main"]
    if not isinstance(channel, WebChannel):
        raise TypeError("web:main is the web chat")
    parts = web_parts(running, channel, key)
    parts = replace(parts, demo=demo)
    parts = parts if observed is None else replace(parts, observed=observed)
    host = settings.web.host
    shown = f"[{host}]" if ":" in host else host
    meeting = asyncio.create_task(_meet(running.parts.channels))
    try:
        async with means(running.parts, parts.offer) as found:
            # Seconds on a busy machine, in which Postgres would end whatever transaction waits.
            pages = await asyncio.to_thread(build, replace(parts, means=found))
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


def web_parts(running: Pipeline, channel: WebChannel, key: SecretStr) -> WebParts:
    """What the pages of a running bot are made of."""
    parts, settings = running.parts, running.parts.settings
    made = WebParts(
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
        reading=_reading(running),
        search=parts.search,
        ask=partial(once, parts),
        channels=parts.channels,
        observed=Observed(running.keeper.tracer, running.keeper.meters),
        hours=settings.hours,
        budget=settings.budget,
        offer=partial(offer, parts.store, queue_at(settings, running.redis_url)),
        risk=settings.risk,
        answer_days=settings.privacy.answer_days,
        api_per_minute=settings.web.api_per_minute,
        workshop=workshop(running),
        zone=ZoneInfo(settings.hours.timezone),
        templates=templates(settings),
        links=settings.knowledge.links,
        max_rows=settings.knowledge.max_rows,
        suggest=suggesting(parts),
        improve=improving(parts),
        privacy=settings.privacy,
        rehearse=partial(rehearsed, parts),
        connecting=Wiring(settings, parts.store, parts.wire, parts.shop),
        pepper=vault(settings).pepper("addresses"),
        hosts=_hosts(settings),
        hooks=lambda path: parts.channels.hooks(path, running.receiver.ingest),
        home=settings.web.public_url,
        embeds=settings.web.embed_origins,
    )
    return _told(made, settings)


def _told(parts: WebParts, settings: Settings) -> WebParts:
    """With what pages say of the settings."""
    return replace(
        parts,
        fixed=fixed(settings),
        limited=limited(settings),
        warned=warned(settings),
        staff=reachable(settings),
    )


def _hosts(settings: Settings) -> tuple[str, ...]:
    named = (settings.web.public_url, settings.telegram.webhook_url)
    public = [host for url in named if url and (host := urlsplit(url).hostname)]
    return (*LOOPBACK, settings.web.host, *public)


def workshop(running: Pipeline) -> Workshop:
    """Jobs are offered to the bot's workers; what no queue takes, its schedule offers later."""
    parts, settings = running.parts, running.parts.settings
    return Workshop(settings, partial(offer, parts.store, queue_at(settings, running.redis_url)))


def _reading(running: Pipeline) -> Reading:
    """Files are left for a worker; one that no queue takes now is offered by the schedule."""
    parts, settings = running.parts, running.parts.settings
    queue = queue_at(settings, running.redis_url)
    reader = Reader(caps(settings.knowledge))
    kept, a_day = kept_files(settings), settings.knowledge.files_a_day
    ingest = Ingest(parts.store, reader, parts.search.embedders, kept, a_day=a_day)

    async def offer_reading(document: UUID) -> None:
        async with parts.store.lookup() as connection:
            left = await left_for(connection, parts.shop, document)
        if left is not None:
            await offer(parts.store, queue, Run(DOCUMENT, parts.shop, f"{document}@{left.at}"))

    return Reading(ingest, offer_reading)


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
