"""A shop's catalogue before and after a file."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from knowledge.importing import service
from knowledge.importing.service import Applied, Proposal, Undone, Wanted
from store.app import Product
from store.session import Store
from tests.builders import MONDAY

HEAD = "Código;Producto;Precio;Stock"
SOON = MONDAY + timedelta(minutes=5)


def csv(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


async def proposed(store: Store, shop: UUID, data: bytes, **wanted: Any) -> Proposal:  # noqa: ANN401  of Wanted
    return await service.propose(store, shop, "precios.csv", data, Wanted(**wanted))


async def applied(store: Store, shop: UUID, data: bytes, **wanted: Any) -> Applied:  # noqa: ANN401  of Wanted
    proposal = await proposed(store, shop, data, **wanted)
    return await service.apply(store, proposal, by="Carla", at=MONDAY)


async def undone(store: Store, shop: UUID, which: UUID | None, *, force: bool = False) -> Undone:
    assert which is not None
    return await service.undo(store, shop, which, by="Carla", at=SOON, force=force)


async def catalogue(store: Store, shop: UUID) -> dict[str, dict[str, Any]]:
    columns = [column for column in Product.__table__.columns if column.name != "created_at"]
    async with store.reading() as session:
        rows = await session.execute(select(*columns).where(Product.shop_id == shop))
        return {row.sku: dict(row._mapping) for row in rows}  # noqa: SLF001  SQLAlchemy's name for it


async def sold(store: Store, shop: UUID, sku: str, count: int) -> None:
    one = (Product.shop_id == shop) & (Product.sku == sku)
    async with store.transaction() as session:
        await session.execute(update(Product).where(one).values(stock=Product.stock - count))


FILE = csv("MOC-001;Mochila Urbana Azul;$19.990;30", "NEW-1;Llavero Cobre;$2.990;100")
