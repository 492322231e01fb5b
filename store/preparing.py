"""Datasets that people asked for: how far each is, and what came of it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, Text, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store import ml  # noqa: F401  a preparation points to its dataset
from store.base import Base, Owned, of_a_shop, points_to
from store.versions import one_of

SCHEMA: Final = "ml"
STATES: Final = ("pending", "running", "done", "failed")
OPEN: Final = ("pending", "running")


class Preparation(Owned, Base):
    """`wanted` narrows down what is learned from; of `total` captured turns `read` were looked at.

    `error` begins with the name of what was raised.
    """

    __tablename__ = "preparation"
    __table_args__ = (
        of_a_shop(),
        points_to("ml.dataset", "dataset_id"),
        one_of("state", STATES),
        Index(None, "shop_id", "created_at"),
        Index(None, "shop_id", "dataset_id", postgresql_where=text("dataset_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    state: Mapped[str] = mapped_column(Text, server_default="pending")
    stage: Mapped[str] = mapped_column(Text, server_default="")
    read: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int] = mapped_column(server_default=text("0"))
    dataset_id: Mapped[UUID | None]
    error: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    finished_at: Mapped[datetime | None]

    @property
    def part(self) -> float:
        """How much of it is done, 0 to 1."""
        if self.state == "done":
            return 1.0
        return round(min(self.read / self.total, 1.0), 3) if self.total else 0.0


async def begin(session: AsyncSession, row: dict[str, Any]) -> None:
    """The same id again changes nothing."""
    await session.execute(insert(Preparation).values(row).on_conflict_do_nothing())


async def change(session: AsyncSession, shop: UUID, id: UUID, **values: object) -> bool:  # noqa: A002  the row's
    """What has ended stays as it ended; False then."""
    mine = Preparation.shop_id == shop, Preparation.id == id, Preparation.state.in_(OPEN)
    moved = update(Preparation).where(*mine).values(**values).returning(Preparation.id)
    return await session.scalar(moved) is not None


async def one(session: AsyncSession, shop: UUID, id: UUID) -> Preparation | None:  # noqa: A002  the row's
    return await session.get(Preparation, (shop, id), populate_existing=True)


async def newest(session: AsyncSession, shop: UUID, limit: int) -> list[Preparation]:
    query = (
        select(Preparation)
        .where(Preparation.shop_id == shop)
        .order_by(Preparation.created_at.desc(), Preparation.id)
    )
    return list(await session.scalars(query.limit(limit)))
