"""Imports of a catalogue: who took which file, what each product was before, and the way back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA, Product
from store.base import Base, Owned, of_a_shop, points_to
from store.shops import ProductRow, upsert_products

RECENT: Final = 50


class CatalogueImport(Owned, Base):
    """`partly`: it was undone, but for products that had changed again."""

    __tablename__ = "catalogue_import"
    __table_args__ = (
        of_a_shop(),
        CheckConstraint("state IN ('applied', 'partly', 'undone')", name="state"),
        Index(None, "shop_id", "at"),
        {"schema": SCHEMA},
    )

    file: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, server_default="applied")
    undone_by: Mapped[str | None] = mapped_column(Text)
    undone_at: Mapped[datetime | None]


class CatalogueChange(Base):
    """The fields of one product that an import changed: `former` is None where it was new.

    Undone, a new product is switched off: what was said of it meanwhile points to it.
    """

    __tablename__ = "catalogue_change"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "import_id", "product_id"),
        points_to("app.catalogue_import", "import_id"),
        points_to("app.product", "product_id"),
        Index(None, "shop_id", "product_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    import_id: Mapped[UUID]
    product_id: Mapped[UUID]
    former: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    given: Mapped[dict[str, Any]] = mapped_column(JSONB)
    undone: Mapped[bool] = mapped_column(server_default=text("false"))


async def lock_catalogue(session: AsyncSession, shop: UUID) -> None:
    """One import of a shop at a time, until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"catalogue:{shop}"},
    )


async def goods(session: AsyncSession, shop: UUID, *, lock: bool = False) -> Sequence[Product]:
    """The whole catalogue, switched off products too; locked in the order that orders lock in."""
    query = select(Product).where(Product.shop_id == shop).order_by(Product.id)
    return (await session.scalars(query.with_for_update() if lock else query)).all()


async def record(session: AsyncSession, one: CatalogueImport) -> None:
    session.add(one)
    await session.flush()


async def write(
    session: AsyncSession, shop: UUID, rows: Sequence[ProductRow], changes: Sequence[dict[str, Any]]
) -> None:
    """Products as they are now, and what each of them was."""
    await upsert_products(session, shop, rows)
    await session.execute(insert(CatalogueChange), list(changes))


async def recent(session: AsyncSession, shop: UUID) -> Sequence[CatalogueImport]:
    query = select(CatalogueImport).where(CatalogueImport.shop_id == shop)
    newest = query.order_by(CatalogueImport.at.desc(), CatalogueImport.id).limit(RECENT)
    return (await session.scalars(newest)).all()


async def one_of(session: AsyncSession, shop: UUID, which: UUID) -> CatalogueImport | None:
    return await session.get(CatalogueImport, (shop, which), with_for_update=True)


async def changes_of(session: AsyncSession, one: CatalogueImport) -> Sequence[CatalogueChange]:
    """Those that still stand."""
    query = select(CatalogueChange).where(
        CatalogueChange.shop_id == one.shop_id,
        CatalogueChange.import_id == one.id,
        ~CatalogueChange.undone,
    )
    return (await session.scalars(query.order_by(CatalogueChange.product_id))).all()


async def changed_later(session: AsyncSession, one: CatalogueImport) -> set[UUID]:
    """The products that a later import changed, and that was not undone."""
    later = CatalogueImport
    query = (
        select(CatalogueChange.product_id)
        .join(
            later,
            (later.shop_id == CatalogueChange.shop_id) & (later.id == CatalogueChange.import_id),
        )
        .where(later.shop_id == one.shop_id, later.at > one.at, ~CatalogueChange.undone)
    )
    return set(await session.scalars(query))
