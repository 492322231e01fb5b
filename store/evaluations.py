"""Golden sets, and what evaluations of models found: each case, its figures, its gates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop, points_to
from store.ml import SCHEMA
from store.versions import one_of

KINDS = ("golden", "laboratory")
RUN_STATES = ("running", "done")
VERDICTS = ("passed", "failed", "not_enough")
SPLITS = ("dev", "test")


class EvalSet(Owned, Base):
    """The golden cases of a shop: those that its pack brings, and its own."""

    __tablename__ = "eval_set"
    __table_args__ = (of_a_shop(), UniqueConstraint("shop_id", "pack"), {"schema": SCHEMA})

    pack: Mapped[str] = mapped_column(Text)


class EvalCase(Owned, Base):
    """A dialogue of masked messages whose last answer is judged by `expected`. One of a shop's own
    comes from an answer of its bot (`training_id`); one that its pack does not bring any more, or
    that somebody switched off, is not `active`."""

    __tablename__ = "eval_case"
    __table_args__ = (
        points_to("ml.eval_set", "set_id"),
        points_to("ml.training_data", "training_id"),
        one_of("split", SPLITS),
        CheckConstraint("origin IN ('pack', 'shop')", name="origin"),
        UniqueConstraint("shop_id", "set_id", "name"),
        Index(None, "shop_id", "training_id", postgresql_where=text("training_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    set_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    split: Mapped[str] = mapped_column(Text)
    messages: Mapped[list[str]] = mapped_column(JSONB)
    expected: Mapped[dict[str, Any]] = mapped_column(JSONB)
    training_id: Mapped[UUID | None]
    added_by: Mapped[str] = mapped_column(Text, server_default="")
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class EvalRun(Owned, Base):
    """One evaluation of a model version; without one, of the models of the settings (`models`).

    `fingerprint` is of the cases and personas it was given; `score` is the laboratory's, 0 to 100;
    `cases` is how many are asked. From its first answer on it is the `attempt`-th of its model on
    its set, judged with that `confidence`; one that is `spent` can pass, so the next one has to be
    surer, whether this one comes to its end or not.
    """

    __tablename__ = "eval_run"
    __table_args__ = (
        points_to("ml.eval_set", "set_id"),
        points_to("ml.model_version", "version_id"),
        one_of("kind", KINDS),
        one_of("state", RUN_STATES),
        one_of("split", SPLITS),
        one_of("verdict", VERDICTS),
        Index(None, "shop_id", "created_at"),
        Index(None, "shop_id", "set_id"),
        Index(None, "shop_id", "version_id", "kind"),
        CheckConstraint("attempt > 0", name="attempt"),
        {"schema": SCHEMA},
    )

    set_id: Mapped[UUID]
    version_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    split: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="running")
    models: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    fingerprint: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    gates: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    verdict: Mapped[str | None] = mapped_column(Text)
    score: Mapped[float | None]
    cases: Mapped[int] = mapped_column(server_default=text("0"))
    attempt: Mapped[int | None]
    confidence: Mapped[float | None]
    spent: Mapped[bool] = mapped_column(server_default=text("false"))
    finished_at: Mapped[datetime | None]


class EvalResult(Base):
    """One case of a run, or one persona of the laboratory: what was answered, and what was wrong
    with it. `points` are 0 to 100; `observed` is what its figures are counted from."""

    __tablename__ = "eval_result"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "run_id", "name"),
        points_to("ml.eval_run", "run_id"),
        points_to("ml.eval_case", "case_id"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        Index(None, "shop_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    run_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    passed: Mapped[bool]
    points: Mapped[float]
    faults: Mapped[list[str]] = mapped_column(JSONB)
    reply: Mapped[str] = mapped_column(Text)
    observed: Mapped[dict[str, Any]] = mapped_column(JSONB)
    latency_ms: Mapped[int]
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
