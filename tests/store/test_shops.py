import asyncio
from uuid import UUID

from sqlalchemy import select

from store import app
from store.session import Store
from store.shops import ProductRow, count_products, find_shop, upsert_products, upsert_shop


def a_product(sku: str, *, price: int = 12_990) -> ProductRow:
    return {
        "id": UUID(int=sum(sku.encode())),
        "sku": sku,
        "name": "Polera negra",
        "description": "De algodón",
        "category": "poleras",
        "keywords": ["polera", "remera"],
        "price": price,
        "stock": 4,
        "photo": None,
        "active": True,
    }


async def test_a_shop_is_found_by_its_key_and_follows_its_configuration(
    store: Store, shop: UUID
) -> None:
    async with store.transaction() as session:
        await upsert_shop(
            session,
            {"id": shop, "key": "demo", "name": "Otra", "pack": "ventas", "currency": "COP"},
        )
    async with store.reading() as session:
        found = await find_shop(session, "demo")
        assert found is not None
        assert (found.id, found.name, found.currency) == (shop, "Otra", "COP")
        assert await find_shop(session, "nobody") is None


async def test_a_product_written_again_changes_in_place(store: Store, shop: UUID) -> None:
    for price in (1000, 2000):
        async with store.transaction() as session:
            products = [a_product("POL-1", price=price), a_product("POL-2")]
            await upsert_products(session, shop, products)
    async with store.reading() as session:
        prices = await session.scalars(select(app.Product.price).order_by(app.Product.sku))
        assert list(prices) == [2000, 12_990]
        assert await count_products(session, shop) == 2


async def test_an_empty_catalogue_changes_nothing(store: Store, shop: UUID) -> None:
    async with store.transaction() as session:
        await upsert_products(session, shop, [])
    async with store.reading() as session:
        assert await count_products(session, shop) == 0


async def test_two_bots_that_start_together_make_one_shop(store: Store) -> None:
    async def start() -> None:
        async with store.transaction() as session:
            await upsert_shop(
                session,
                {
                    "id": UUID(int=7),
                    "key": "juntos",
                    "name": "Juntos",
                    "pack": "ventas",
                    "currency": "CLP",
                },
            )

    await asyncio.gather(*(start() for _ in range(4)))
    async with store.reading() as session:
        assert await find_shop(session, "juntos") is not None
