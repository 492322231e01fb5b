"""Trainings and models in the registry: begun, told on, ended, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store.ml import Dataset, DatasetRow, TrainingData
from store.versions import ModelVersion, TrainingEvent, TrainingJob

OPEN: Final = ("pending", "running", "paused")
ENDED: Final = ("succeeded", "failed", "cancelled")
IN_USE: Final = ("candidate", "shadow", "canary", "active")
GOOD: Final = 4
_TURNSTILE: Final = 17
"""Trainings of a shop are begun one after the other, so that both see what the other may cost."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A dataset as far as a training is concerned: where its files lie, how many rows it has."""

    id: UUID
    path: str
    rows: int


async def in_turn(session: AsyncSession, shop: UUID) -> None:
    lock = func.pg_advisory_xact_lock(func.hashtextextended(str(shop), _TURNSTILE))
    await session.execute(select(lock))


async def begin(session: AsyncSession, row: dict[str, Any]) -> bool:
    """False when it is there already."""
    new = insert(TrainingJob).values(row).on_conflict_do_nothing().returning(TrainingJob.id)
    return await session.scalar(new) is not None


async def job(session: AsyncSession, shop: UUID, id: UUID) -> TrainingJob | None:  # noqa: A002  the row's
    return await session.get(TrainingJob, (shop, id), populate_existing=True)


async def change(session: AsyncSession, shop: UUID, id: UUID, **values: object) -> bool:  # noqa: A002  the row's
    """What has ended stays as it ended; False then."""
    moved = (
        update(TrainingJob)
        .where(
            TrainingJob.shop_id == shop, TrainingJob.id == id, TrainingJob.state.in_(OPEN)
        )
        .values(**values)
        .returning(TrainingJob.id)
    )  # fmt: skip
    return await session.scalar(moved) is not None


async def found(session: AsyncSession, shop: UUID, beginning: str) -> list[TrainingJob]:
    """Those whose id begins so, the newest first; all of them for nothing."""
    text = func.replace(cast(TrainingJob.id, TrainingJob.trainer.type), "-", "")
    query = (
        select(TrainingJob)
        .where(TrainingJob.shop_id == shop, text.like(f"{beginning.replace('-', '').lower()}%"))
        .order_by(TrainingJob.created_at.desc(), TrainingJob.id)
    )
    return list(await session.scalars(query))


async def tell(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """A line that is there already stays."""
    if rows:
        await session.execute(insert(TrainingEvent).on_conflict_do_nothing(), list(rows))


async def events(session: AsyncSession, shop: UUID, id: UUID) -> list[TrainingEvent]:  # noqa: A002  the row's
    query = (
        select(TrainingEvent)
        .where(TrainingEvent.shop_id == shop, TrainingEvent.job_id == id)
        .order_by(TrainingEvent.number)
    )
    return list(await session.scalars(query))


async def last_line(session: AsyncSession, shop: UUID, id: UUID) -> int:  # noqa: A002  the row's
    query = select(func.coalesce(func.max(TrainingEvent.number), 0)).where(
        TrainingEvent.shop_id == shop, TrainingEvent.job_id == id
    )
    return await session.scalar(query) or 0


async def spent(session: AsyncSession, shop: UUID, since: datetime) -> int:
    """Millionths of a dollar: what has ended by its cost, what goes on by what it may cost."""
    row = TrainingJob
    going = func.greatest(row.estimate_micros, row.cost_micros)
    each = case((row.state.in_(OPEN), going), else_=row.cost_micros)
    query = select(func.coalesce(func.sum(each), 0).cast(BigInteger)).where(
        row.shop_id == shop, row.created_at >= since
    )
    return await session.scalar(query) or 0


async def register(session: AsyncSession, row: dict[str, Any]) -> None:
    """Registering it again changes nothing."""
    await session.execute(insert(ModelVersion).values(row).on_conflict_do_nothing())


async def versions(session: AsyncSession, shop: UUID) -> list[ModelVersion]:
    query = (
        select(ModelVersion)
        .where(ModelVersion.shop_id == shop)
        .order_by(ModelVersion.created_at.desc(), ModelVersion.name)
    )
    return list(await session.scalars(query))


async def version_of(session: AsyncSession, shop: UUID, job: UUID) -> ModelVersion | None:
    """The model that came of it; its checkpoints may have been registered after it."""
    query = select(ModelVersion).where(ModelVersion.shop_id == shop, ModelVersion.job_id == job)
    return (await session.scalars(query.order_by(ModelVersion.created_at))).first()


async def prepared(session: AsyncSession, shop: UUID, id: UUID | None = None) -> Prepared | None:  # noqa: A002  the row's
    """The newest dataset when none is named; without its manifest, which may be long."""
    rows = Dataset.manifest["counts"]["rows"].as_integer()
    query = select(Dataset.id, Dataset.path, rows).where(Dataset.shop_id == shop)
    query = query.where(Dataset.id == id) if id else query.order_by(Dataset.created_at.desc())
    found = (await session.execute(query.limit(1))).first()
    return Prepared(*found) if found else None


async def teachable(session: AsyncSession, shop: UUID) -> bool:
    """Whether anybody or anything found an answer good, put it right, or gave it."""
    row = TrainingData
    taken = or_(row.origin == "chat", row.allowed.is_(True))
    given = and_(row.author == "human", row.stars.is_(None), taken)
    good = or_(row.quality_score >= GOOD, row.stars >= GOOD, row.correction.is_not(None), given)
    kept = ~row.rejected, row.allowed.is_not(False)
    asked = select(literal(1)).where(row.shop_id == shop, good, *kept)
    return bool(await session.scalar(select(exists(asked))))


async def untrained(session: AsyncSession, shop: UUID, dataset: UUID) -> int:
    """Rows of a dataset that no training has used that went on or succeeded."""
    mine, theirs, job = DatasetRow, DatasetRow.__table__.alias("theirs"), TrainingJob
    used = (
        select(literal(1))
        .select_from(theirs)
        .join(job, (job.shop_id == theirs.c.shop_id) & (job.dataset_id == theirs.c.dataset_id))
        .where(
            theirs.c.shop_id == mine.shop_id, theirs.c.training_id == mine.training_id,
            job.state.in_((*OPEN, "succeeded")),
        )
    )  # fmt: skip
    query = select(func.count()).where(
        mine.shop_id == shop, mine.dataset_id == dataset, ~exists(used.correlate(mine))
    )
    return await session.scalar(query) or 0
