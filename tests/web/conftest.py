"""The web application on real stores, asked directly and through a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from bot.channels.base import NotStored
from bot.channels.web import WebChannel
from config.packs import Pack, load_pack
from config.settings import Settings
from events.contents import Composed
from events.happened import Happened
from events.manners import CustomerTyping
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import MessageReceived, ReactionChanged, ReplyDrafted
from handlers.payments import Payments
from handlers.word import Word
from jobs.asking import offer
from jobs.queue import Queue
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.opening import caps, kept_files
from knowledge.search import Search
from services.files import Files
from services.state import Endpoints
from services.wire import Wire
from store.session import BatchConnection, Store, open_connection, open_store
from tests.web.styles import dressed
from web.api.means import Means
from web.app import WebParts, build
from web.pages.documents import Reading
from web.server import serve

KEY = "llave-de-prueba"
HOME = "http://127.0.0.1"


@dataclass
class Inbox:
    """Where the pages' messages go; a closed one stores nothing and says so."""

    stored: list[MessageReceived] = field(default_factory=list)
    signs: list[CustomerTyping] = field(default_factory=list)
    reactions: list[ReactionChanged] = field(default_factory=list)
    closed: bool = False

    async def ingest(self, event: Happened) -> bool:
        if isinstance(event, CustomerTyping):
            self.signs.append(event)
            return True
        if self.closed:
            raise NotStored("closed")
        if isinstance(event, ReactionChanged):
            self.reactions.append(event)
            return True
        assert isinstance(event, MessageReceived)
        new = event.id not in {known.id for known in self.stored}
        if new:
            self.stored.append(event)
        return new

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.stored]


async def left_to_nobody(_document: UUID) -> None:
    """No worker runs beside these pages; what is left waits."""


async def nobody_answers(_question: str) -> ReplyDrafted | None:
    """No model is near."""
    return None


def compose(_account: str, text: str) -> Composed:
    return Composed(parts=(text,))


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("ventas")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def channel(wire: Wire, shop: UUID, prefix: str) -> WebChannel:
    return WebChannel(wire, shop, "web:main", prefix)


@pytest.fixture
def parts(store: Store, channel: WebChannel, inbox: Inbox, pack: Pack, tmp_path: Path) -> WebParts:
    stream = Stream(channel.wire, Keys(channel.prefix, 4))
    return WebParts(
        store=store,
        wire=channel.wire,
        channel=channel,
        ingest=inbox.ingest,
        shop=channel.shop,
        shop_name="Tienda de Prueba",
        key=SecretStr(KEY),
        pack=pack,
        payments=Payments(store, stream, pack, compose),
        media=Files(tmp_path / "media"),
        reading=Reading(
            Ingest(store, Reader(), files=Files(tmp_path / "documents")), left_to_nobody
        ),
        search=Search(store),
        ask=nobody_answers,
        word=Word(stream, compose, 3600),
    )


class Ending(httpx2.ASGITransport):
    """No server runs that would end the streams, so they end with their reader."""

    async def aclose(self) -> None:
        assert isinstance(self.app, FastAPI)
        self.app.state.close_streams()
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(app: FastAPI, base: str = HOME) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor's browser: it keeps cookies and says where its requests come from."""
    transport = Ending(app) if base == HOME else None
    headers = {"Sec-Fetch-Site": "same-origin"}
    hooks = {"response": [dressed]}
    async with httpx2.AsyncClient(
        transport=transport, base_url=base, headers=headers, event_hooks=hooks
    ) as client:
        yield client


@pytest.fixture
async def means(
    parts: WebParts, endpoints: Endpoints, tmp_path: Path, prefix: str
) -> AsyncIterator[Means]:
    """Everything but a running bot."""
    settings = Settings(app={"var": tmp_path}, redis={"prefix": prefix})  # type: ignore[arg-type]
    reader = Reader(caps(settings.knowledge))
    yield Means(
        settings=settings,
        ingest=Ingest(parts.store, reader, files=kept_files(settings)),
        offer=partial(offer, parts.store, Queue(endpoints.redis_url, prefix)),
        ask=nobody_answers,
        patience_s=0.1,
    )
    await reader.close()


@pytest.fixture
async def visitor(parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(build(parts)) as client:
        yield client


@pytest.fixture
async def seller(parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(build(parts)) as client:
        await client.post("/entrar", data={"clave": KEY})
        yield client


@asynccontextmanager
async def served(parts: WebParts, port: int = 0) -> AsyncIterator[str]:
    """The address of a real server, for streams and browsers."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    running = asyncio.create_task(serve(build(parts), "127.0.0.1", port, ports.put_nowait))
    try:
        yield f"{HOME}:{await asyncio.wait_for(ports.get(), 60)}"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def address(parts: WebParts) -> AsyncIterator[str]:
    async with served(parts) as base:
        yield base


def without_redis(parts: WebParts, wire: Wire) -> WebParts:
    return replace(parts, wire=wire, channel=replace(parts.channel, wire=wire))


@pytest.fixture
async def superuser(database_url: str) -> AsyncIterator[Store]:
    """A store that forgot to take a role: row-level security does not bind it."""

    async def connect() -> BatchConnection:
        return await open_connection(database_url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, pool_size=1)
    yield Store(engine)
    await engine.dispose()


@pytest.fixture
async def away() -> AsyncIterator[Store]:
    """A Postgres that does not answer."""
    store = open_store("postgresql://nobody@127.0.0.1:1/nothing", role="pipeline")
    yield store
    await store.close()
