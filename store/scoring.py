"""What people say a reply was worth, the scorers learned of it, and how far each walk has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop, points_to
from store.ml import SCHEMA
from store.session import BatchConnection

START: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
NOBODY: Final = UUID(int=0)


class ReplyLabel(Owned, Base):
    """What a person says the customer's next message tells of the reply; no score is nothing.

    Its id derives from the reply and the person, so saying it again changes what is there. One that
    came from a file brings its masked texts, the others point to the row that has them. What is
    `frozen` is measured on and never trained on.
    """

    __tablename__ = "reply_label"
    __table_args__ = (
        of_a_shop(),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "training_id", postgresql_where=sql("training_id IS NOT NULL")),
        Index(None, "shop_id", "created_at"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("(training_id IS NULL) <> (next IS NULL)", name="texts"),
        {"schema": SCHEMA},
    )

    training_id: Mapped[UUID | None]
    reply: Mapped[str | None] = mapped_column(Text)
    next: Mapped[str | None] = mapped_column(Text)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    labelled_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, server_default="")
    frozen: Mapped[bool] = mapped_column(server_default=sql("false"))


class ScorerModel(Base):
    """A scorer learned of a shop's labels. One is active at most; who never was did not beat it."""

    __tablename__ = "scorer_model"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "version"),
        of_a_shop(),
        Index("uq_scorer_model_active", "shop_id", unique=True, postgresql_where=sql("active")),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    version: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    metrics: Mapped[dict[str, Any]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ScoringProgress(Base):
    """How far a walk over a shop's rows has come: all up to this place are done, once."""

    __tablename__ = "scoring_progress"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "task", "version"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    task: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    after_at: Mapped[datetime]
    after_id: Mapped[UUID]
    done: Mapped[int] = mapped_column(server_default=sql("0"))
    finished: Mapped[bool] = mapped_column(server_default=sql("false"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk goes on, and how many rows it has done; `finished` once it saw them all."""

    at: datetime = START
    id: UUID = NOBODY
    done: int = 0
    finished: bool = False


_PLACE: Final = """
SELECT after_at, after_id, done, finished FROM ml.scoring_progress
WHERE shop_id = $1 AND task = $2 AND version = $3
"""
_MOVE: Final = """
INSERT INTO ml.scoring_progress (shop_id, task, version, after_at, after_id, done, finished)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (shop_id, task, version) DO UPDATE SET after_at = excluded.after_at,
    after_id = excluded.after_id, done = excluded.done, finished = excluded.finished
"""


async def place_of(connection: BatchConnection, shop: UUID, task: str, version: int) -> Place:
    found = await connection.fetchrow(_PLACE, shop, task, version)
    return Place(*found) if found is not None else Place()


async def move(connection: BatchConnection, shop: UUID, task: str, version: int, to: Place) -> None:
    """In the transaction of what was done on the way there."""
    await connection.execute(_MOVE, shop, task, version, to.at, to.id, to.done, to.finished)


async def unhurried(connection: BatchConnection) -> None:
    """Nobody waits for the disk of what this transaction writes: should the server's machine fall,
    the way back to it begins where it was, and finds the same again."""
    await connection.execute("SET LOCAL synchronous_commit = off")


async def keep_scorer(
    session: AsyncSession, shop: UUID, data: bytes, metrics: dict[str, Any], *, active: bool
) -> int:
    """A new version; an active one takes the place of the other. Returns the version."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(shop), 14))))
    mine = ScorerModel.shop_id == shop
    latest = select(func.coalesce(func.max(ScorerModel.version), 0)).where(mine)
    version = (await session.scalar(latest) or 0) + 1
    if active:
        await session.execute(update(ScorerModel).where(mine).values(active=False))
    row = {"shop_id": shop, "version": version, "data": data, "metrics": metrics, "active": active}
    await session.execute(insert(ScorerModel).values(**row))
    return version


async def active_scorer_version(session: AsyncSession, shop: UUID) -> int | None:
    query = select(ScorerModel.version).where(ScorerModel.shop_id == shop, ScorerModel.active)
    return (await session.scalars(query)).first()


async def active_scorer(session: AsyncSession, shop: UUID) -> tuple[int, bytes] | None:
    columns = ScorerModel.version, ScorerModel.data
    query = select(*columns).where(ScorerModel.shop_id == shop, ScorerModel.active)
    found = (await session.execute(query)).first()
    return (found[0], found[1]) if found else None


async def newest_scorer(session: AsyncSession, shop: UUID) -> datetime | None:
    """When one was trained last, active or not."""
    query = select(func.max(ScorerModel.created_at)).where(ScorerModel.shop_id == shop)
    return await session.scalar(query)


async def scorers(session: AsyncSession, shop: UUID) -> list[dict[str, Any]]:
    """Without their bytes, the newest first."""
    columns = (
        ScorerModel.version, ScorerModel.metrics, ScorerModel.active, ScorerModel.created_at,
        func.length(ScorerModel.data).label("bytes"),
    )  # fmt: skip
    query = select(*columns).where(ScorerModel.shop_id == shop)
    found = await session.execute(query.order_by(ScorerModel.version.desc()))
    return [dict(row) for row in found.mappings()]
