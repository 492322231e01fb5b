"""Where a shop's documents are kept, read and found: what every command about them opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.backing import Backing, backing
from app.console import refuse, said_once, talk
from app.plugins import find_pack, load
from config.settings import Settings
from events.happened import named
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.opening import MB, caps, embedders, kept_files
from llm.embeddings import Embedders
from store.session import Store, open_store
from store.shops import ShopRow, keys, upsert_shop
from store.waiting import left_for

if TYPE_CHECKING:
    from jobs.schedule import Run


@dataclass(frozen=True, slots=True)
class Library:
    store: Store
    shop: UUID
    ingest: Ingest
    embedders: Embedders
    settings: Settings
    redis_url: str

    async def offer_reading(self, document: UUID) -> bool:
        """To a worker; False when none can be told now, and the schedule tells it later."""
        from jobs.schedule import DOCUMENT, Run  # noqa: PLC0415  reading at once needs no RQ

        async with self.store.lookup() as connection:
            left = await left_for(connection, self.shop, document)
        period = f"{document}@{left.at}" if left else ""
        return not left or await self._offer(Run(DOCUMENT, self.shop, period))

    async def offer_vectors(self) -> bool:
        """To move the shop to those of the settings."""
        from jobs.documents import vectors_of  # noqa: PLC0415

        return await self._offer(vectors_of(self.shop, self.embedders.ours))

    async def _offer(self, run: "Run") -> bool:
        from jobs.asking import offer  # noqa: PLC0415
        from jobs.queue import Queue  # noqa: PLC0415

        own = self.settings.jobs.redis_url
        url = own.get_secret_value() if own else self.redis_url
        return await offer(self.store, Queue(url, self.settings.redis.prefix), run)


@asynccontextmanager
async def library(settings: Settings, shop: str, *, new: bool = False) -> AsyncIterator[Library]:
    """That of the settings is made on the way, and said so; another unknown one with `new` only:
    whoever asks or removes has mistyped it."""
    key = shop or settings.app.shop
    async with backing(settings, said_once()) as here, _opened(here) as store:
        async with store.reading() as session:
            known = await keys(session)
        if key not in known:
            if not new and key != settings.app.shop:
                refuse(f"there is no shop {key!r}", f"there are: {', '.join(known) or 'none'}")
            await _make(store, settings, key)
            talk.print(f"  a new shop: {key}", markup=False)
        reader, ours = Reader(caps(settings.knowledge)), embedders(settings)
        ingest = Ingest(
            store, reader, ours, kept_files(settings), at_once=settings.knowledge.queue_mb * MB
        )
        try:
            yield Library(store, named("shop", key), ingest, ours, settings, here.redis_url)
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


async def _make(store: Store, settings: Settings, key: str) -> None:
    identity = find_pack(settings.app.pack, load(settings.app.plugins)).identity
    row = ShopRow(
        id=named("shop", key),
        key=key,
        name=key,
        pack=settings.app.pack,
        currency=identity.currency,
    )
    async with store.transaction() as session:
        await upsert_shop(session, row)
