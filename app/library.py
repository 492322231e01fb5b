"""Where a shop's documents are kept, read and found: what every command about them opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.backing import Backing, backing
from app.console import said_once, talk
from app.plugins import find_pack, load
from config.settings import Settings
from events.happened import named
from knowledge.extraction import Caps, Reader
from knowledge.ingest import Ingest
from llm.embeddings import Embedders, OfflineEmbedder
from services.files import Files
from store import app
from store.session import Store, open_store
from store.shops import ShopRow, upsert_shop

MB: Final = 1024**2


@dataclass(frozen=True, slots=True)
class Library:
    store: Store
    shop: UUID
    ingest: Ingest
    embedders: Embedders


def embedders(settings: Settings) -> Embedders:
    """Raises ModelMisconfigured."""
    if settings.knowledge.embeddings == "offline":
        return Embedders(OfflineEmbedder())
    from llm.hosted_embeddings import open_embedder  # noqa: PLC0415  half a second of imports

    return Embedders(open_embedder(settings.knowledge, settings.openai, settings.ollama))


def caps(settings: Settings) -> Caps:
    return Caps(size=settings.knowledge.max_mb * MB, pages=settings.knowledge.max_pages)


@asynccontextmanager
async def library(settings: Settings, shop: str) -> AsyncIterator[Library]:
    """A shop that nobody knew is made on the way, and said so."""
    key = shop or settings.app.shop
    async with backing(settings, said_once()) as here, _opened(here) as store:
        if await _made(store, settings, key):
            talk.print(f"  a new shop: {key}", markup=False)
        reader, ours = Reader(caps(settings)), embedders(settings)
        files = Files(settings.app.var / "documents")
        try:
            yield Library(store, named("shop", key), Ingest(store, reader, ours, files), ours)
        finally:
            await reader.close()
            await ours.ours.close()


@asynccontextmanager
async def _opened(here: Backing) -> AsyncIterator[Store]:
    store = open_store(here.database_url, role="pipeline", pool=2)
    try:
        yield store
    finally:
        await store.close()


async def _made(store: Store, settings: Settings, key: str) -> bool:
    shop = named("shop", key)
    async with store.transaction() as session:
        if await session.get(app.Shop, shop) is not None:
            return False
        identity = find_pack(settings.app.pack, load(settings.app.plugins)).identity
        row = ShopRow(
            id=shop, key=key, name=key, pack=settings.app.pack, currency=identity.currency
        )
        await upsert_shop(session, row)
    return True
