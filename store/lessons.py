"""What a shop's people teach by hand: sales they vouch for, cases they review, questions that
nobody could answer; and what each of their acts changed, so that it can be undone.

What belongs to a captured turn goes with it.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop
from store.ml import SCHEMA
from store.versions import one_of

CASES: Final = ("pending", "draft", "done", "discarded")
QUESTIONS: Final = ("open", "answered", "missing", "ignored")


def _goes_with(table: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["shop_id", column], [f"{table}.shop_id", f"{table}.id"], ondelete="CASCADE"
    )


class Outcome(Base):
    """What a person says became of a turn: whether it sold, and for how much, in the smallest unit
    of the currency. Their word goes before everything that was found without them."""

    __tablename__ = "outcome"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id"),
        _goes_with("ml.training_data", "training_id"),
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "shop_id", "at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    converted: Mapped[bool]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ReviewCase(Base):
    """A turn that a person should look at, for a `reason` of learning.reviewing.REASONS; the first
    counts most. `sample` ones are drawn by chance: only they say how good the bot is as a whole.

    `intent` and `stars` are what the reviewer said; a draft is not said yet. Whoever works at a
    case has it until `claimed_until`.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id"),
        _goes_with("ml.training_data", "training_id"),
        one_of("state", CASES),
        CheckConstraint("reason BETWEEN 0 AND 5", name="reason"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(
            "ix_review_case_pending", "shop_id", "skips", "reason", "at", "training_id",
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "shop_id", "state", "decided_at"),
        Index(
            "ix_review_case_sample", "shop_id", "at",
            postgresql_where=text("sample"),
        ),
        {"schema": SCHEMA},
    )  # fmt: skip

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    reason: Mapped[int] = mapped_column(SmallInteger)
    sample: Mapped[bool]
    state: Mapped[str] = mapped_column(Text, server_default="pending")
    skips: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(Text)
    claimed_until: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(Text)
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    better: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]


class Act(Owned, Base):
    """Something a person did, and what stood there before: ids and marks, no text of anybody's."""

    __tablename__ = "teaching_act"
    __table_args__ = (
        of_a_shop(),
        Index(None, "shop_id", "by", "at"),
        {"schema": SCHEMA},
    )

    by: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    before: Mapped[list[Any]] = mapped_column(JSONB)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class QuestionCluster(Owned, Base):
    """Questions that mean the same and had no answer. `times` counts them, `variants` the ways they
    were put. `answer` is what the shop says to them all, `wanted` the product it does not have."""

    __tablename__ = "question_cluster"
    __table_args__ = (
        of_a_shop(),
        one_of("state", QUESTIONS),
        Index(None, "shop_id", "state", "times", "id"),
        Index(None, "shop_id", "last_at"),
        {"schema": SCHEMA},
    )

    state: Mapped[str] = mapped_column(Text, server_default="open")
    times: Mapped[int]
    variants: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    wanted: Mapped[str | None] = mapped_column(Text)
    example_id: Mapped[UUID | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    model: Mapped[str] = mapped_column(Text)
    embedding: Mapped[Any] = mapped_column(HALFVEC, deferred=True)


class QuestionAsked(Base):
    """One of the turns of a cluster; `digest` is of its folded words."""

    __tablename__ = "question_asked"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "training_id"),
        _goes_with("ml.training_data", "training_id"),
        _goes_with("ml.question_cluster", "cluster_id"),
        Index(None, "shop_id", "cluster_id", "at"),
        Index(None, "shop_id", "digest", "cluster_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    training_id: Mapped[UUID]
    cluster_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
