"""The catalogue in memory: fresh soon, shared by all who wait, and there when Postgres is not."""

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from app.sample import sample_products
from config.packs import load_pack
from events.happened import named
from knowledge.catalogue import Catalogue, vocabulary
from store.base import StoreUnavailable
from store.session import Store, open_store
from store.shops import upsert_products
from tests.fixtures.store import add_shop

PACK = load_pack("ventas")
WORDS = vocabulary(PACK)


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


async def stocked(
    store: Store, shop: UUID, key: str = "demo", *, price: int | None = None, active: bool = True
) -> None:
    rows = sample_products(PACK, key)
    for row in rows:
        row["active"] = active
        row["price"] = row["price"] if price is None else price
    async with store.transaction() as session:
        await upsert_products(session, shop, rows)


async def settled(catalogue: Catalogue) -> None:
    for shelf in catalogue.shelves.values():
        if shelf.reading is not None:
            await asyncio.wait([shelf.reading])


async def test_the_first_question_waits_for_the_catalogue(store: Store, shop: UUID) -> None:
    await stocked(store, shop)
    catalogue = Catalogue(store, WORDS)

    first, second = await asyncio.gather(catalogue.of(shop), catalogue.of(shop))

    assert first is second
    assert len(first.products) == len(PACK.products)
    assert first.find("mochila azul")[0].product.price == 24_990
    await catalogue.close()


async def test_a_change_shows_within_the_time_to_live_without_anybody_waiting(
    store: Store, shop: UUID
) -> None:
    clock = Clock()
    catalogue = Catalogue(store, WORDS, monotonic=clock)
    await stocked(store, shop)
    before = await catalogue.of(shop)
    await stocked(store, shop, price=1)
    clock.at = 4.9
    assert await catalogue.of(shop) is before

    clock.at = 5.0
    assert await catalogue.of(shop) is before, "stale rows are served while new ones are read"
    await settled(catalogue)

    assert {product.price for product in (await catalogue.of(shop)).products} == {1}
    await catalogue.close()


async def test_an_unchanged_catalogue_is_not_indexed_again(store: Store, shop: UUID) -> None:
    clock = Clock()
    catalogue = Catalogue(store, WORDS, monotonic=clock)
    await stocked(store, shop)
    before = await catalogue.of(shop)

    clock.at = 60.0
    await catalogue.of(shop)
    await settled(catalogue)

    assert await catalogue.of(shop) is before
    await catalogue.close()


async def test_products_that_were_switched_off_are_not_there(store: Store, shop: UUID) -> None:
    await stocked(store, shop, active=False)
    catalogue = Catalogue(store, WORDS)

    assert (await catalogue.of(shop)).products == ()
    await catalogue.close()


async def test_each_shop_has_its_own_shelf(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await stocked(store, shop)
    await stocked(store, other, "other", price=7)
    catalogue = Catalogue(store, WORDS)

    mine, theirs = await catalogue.of(shop), await catalogue.of(other)

    assert {product.price for product in theirs.products} == {7}
    assert {product.id for product in mine.products}.isdisjoint(p.id for p in theirs.products)
    await catalogue.close()


async def test_stale_rows_outlive_postgres(store: Store, shop: UUID) -> None:
    await stocked(store, shop)
    catalogue = Catalogue(store, WORDS, ttl_s=0.0)
    known = await catalogue.of(shop)
    gone = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    cut_off = replace(catalogue, store=gone)

    assert await cut_off.of(shop) is known
    await settled(cut_off)
    assert await cut_off.of(shop) is known
    await settled(cut_off)
    await gone.close()


async def test_nothing_to_serve_is_said_and_tried_again(store: Store, shop: UUID) -> None:
    await stocked(store, shop)
    gone = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    catalogue = Catalogue(gone, WORDS)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await catalogue.of(shop)

    back = replace(catalogue, store=store)

    assert (await back.of(shop)).products
    await back.close()
    await gone.close()


async def test_whoever_gives_up_does_not_stop_the_others(store: Store, shop: UUID) -> None:
    await stocked(store, shop)
    catalogue = Catalogue(store, WORDS)
    impatient = asyncio.create_task(catalogue.of(shop))
    patient = asyncio.create_task(catalogue.of(shop))
    await asyncio.sleep(0)
    impatient.cancel()

    assert (await patient).products
    await catalogue.close()


async def test_a_large_catalogue_is_indexed_beside_the_loop(store: Store, shop: UUID) -> None:
    rows = [sample_products(PACK, "demo")[0].copy() for _ in range(600)]
    for number, row in enumerate(rows):
        row["id"], row["sku"] = named("product", str(number)), f"P-{number}"
    async with store.transaction() as session:
        await upsert_products(session, shop, rows)
    catalogue = Catalogue(store, WORDS)

    assert len((await catalogue.of(shop)).products) == 600
    await catalogue.close()
