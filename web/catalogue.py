"""What a seller sees of the catalogue: pages of it, and one product as a file of one line."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Product
from store.wares import Ware

SHOWN = 40
FIELDS = ("sku", "name", "description", "category", "keywords", "price", "stock", "active")
COLUMNS = (
    "SKU",
    "Nombre",
    "Descripción",
    "Categoría",
    "Palabras clave",
    "Precio",
    "Stock",
    "Activo",
)
"""As a file of ours is headed, so that what was downloaded can be imported again."""
TOLD = ("sold_on", "named")
TOLD_COLUMNS = ("Última venta", "El bot lo mencionó (30 días)")
"""What became of a product: told in a file, and read from none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`state`: "activos", "apagados", "agotados", or "" for all."""

    text: str = ""
    state: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    products: Sequence[Ware]
    following: str | None


async def listed(session: AsyncSession, shop: UUID, wanted: Wanted) -> Listed:
    """By SKU; `following` is the last one of this page, if there are more."""
    query = select(Ware).where(Ware.shop_id == shop, *filters(wanted))
    query = query.where(Ware.sku > wanted.after) if wanted.after else query
    rows = (await session.scalars(query.order_by(Ware.sku).limit(SHOWN + 1))).all()
    return Listed(rows[:SHOWN], rows[SHOWN - 1].sku if len(rows) > SHOWN else None)


def filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Every word stands in the product's name, SKU or category."""
    states: dict[str, list[ColumnElement[bool]]] = {
        "activos": [Ware.active.is_(True)],
        "apagados": [Ware.active.is_(False)],
        "agotados": [Ware.active.is_(True), Ware.stock == 0],
    }
    text = Ware.sku + " " + Ware.name + " " + Ware.category
    words = [text.icontains(word, autoescape=True) for word in wanted.text.split()[:6]]
    return [*states.get(wanted.state, []), *words]


async def of(session: AsyncSession, shop: UUID, sku: str) -> Product | None:
    found: Product | None = await session.scalar(
        select(Product).where(Product.shop_id == shop, Product.sku == sku)
    )
    return found


def version(product: Product | Ware) -> str:
    """Of what a form shows: who saves a form that was filled in before somebody else's change is
    told, and takes nothing back without knowing."""
    told = "\x1f".join(str(getattr(product, name)) for name in FIELDS)
    return sha256(told.encode()).hexdigest()[:16]


async def every_one(session: AsyncSession, shop: UUID) -> AsyncIterator[Sequence[Any]]:
    """The whole catalogue, as a file of it holds it."""
    rows = await session.stream_scalars(select(Ware).where(Ware.shop_id == shop).order_by(Ware.sku))
    async for row in rows:
        yield [_cell(getattr(row, name)) for name in (*FIELDS, *TOLD)]


def _cell(value: Any) -> Any:  # noqa: ANN401  a cell of any kind
    if isinstance(value, bool):
        return "sí" if value else "no"
    return ", ".join(value) if isinstance(value, list) else value


def as_file(given: Mapping[str, str]) -> bytes:
    """A product as it was typed, for the road that every change of the catalogue takes: checked,
    previewed and undone as a file is."""
    told = io.StringIO()
    names = [name for name in FIELDS if name in given]
    csv.writer(told).writerows([names, [given[name] for name in names]])
    return told.getvalue().encode()
