"""The registry of models: what was trained, from what, and who answers with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store import ml  # noqa: F401  trainings point to datasets
from store.base import Base, Owned, of_a_shop, points_to

SCHEMA = "ml"
JOB_STATES = ("pending", "running", "paused", "succeeded", "failed", "cancelled")
VERSION_STATES = ("candidate", "shadow", "canary", "active", "retired", "withdrawn")


def one_of(column: str, names: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{name}'" for name in names)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class TrainingJob(Owned, Base):
    """One training. `provider_job_id` is what the trainer calls it; `progress` is 0 to 100.

    The conversations it used are those of its dataset's rows; `conversations` counts them. What
    nobody has approved is not begun. `estimate_micros` is what it may cost, until that is known.
    """

    __tablename__ = "training_job"
    __table_args__ = (
        of_a_shop(),
        points_to("ml.dataset", "dataset_id"),
        points_to("ml.training_job", "retry_of"),
        one_of("state", JOB_STATES),
        CheckConstraint("method IN ('supervised', 'dpo')", name="method"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        Index(None, "shop_id", "created_at"),
        Index(None, "shop_id", "dataset_id"),
        Index(None, "shop_id", "retry_of", postgresql_where=text("retry_of IS NOT NULL")),
        Index(
            None,
            "shop_id",
            "state",
            postgresql_where=text("state IN ('pending', 'running', 'paused')"),
        ),
        {"schema": SCHEMA},
    )

    dataset_id: Mapped[UUID | None]
    trainer: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text, server_default="supervised")
    base_model: Mapped[str] = mapped_column(Text)
    provider_job_id: Mapped[str | None] = mapped_column(Text)
    training_file: Mapped[str | None] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    conversations: Mapped[int] = mapped_column(server_default=text("0"))
    state: Mapped[str] = mapped_column(Text, server_default="pending")
    stage: Mapped[str] = mapped_column(Text, server_default="")
    progress: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Text)
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    estimate_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    retry_of: Mapped[UUID | None]
    cancel_asked: Mapped[bool] = mapped_column(server_default=text("false"))
    requested_by: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class TrainingEvent(Base):
    """What a training told on its way: `metrics` hold the loss, the step, the epoch."""

    __tablename__ = "training_event"
    __table_args__ = (
        points_to("ml.training_job", "job_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    message: Mapped[str] = mapped_column(Text)
    metrics: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class ModelVersion(Owned, Base):
    """A model that may answer. `model` is what its provider is asked for; `parameters` hold how it
    is asked (temperature, top_p, top_k) and where its files lie. One is active at most.

    A shop without an active version answers with the models of its settings. It holds data of a
    customer who left where it has to be trained anew by `retrain_by`.
    """

    __tablename__ = "model_version"
    __table_args__ = (
        of_a_shop(),
        points_to("ml.training_job", "job_id"),
        points_to("ml.dataset", "dataset_id"),
        one_of("state", VERSION_STATES),
        Index("uq_model_version_name", "shop_id", "name", unique=True),
        Index(
            "uq_model_version_active",
            "shop_id",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        Index(None, "shop_id", "created_at"),
        Index(None, "shop_id", "job_id"),
        Index(None, "shop_id", "dataset_id"),
        {"schema": SCHEMA},
    )

    name: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    base_model: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    job_id: Mapped[UUID | None]
    dataset_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(Text, server_default="candidate")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    notes: Mapped[str] = mapped_column(Text, server_default="")
    deployed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    retrain_by: Mapped[datetime | None]
