"""The `ml` schema: what is learned from. Its texts are PII-masked before they get here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store import dealings  # noqa: F401  rows point to orders
from store.base import Base, Owned, of_a_shop, points_to

SCHEMA = "ml"


class TrainingData(Owned, Base):
    """One answered turn. `position` is the reply's place in its stream; it decides the pairing.

    `asked_at` is the platform's time of the question, None when the reply answers no message.
    `follow_up_id` is the customer's next message, `user_feedback` its text; `order_id` is what they
    ordered after it; the score columns cache the newest row of ml.score.
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
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

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


class Score(Base):
    """Every judgement of a reply, by every scorer and version; nothing is overwritten."""

    __tablename__ = "score"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id", "scorer", "version"),
        points_to("ml.training_data", "training_id"),
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
    """Immutable: content hash, manifest, and the rows it used."""

    __tablename__ = "dataset"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "period"),
        {"schema": SCHEMA},
    )

    period: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)


class DatasetRow(Base):
    __tablename__ = "dataset_row"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "dataset_id", "training_id"),
        points_to("ml.dataset", "dataset_id"),
        points_to("ml.training_data", "training_id"),
        Index(None, "shop_id", "training_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    dataset_id: Mapped[UUID]
    training_id: Mapped[UUID]
    split: Mapped[str] = mapped_column(Text)
