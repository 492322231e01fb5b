"""The `app` schema, continued: periodic work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, of_a_shop

OPEN: Final = ("waiting", "running")
SHOWN: Final = 100


class JobRun(Base):
    """The truth about a periodic job: one row per shop and period, claimed by whoever works it.
    `asked_by` is empty where the calendar asked."""

    __tablename__ = "job_run"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "name", "period"),
        of_a_shop(),
        Index(
            "ix_job_run_running",
            "shop_id",
            "lease_until",
            postgresql_where=text("state = 'running'"),
        ),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index(
            "ix_job_run_open",
            "shop_id",
            "name",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text, server_default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


async def marks(session: AsyncSession, shop: UUID, name: str, period: str) -> dict[str, Any]:
    """How far a job was that somebody works at, or gave up."""
    mine = JobRun.shop_id == shop, JobRun.name == name, JobRun.period == period
    found: dict[str, Any] | None = await session.scalar(select(JobRun.result).where(*mine))
    return found or {}


async def asked_by(session: AsyncSession, shop: UUID, name: str, period: str) -> str:
    mine = JobRun.shop_id == shop, JobRun.name == name, JobRun.period == period
    return await session.scalar(select(JobRun.asked_by).where(*mine)) or ""


async def run_of(session: AsyncSession, shop: UUID, name: str, period: str) -> JobRun | None:
    return await session.get(JobRun, (shop, name, period), populate_existing=True)


async def open_runs(session: AsyncSession, shop: UUID, names: Sequence[str]) -> list[JobRun]:
    """Of these jobs what waits, rests or is worked at."""
    mine = JobRun.shop_id == shop, JobRun.name.in_(names), JobRun.state.in_(OPEN)
    query = select(JobRun).where(*mine).order_by(JobRun.name, JobRun.period)
    return list(await session.scalars(query.limit(SHOWN)))
