"""Shops and their catalogue, as set up from configuration: written again, they change in place."""

from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store import app


class ProductRow(TypedDict):
    """One row of a catalogue; `id` derives from the shop and the sku."""

    id: UUID
    sku: str
    name: str
    description: str
    category: str
    keywords: list[str]
    price: int
    stock: int
    photo: str | None
    active: bool


class ShopRow(TypedDict):
    id: UUID
    key: str
    name: str
    pack: str
    currency: str


async def upsert_shop(session: AsyncSession, shop: ShopRow) -> None:
    """Its key never changes; everything else follows the configuration."""
    # Two bots that start together meet on either unique index: no target names both.
    await session.execute(insert(app.Shop).values(**shop).on_conflict_do_nothing())
    changed = {"name": shop["name"], "pack": shop["pack"], "currency": shop["currency"]}
    await session.execute(update(app.Shop).where(app.Shop.id == shop["id"]).values(**changed))


async def find_shop(session: AsyncSession, key: str) -> app.Shop | None:
    found: app.Shop | None = await session.scalar(select(app.Shop).where(app.Shop.key == key))
    return found


async def keys(session: AsyncSession) -> list[str]:
    """Of every shop."""
    return list(await session.scalars(select(app.Shop.key).order_by(app.Shop.key)))


async def every(session: AsyncSession) -> list[UUID]:
    return list(await session.scalars(select(app.Shop.id).order_by(app.Shop.key)))


async def shop_by_id(session: AsyncSession, shop: UUID) -> app.Shop | None:
    return await session.get(app.Shop, shop)


async def upsert_products(
    session: AsyncSession, shop: UUID, products: Sequence[ProductRow]
) -> None:
    """A product that is gone from the catalogue is kept, and can be switched off by `active`."""
    if not products:
        return
    rows = [{"shop_id": shop, **product} for product in products]
    statement = insert(app.Product)
    changed = {
        column: statement.excluded[column]
        for column in ProductRow.__annotations__
        if column not in {"id", "sku"}
    }
    upsert = statement.on_conflict_do_update(index_elements=["shop_id", "sku"], set_=changed)
    await session.execute(upsert, rows)


async def count_products(session: AsyncSession, shop: UUID) -> int:
    query = select(func.count()).select_from(app.Product).where(app.Product.shop_id == shop)
    return await session.scalar(query) or 0
