"""What the pages of models show: versions with what they were made of, and their rollouts.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from store import evaluating, registry
from store.evaluations import EvalRun
from store.ml import Dataset
from store.rollouts import Rollout
from store.versions import ModelVersion, TrainingJob
from web.sheets import sheet

FIGURES: Final = ("correct", "off_policy", "intent_f1", "latency_rag")
ROLLOUTS: Final = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """A dataset, as far as a model is concerned."""

    id: UUID
    sha256: str
    rows: int
    stale_at: datetime | None
    stale_reason: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`gates` are those of its last evaluation, by name; `against` those of the active one."""

    version: ModelVersion
    job: TrainingJob | None
    dataset: Origin | None
    run: EvalRun | None
    gates: Mapping[str, Mapping[str, Any]]
    against: Mapping[str, Mapping[str, Any]]

    @property
    def is_stale(self) -> bool:
        """Its dataset holds rows that customers took back since."""
        return self.dataset is not None and self.dataset.stale_at is not None

    def changed(self, name: str) -> float | None:
        """How much more than the active one; None where either was not measured."""
        mine, theirs = (gates.get(name, {}).get("value") for gates in (self.gates, self.against))
        return None if mine is None or theirs is None else mine - theirs


@dataclass(frozen=True, slots=True)
class Listed:
    rows: Sequence[Shown]
    next: str


async def listed(session: AsyncSession, shop: UUID, before: str = "") -> Listed:
    """Raises BadMark."""
    query = select(ModelVersion).where(ModelVersion.shop_id == shop)
    found = await sheet(session, query, ModelVersion, before)
    return Listed(await _shown(session, shop, found.rows), found.next)


async def one(session: AsyncSession, shop: UUID, version: UUID) -> Shown | None:
    row = await session.get(ModelVersion, (shop, version))
    return (await _shown(session, shop, [row]))[0] if row is not None else None


async def names(session: AsyncSession, shop: UUID, limit: int = 50) -> Sequence[ModelVersion]:
    """The newest, to choose from."""
    query = select(ModelVersion).where(ModelVersion.shop_id == shop)
    return list(await session.scalars(query.order_by(ModelVersion.created_at.desc()).limit(limit)))


async def rollouts_of(session: AsyncSession, shop: UUID, version: UUID) -> Sequence[Rollout]:
    query = select(Rollout).where(Rollout.shop_id == shop, Rollout.version_id == version)
    return list(await session.scalars(query.order_by(Rollout.created_at.desc()).limit(ROLLOUTS)))


async def _shown(
    session: AsyncSession, shop: UUID, versions: Sequence[ModelVersion]
) -> list[Shown]:
    active = await registry.active_version(session, shop)
    runs = await last_runs(session, shop, [*versions, *([active] if active else [])])
    jobs = await _jobs(session, shop, [row.job_id for row in versions if row.job_id])
    origins = await datasets(session, shop, [row.dataset_id for row in versions if row.dataset_id])
    against = _gates(runs.get(active.id)) if active else {}
    return [
        Shown(
            row,
            jobs.get(row.job_id) if row.job_id else None,
            origins.get(row.dataset_id) if row.dataset_id else None,
            runs.get(row.id),
            _gates(runs.get(row.id)),
            {} if active is not None and row.id == active.id else against,
        )
        for row in versions
    ]


def _gates(run: EvalRun | None) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one for one in run.gates} if run is not None else {}


async def last_runs(
    session: AsyncSession, shop: UUID, versions: Sequence[ModelVersion]
) -> dict[UUID, EvalRun]:
    """Of each version its newest evaluation over the test set that its gates are of."""
    row, own = EvalRun, await evaluating.own_set(session, shop)
    query = (
        select(row)
        .ext(distinct_on(row.version_id))
        .where(
            row.shop_id == shop, row.version_id.in_([one.id for one in versions]),
            row.set_id == own, row.kind == "golden", row.split == "test", row.state == "done",
        )
        .order_by(row.version_id, row.created_at.desc())
    )  # fmt: skip
    return {run.version_id: run for run in await session.scalars(query) if run.version_id}


async def _jobs(session: AsyncSession, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, TrainingJob]:
    query = select(TrainingJob).where(TrainingJob.shop_id == shop, TrainingJob.id.in_(ids))
    return {job.id: job for job in await session.scalars(query)}


async def datasets(session: AsyncSession, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, Origin]:
    """Without their manifests, which may be long."""
    rows = func.coalesce(Dataset.manifest["counts"]["rows"].as_integer(), 0)
    columns = Dataset.id, Dataset.sha256, rows, Dataset.stale_at, Dataset.stale_reason
    query = select(*columns).where(Dataset.shop_id == shop, Dataset.id.in_(ids))
    return {found[0]: Origin(*found) for found in await session.execute(query)}
