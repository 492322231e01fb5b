"""What people say a message means, and the classifiers that were trained on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    exists,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop, points_to
from store.ml import SCHEMA, TrainingData


class NluAnnotation(Owned, Base):
    """A masked text with what it means; only what a person is sure of (`is_gold`) is trained on.

    Its id derives from the text, so saying it again changes what is there.
    """

    __tablename__ = "nlu_annotation"
    __table_args__ = (
        of_a_shop(),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "training_id", postgresql_where=sql("training_id IS NOT NULL")),
        Index(None, "shop_id", "created_at", postgresql_where=sql("is_gold")),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        {"schema": SCHEMA},
    )

    training_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(Text)
    slots: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    confidence: Mapped[float] = mapped_column(server_default=sql("1"))
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    is_gold: Mapped[bool] = mapped_column(server_default=sql("false"))


class NluModel(Base):
    """One is active at most; the others are kept, to go back to."""

    __tablename__ = "nlu_model"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "version"),
        of_a_shop(),
        Index("uq_nlu_model_active", "shop_id", unique=True, postgresql_where=sql("active")),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    version: Mapped[int]
    pack: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    header: Mapped[dict[str, Any]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def annotate(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """What was said of the same text before is replaced; the first moment stays."""
    statement = insert(NluAnnotation)
    given = {
        name: statement.excluded[name]
        for name in ("intent", "slots", "confidence", "reviewed_by", "is_gold")
    }
    if rows:
        changed = statement.on_conflict_do_update(index_elements=["shop_id", "id"], set_=given)
        await session.execute(changed, list(rows))


async def headers(
    session: AsyncSession, shop: UUID, newest: int
) -> list[tuple[int, dict[str, Any], bool]]:
    """Version, header and whether it is in use; without the classifiers, which are large."""
    query = (
        select(NluModel.version, NluModel.header, NluModel.active)
        .where(NluModel.shop_id == shop)
        .order_by(NluModel.version.desc())
        .limit(newest)
    )
    return [tuple(row) for row in (await session.execute(query)).all()]


async def uncertain(
    session: AsyncSession, shop: UUID, below: float, newest: int
) -> list[tuple[UUID, str, str, float]]:
    """Row, masked question, intent and confidence, of the newest rows whose question was hardly
    understood and that nobody has labelled."""
    lately = (
        select(TrainingData)
        .where(TrainingData.shop_id == shop, TrainingData.author == "bot")
        .order_by(TrainingData.created_at.desc())
        .limit(newest)
        .subquery()
    )
    said = exists().where(NluAnnotation.shop_id == shop, NluAnnotation.training_id == lately.c.id)
    query = (
        select(lately.c.id, lately.c.user_message, lately.c.intent, lately.c.confidence)
        .where(lately.c.confidence < below, lately.c.user_message != "", ~said)
        .order_by(lately.c.created_at.desc(), lately.c.id)
    )
    return [tuple(row) for row in (await session.execute(query)).all()]


async def annotated(session: AsyncSession, shop: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of some annotations that there are."""
    query = select(NluAnnotation.id).where(NluAnnotation.shop_id == shop, NluAnnotation.id.in_(ids))
    return set(await session.scalars(query))


async def gold(session: AsyncSession, shop: UUID, limit: int) -> list[tuple[str, str]]:
    """Texts and their intents, the newest of them, in the order they were said."""
    query = (
        select(NluAnnotation.text, NluAnnotation.intent)
        .where(NluAnnotation.shop_id == shop, NluAnnotation.is_gold)
        .order_by(NluAnnotation.created_at.desc(), NluAnnotation.id)
        .limit(limit)
    )
    return [(said, intent) for said, intent in (await session.execute(query)).all()][::-1]


async def keep_model(
    session: AsyncSession, shop: UUID, pack: str, data: bytes, header: dict[str, Any]
) -> int:
    """Active from now on; the same bytes again are the version they were. Returns the version."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(shop), 11))))
    same = select(NluModel.version).where(
        NluModel.shop_id == shop, NluModel.pack == pack, NluModel.data == data
    )
    version = (await session.scalars(same)).first()
    latest = select(func.coalesce(func.max(NluModel.version), 0)).where(NluModel.shop_id == shop)
    mine = NluModel.shop_id == shop
    await session.execute(update(NluModel).where(mine, NluModel.active).values(active=False))
    if version is None:
        version = (await session.scalar(latest) or 0) + 1
        row = {"shop_id": shop, "version": version, "pack": pack, "data": data, "header": header}
        await session.execute(insert(NluModel).values(**row, active=True))
    else:
        again = update(NluModel).where(mine, NluModel.version == version)
        await session.execute(again.values(active=True))
    return version


async def hold(session: AsyncSession, shop: UUID) -> None:
    """Until the end of the transaction nobody else changes which one is in use."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(shop), 11))))


async def activate(session: AsyncSession, shop: UUID, version: int | None) -> None:
    """The one in use from now on; without a version, whatever the business brings."""
    await hold(session, shop)
    mine = NluModel.shop_id == shop
    await session.execute(update(NluModel).where(mine, NluModel.active).values(active=False))
    chosen = update(NluModel).where(mine, NluModel.version == version)
    await session.execute(chosen.values(active=True))


async def active_version(session: AsyncSession, shop: UUID) -> int | None:
    query = select(NluModel.version).where(NluModel.shop_id == shop, NluModel.active)
    return (await session.scalars(query)).first()


async def active_model(session: AsyncSession, shop: UUID) -> tuple[int, bytes] | None:
    query = select(NluModel.version, NluModel.data).where(NluModel.shop_id == shop, NluModel.active)
    found = (await session.execute(query)).first()
    return (found[0], found[1]) if found else None


async def version_before(session: AsyncSession, shop: UUID, version: int, pack: str) -> int | None:
    """The one that was trained before it, for the same business."""
    query = select(func.max(NluModel.version)).where(
        NluModel.shop_id == shop, NluModel.version < version, NluModel.pack == pack
    )
    found: int | None = await session.scalar(query)
    return found


async def model_data(session: AsyncSession, shop: UUID, version: int) -> bytes | None:
    query = select(NluModel.data).where(NluModel.shop_id == shop, NluModel.version == version)
    return (await session.scalars(query)).first()


async def models(session: AsyncSession, shop: UUID) -> list[dict[str, Any]]:
    """Without their bytes, the newest first."""
    columns = (
        NluModel.version, NluModel.pack, NluModel.header, NluModel.active, NluModel.created_at,
        func.length(NluModel.data).label("bytes"),
    )  # fmt: skip
    query = select(*columns).where(NluModel.shop_id == shop).order_by(NluModel.version.desc())
    return [dict(row) for row in (await session.execute(query)).mappings()]
