"""The `app` schema, continued: what became of messages and people after they were written down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, points_to


class CustomerMerge(Base):
    """Two customers were found to be one person: by which kind of name they share, and when."""

    __tablename__ = "customer_merge"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "merged_id"),
        points_to("app.customer", "merged_id"),
        points_to("app.customer", "kept_id"),
        Index(None, "shop_id", "kept_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    kept_id: Mapped[UUID]
    evidence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class DeliveryPart(Base):
    """What the network told of one message of ours, kept also while we do not know whose it is.

    Only messages that a network speaks of have a row, so most replies never need one.
    """

    __tablename__ = "delivery_part"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "conversation_id", "platform_id"),
        points_to("app.conversation", "conversation_id"),
        CheckConstraint("state IN ('sent', 'delivered', 'read', 'failed')", name="state"),
        Index(None, "shop_id", "reply_id", postgresql_where=text("reply_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    platform_id: Mapped[str] = mapped_column(Text)
    reply_id: Mapped[UUID | None]
    part: Mapped[int | None] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]


class Withheld(Base):
    """A reply that was not sent on purpose, and why; often it has no message."""

    __tablename__ = "withheld"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "reply_id"),
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "at"),
        Index(None, "shop_id", "conversation_id", "at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    reply_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Reaction(Base):
    """The emoji somebody has on a message now; none once it was taken back."""

    __tablename__ = "reaction"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "conversation_id", "platform_id", "sender"),
        points_to("app.conversation", "conversation_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    platform_id: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text)
    emoji: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    position: Mapped[int] = mapped_column(BigInteger)
