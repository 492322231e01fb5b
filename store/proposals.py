"""Files of a catalogue that somebody looked at, kept for a day until somebody says yes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store import imports  # noqa: F401  a proposal points to what became of it
from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to


class CatalogueProposal(Owned, Base):
    """`stored` names the file among the kept ones, `import_id` what it became when it was applied.
    `wanted` is how its columns are read."""

    __tablename__ = "catalogue_proposal"
    __table_args__ = (
        of_a_shop(),
        points_to("app.catalogue_import", "import_id"),
        Index(None, "shop_id", "at"),
        Index(None, "shop_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    file: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    stored: Mapped[str] = mapped_column(Text)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    import_id: Mapped[UUID | None]


async def keep(session: AsyncSession, proposal: CatalogueProposal) -> None:
    session.add(proposal)
    await session.flush()


async def proposal(session: AsyncSession, shop: UUID, which: UUID) -> CatalogueProposal | None:
    return await session.get(CatalogueProposal, (shop, which))


async def became(session: AsyncSession, shop: UUID, which: UUID, made: UUID) -> None:
    row = CatalogueProposal
    mine = update(row).where(row.shop_id == shop, row.id == which)
    await session.execute(mine.values(import_id=made))


async def forget(session: AsyncSession, shop: UUID, before: datetime) -> set[str]:
    """Older ones; their files that no other proposal has."""
    row = CatalogueProposal
    old = delete(row).where(row.shop_id == shop, row.at < before).returning(row.stored)
    gone = set(await session.scalars(old))
    still = select(row.stored).where(row.shop_id == shop, row.stored.in_(gone))
    return gone - set(await session.scalars(still))
