"""The pages as an administrator's browser asks for them, in the process that asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr

from app.pipeline import calm_collector
from benchmarks.ground import Ground
from bot.channels.web import WebChannel
from config.packs import load_pack
from config.settings import Settings
from events.contents import Composed
from events.happened import Happened
from handlers.payments import Payments
from handlers.word import Word
from jobs.schedule import Run
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.search import Search
from services.files import Files
from services.passwords import Passwords
from services.wire import Wire, connect
from store.people import NewPerson, add_person, set_password
from store.session import Store
from web.app import WebParts, build
from web.pages.documents import Reading
from web.workshop import Workshop

KEY: Final = "a key of the benchmark"


@asynccontextmanager
async def desk(
    here: Ground, store: Store, shop: UUID
) -> AsyncIterator[tuple[httpx2.AsyncClient, FastAPI]]:
    place = here.place("pages")
    wire, pack = Wire(connect(here.redis_url)), load_pack("ventas")
    channel = WebChannel(wire, shop, "web:main", place.prefix)
    async with place.stream() as stream:
        parts = WebParts(
            store=store, wire=wire, channel=channel, ingest=_nowhere, shop=shop, shop_name="Bench",
            key=SecretStr(KEY), pack=pack, word=Word(stream, _composed, 3600),
            payments=Payments(store, stream, pack, _composed), media=Files(here.folder / "media"),
            reading=Reading(Ingest(store, Reader()), _left), search=Search(store), ask=_unasked,
            workshop=Workshop(_settings(here), _unoffered),
        )  # fmt: skip
        app = build(parts)
        calm_collector()
        transport = httpx2.ASGITransport(app)
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        ) as client:
            await _entered(store, shop, client)
            yield client, app
    await wire.close()


async def _entered(store: Store, shop: UUID, client: httpx2.AsyncClient) -> None:
    """As an administrator, who opens every page."""
    new = NewPerson(shop_id=shop, id=uuid4(), email="eva@tienda.cl", name="Eva", role="admin")
    hashed = await Passwords().hashed(KEY)
    async with store.tenant(shop) as session:
        await add_person(session, new)
        await set_password(session, shop, new["id"], hashed, datetime.now(UTC))
    words = {"correo": new["email"], "contrasena": KEY}
    await client.post("/entrar", data=words)


def _settings(here: Ground) -> Settings:
    wanted: dict[str, Any] = {
        "app": {"var": here.folder},
        "redis": {"url": here.redis_url, "prefix": "pages"},
        "models": {"order": ("offline",)},
    }
    return Settings(**wanted)


async def _unoffered(_run: Run) -> None:
    """Nobody works here."""


async def _left(_document: UUID) -> None:
    """Nobody reads here."""


async def _unasked(_question: str) -> None:
    """Nobody answers here."""


async def _nowhere(_event: Happened) -> bool:
    return False


def _composed(_account: str, text: str) -> Composed:
    return Composed(parts=(text,))
