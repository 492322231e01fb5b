"""The `ml` schema: what is learned from. Its texts are PII-masked before they get here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store import dealings, rollouts, versions  # noqa: F401  rows point to them
from store.base import Base, Owned, of_a_shop, points_to
from store.filters import library

SCHEMA = "ml"


class TrainingData(Owned, Base):
    """One answered turn. `position` is the reply's place in its stream; it decides the pairing.

    `asked_at` is the platform's time of the question, None when the reply answers no message.
    `follow_up_id` is the customer's next message, `user_feedback` its text; `order_id` is what they
    ordered after it; the score columns cache what all rows of ml.score together say. `version_id`
    is who should have answered, on the side `variant` of the `stage` of a rollout; with `fallback`
    another model did. `origin` is where it comes from when nobody chatted; `allowed` caches what a
    person said of it in ml.acceptance.
    """

    __tablename__ = "training_data"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        points_to("app.conversation", "conversation_id"),
        points_to("app.product", "product_id"),
        points_to("app.orders", "order_id"),
        Index(None, "shop_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
        CheckConstraint("quality_score BETWEEN 1 AND 5", name="quality_score"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("author IN ('bot', 'human')", name="author"),
        Index(None, "shop_id", "quality_score"),
        Index(None, "category", "quality_score"),
        Index(None, "shop_id", "conversation_id", "position"),
        Index(None, "shop_id", "created_at", "id"),
        Index(
            "ix_training_data_edited",
            "shop_id",
            "id",
            postgresql_where=text("correction IS NOT NULL OR rejected"),
        ),
        *library(),
        points_to("ml.model_version", "version_id"),
        points_to("ml.rollout", "rollout_id"),
        CheckConstraint("variant IN ('control', 'canary')", name="variant"),
        Index(
            None, "shop_id", "version_id", "dispatched_at",
            postgresql_where=text("version_id IS NOT NULL"),
        ),
        Index(
            "ix_training_data_rollout", "shop_id", "rollout_id", "stage", "dispatched_at",
            postgresql_where=text("rollout_id IS NOT NULL"),
        ),
        {"schema": SCHEMA},
    )  # fmt: skip

    customer_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    turn_id: Mapped[UUID | None]
    request_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    user_message: Mapped[str] = mapped_column(Text)
    bot_response: Mapped[str] = mapped_column(Text)
    intensity: Mapped[float]
    tone: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(Text)
    slots: Mapped[dict[str, Any]] = mapped_column(JSONB)
    confidence: Mapped[float]
    context: Mapped[dict[str, Any]] = mapped_column(JSONB)
    product_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    product_name: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    model_version: Mapped[str] = mapped_column(Text)
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    latency_ms: Mapped[int]
    asked_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime]
    pii_scrubbed: Mapped[bool] = mapped_column(server_default=text("true"))
    follow_up_id: Mapped[UUID | None]
    follow_up_at: Mapped[datetime | None]
    user_feedback: Mapped[str | None] = mapped_column(Text)
    quality_score: Mapped[int | None] = mapped_column(SmallInteger)
    quality_label: Mapped[str | None] = mapped_column(Text)
    quality_confidence: Mapped[float | None]
    is_successful: Mapped[bool] = mapped_column(server_default=text("false"))
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    correction: Mapped[str | None] = mapped_column(Text)
    rejected: Mapped[bool] = mapped_column(server_default=text("false"))
    evaluated_at: Mapped[datetime | None]
    version_id: Mapped[UUID | None]
    rollout_id: Mapped[UUID | None]
    variant: Mapped[str | None] = mapped_column(Text)
    stage: Mapped[int | None] = mapped_column(SmallInteger)
    fallback: Mapped[bool] = mapped_column(server_default=text("false"))
    origin: Mapped[str] = mapped_column(Text, server_default="chat")
    allowed: Mapped[bool | None]


class Score(Base):
    """Every judgement of a reply, by every scorer and version. Words are judged once, unless a
    shop's history is judged again; what is not said in words (a reaction, an edit) may be taken
    back, and its judgement follows."""

    __tablename__ = "score"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id", "scorer", "version"),
        points_to("ml.training_data", "training_id"),
        # Only for those who walk over many rows: a whole one would pass for the key.
        Index(
            "ix_score_walked",
            "shop_id",
            "scorer",
            "created_at",
            "training_id",
            postgresql_where=text("scorer IN ('lexicon', 'judge', 'edit')"),
        ),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    scorer: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    score: Mapped[int | None] = mapped_column(SmallInteger)
    label: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    successful: Mapped[bool]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]


class TrainingSource(Base):
    """What a reply rests on beside its product: a passage, or a record of the customer's. The
    source may be gone since: documents are replaced, loans are paid."""

    __tablename__ = "training_source"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id", "kind", "source_id"),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "kind", "source_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str] = mapped_column(Text)


class Dataset(Owned, Base):
    """Immutable: content hash, manifest, and the rows it used.

    It is stale once a customer of its rows left, or wants to teach no more: nothing is trained on
    it from then on.
    """

    __tablename__ = "dataset"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "period"),
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

    period: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    stale_at: Mapped[datetime | None]
    stale_reason: Mapped[str | None] = mapped_column(Text)


class DatasetRow(Base):
    """A row as it was when the dataset was built. `place` is its line in the file of its split,
    `pair` the line in that of the pairs; a row without a place is only the worse half of a pair.
    The digests tell which line was changed, without the files.
    """

    __tablename__ = "dataset_row"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "dataset_id", "training_id"),
        points_to("ml.dataset", "dataset_id"),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "training_id"),
        Index(None, "shop_id", "dataset_id", "split", "place"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    dataset_id: Mapped[UUID]
    training_id: Mapped[UUID]
    split: Mapped[str] = mapped_column(Text)
    place: Mapped[int | None]
    pair: Mapped[int | None]
    weight: Mapped[float] = mapped_column(server_default=text("1"))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    corrected: Mapped[bool] = mapped_column(server_default=text("false"))
    successful: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    pair_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
