"""The `app` schema, continued: periodic work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, of_a_shop


class JobRun(Base):
    """The truth about a periodic job: one row per shop and period, claimed by whoever works it."""

    __tablename__ = "job_run"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "name", "period"),
        of_a_shop(),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
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
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
