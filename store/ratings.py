"""What people say of an answer: stars, thumbs and comments, and the better answers they propose.

Texts are PII-masked before they get here. `training_data.stars`, `rejected` and `correction` are
caches of these rows, written in the same transaction.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, points_to
from store.ml import SCHEMA

BAD = "NOT processed AND (thumb = -1 OR stars <= 2)"


class Rating(Owned, Base):
    """What one person says of one answer: saying it again changes it. `who` is a person of the
    shop; a customer is the one of the row. `position` is the place of a customer's word in the
    stream. With neither stars nor a thumb it only notes that somebody looked at a bad score.

    `processed`, `notes` and `improved` are what the shop did about it.
    """

    __tablename__ = "rating"
    __table_args__ = (
        points_to("ml.training_data", "training_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("thumb IN (-1, 1)", name="thumb"),
        CheckConstraint("role IN ('customer', 'staff')", name="role"),
        Index(None, "shop_id", "training_id"),
        Index(None, "shop_id", "updated_at"),
        Index("ix_rating_pending", "shop_id", "updated_at", postgresql_where=text(BAD)),
        {"schema": SCHEMA},
    )

    training_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text, server_default="")
    via: Mapped[str] = mapped_column(Text)
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    thumb: Mapped[int | None] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, server_default="")
    position: Mapped[int | None] = mapped_column(BigInteger)
    processed: Mapped[bool] = mapped_column(server_default=text("false"))
    processed_by: Mapped[str | None] = mapped_column(Text)
    processed_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(Text, server_default="")
    improved: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime]


class Correction(Owned, Base):
    """A better answer to the question of a row: proposed by a person or a model, decided by a
    person. `basis` is the answer that it was to replace, `checks` what code found in it.
    """

    __tablename__ = "correction"
    __table_args__ = (
        points_to("ml.training_data", "training_id"),
        CheckConstraint("origin IN ('person', 'ai')", name="origin"),
        CheckConstraint("state IN ('proposed', 'accepted', 'refused')", name="state"),
        CheckConstraint("state = 'proposed' OR coalesce(decided_by, '') <> ''", name="decided"),
        Index(None, "shop_id", "training_id"),
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

    training_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, server_default="")
    checks: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    state: Mapped[str] = mapped_column(Text, server_default="proposed")
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
