"""Which rows a person allowed to be learned from, and the shops where nothing else is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, of_a_shop, points_to
from store.ml import SCHEMA, TrainingData
from store.session import ReadSession, WriteSession


class TeachingRule(Base):
    """A shop that `demands` acceptance learns from no row that nobody looked at."""

    __tablename__ = "teaching_rule"
    __table_args__ = (PrimaryKeyConstraint("shop_id"), of_a_shop(), {"schema": SCHEMA})

    shop_id: Mapped[UUID]
    demands: Mapped[bool]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Acceptance(Base):
    """What a person said of a row, the last word only."""

    __tablename__ = "acceptance"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id"),
        points_to("ml.training_data", "training_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    accepted: Mapped[bool]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


async def demanded(session: ReadSession, shop: UUID) -> bool:
    query = select(TeachingRule.demands).where(TeachingRule.shop_id == shop)
    return bool(await session.scalar(query))


async def demand(session: WriteSession, shop: UUID, *, wanted: bool, by: str) -> None:
    values = {"demands": wanted, "by": by, "at": func.now()}
    statement = insert(TeachingRule).values(shop_id=shop, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["shop_id"], set_=values))


async def accept(
    session: WriteSession, shop: UUID, rows: Sequence[UUID], *, accepted: bool, by: str
) -> list[UUID]:
    """Those of the rows that are the shop's; nothing is said of others."""
    query = select(TrainingData.id).where(TrainingData.shop_id == shop, TrainingData.id.in_(rows))
    known = list(await session.scalars(query))
    if known:
        said = {"accepted": accepted, "by": by, "at": func.now()}
        statement = insert(Acceptance).values(
            [{"shop_id": shop, "training_id": row, "accepted": accepted, "by": by} for row in known]
        )
        keys = ["shop_id", "training_id"]
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=said))
        cached = update(TrainingData).where(
            TrainingData.shop_id == shop, TrainingData.id.in_(known)
        )
        await session.execute(cached.values(allowed=accepted))
    return known


async def unsay(session: WriteSession, shop: UUID, rows: Sequence[UUID]) -> None:
    """As if nobody had said anything of them."""
    mine = Acceptance.shop_id == shop, Acceptance.training_id.in_(rows)
    await session.execute(delete(Acceptance).where(*mine))
    cached = update(TrainingData).where(TrainingData.shop_id == shop, TrainingData.id.in_(rows))
    await session.execute(cached.values(allowed=None))
