"""The shops' products in memory: fresh within seconds, and still there when Postgres is not."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select

from config.packs import Pack
from knowledge.products import Index, Product, Vocabulary, build_index
from store import app
from store.base import StoreError
from store.session import Store
from text.stemming import stems

log = structlog.get_logger()

TTL_S: Final = 5.0
LARGE: Final = 500
"""A catalogue of more products is indexed beside the event loop, not on it."""


@dataclass(slots=True)
class Shelf:
    """One shop's index, when it was read, and the reading that is under way."""

    index: Index | None = None
    read_at: float = 0.0
    reading: asyncio.Task[Index] | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    store: Store
    vocabulary: Vocabulary
    ttl_s: float = TTL_S
    monotonic: Callable[[], float] = time.monotonic
    shelves: dict[UUID, Shelf] = field(default_factory=dict)

    async def of(self, shop: UUID) -> Index:
        """What is in memory, while a newer one is fetched; only the first call waits.

        Raises StoreUnavailable when there is nothing in memory and Postgres is down.
        """
        shelf = self.shelves.setdefault(shop, Shelf())
        if shelf.index is None:
            return await asyncio.shield(self._reading(shop, shelf))
        if self.monotonic() - shelf.read_at >= self.ttl_s:
            self._reading(shop, shelf)
        return shelf.index

    async def close(self) -> None:
        readings = [shelf.reading for shelf in self.shelves.values() if shelf.reading is not None]
        for reading in readings:
            reading.cancel()
        await asyncio.gather(*readings, return_exceptions=True)

    def _reading(self, shop: UUID, shelf: Shelf) -> asyncio.Task[Index]:
        """The reading under way; there is never more than one."""
        if shelf.reading is None:
            shelf.reading = asyncio.create_task(self._refresh(shop, shelf))
            shelf.reading.add_done_callback(_looked_at)
        return shelf.reading

    async def _refresh(self, shop: UUID, shelf: Shelf) -> Index:
        try:
            products = await self._read(shop)
            if shelf.index is None or shelf.index.products != products:
                shelf.index = await self._indexed(products)
        except StoreError as error:
            if shelf.index is None:
                raise
            log.warning("catalogue.stale", shop=str(shop), error=str(error))
        finally:
            shelf.read_at, shelf.reading = self.monotonic(), None
        return shelf.index

    async def _read(self, shop: UUID) -> tuple[Product, ...]:
        query = (
            select(app.Product)
            .where(app.Product.shop_id == shop, app.Product.active)
            .order_by(app.Product.sku)
        )
        async with self.store.reading() as session:
            return tuple(_product(row) for row in await session.scalars(query))

    async def _indexed(self, products: tuple[Product, ...]) -> Index:
        if len(products) > LARGE:
            return await asyncio.to_thread(build_index, products, self.vocabulary)
        return build_index(products, self.vocabulary)


def vocabulary(pack: Pack) -> Vocabulary:
    """What the pack's words mean to a search: what never names a product, what only describes."""
    words = pack.words
    spoken = [text for rule in pack.intents for text in rule.words]
    listed = [value for values in words.slots.values() for value in values.words]
    return Vocabulary(
        common=frozenset(
            stem for text in (*words.stopwords.words, *spoken) for stem in stems(text)
        ),
        attributes=frozenset(
            stem for text in (*words.attributes.words, *listed) for stem in stems(text)
        ),
    )


def _product(row: app.Product) -> Product:
    return Product(
        id=row.id,
        sku=row.sku,
        name=row.name,
        price=row.price,
        stock=row.stock,
        description=row.description,
        category=row.category,
        keywords=tuple(row.keywords),
        photo=row.photo,
    )


def _looked_at(reading: asyncio.Task[Index]) -> None:
    """A failed reading was logged or raised to who waited; nobody else has to ask."""
    if not reading.cancelled():
        reading.exception()
