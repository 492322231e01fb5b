"""Rollouts of model versions: where each stands, every step it took, what its shadow answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store import versions  # noqa: F401  rollouts point to them
from store.base import Base, Owned, points_to

SCHEMA = "ml"
STATES = "('shadow', 'canary', 'promoted', 'rolled_back', 'inconclusive', 'stopped')"


class Rollout(Owned, Base):
    """A candidate on its way. `salt` decides which customers get it; `stage` counts the percentages
    it had, each with statistics of its own; `number` is that of its last step. `gate` is what its
    offline gates said when it began, with the `guards` that are its own. A shop has one that is
    open at most.
    """

    __tablename__ = "rollout"
    __table_args__ = (
        points_to("ml.model_version", "version_id"),
        points_to("ml.model_version", "baseline_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index(
            "uq_rollout_open",
            "shop_id",
            unique=True,
            postgresql_where=text("state IN ('shadow', 'canary')"),
        ),
        Index(None, "shop_id", "created_at"),
        Index(None, "shop_id", "version_id"),
        Index(None, "shop_id", "baseline_id", postgresql_where=text("baseline_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    version_id: Mapped[UUID]
    baseline_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(Text)
    percent: Mapped[int] = mapped_column(SmallInteger)
    stage: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    salt: Mapped[str] = mapped_column(Text)
    gate: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    began_at: Mapped[datetime]
    stage_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RolloutStep(Base):
    """One transition: from where to where, why, on which evidence, by whom, when."""

    __tablename__ = "rollout_step"
    __table_args__ = (points_to("ml.rollout", "rollout_id"), {"schema": SCHEMA})

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    rollout_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    from_percent: Mapped[int] = mapped_column(SmallInteger)
    percent: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ShadowAnswer(Owned, Base):
    """What a candidate would have answered, masked; nobody got it. Its id derives from the reply's
    (`reply_id`), so a turn is answered in the shadow once."""

    __tablename__ = "shadow_answer"
    __table_args__ = (
        points_to("ml.rollout", "rollout_id"),
        points_to("ml.model_version", "version_id"),
        Index(None, "shop_id", "rollout_id", "at"),
        Index(None, "shop_id", "version_id"),
        Index(None, "shop_id", "reply_id"),
        Index(None, "shop_id", "at"),
        {"schema": SCHEMA},
    )

    rollout_id: Mapped[UUID]
    version_id: Mapped[UUID]
    reply_id: Mapped[UUID]
    answer: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    checks: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    error: Mapped[str | None] = mapped_column(Text)
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    latency_ms: Mapped[int]
    cost_micros: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
