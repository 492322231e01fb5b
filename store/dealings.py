"""The `app` schema, continued: orders, files, hand-overs, and what was written first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to


class Order(Owned, Base):
    """What a customer asked for. `reply_id` is the answer that led to it; amounts are in the
    currency's smallest unit. Stock is held from `confirmed` until it is paid or given up."""

    __tablename__ = "orders"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "customer_id"),
        Index(None, "shop_id", "conversation_id", "created_at"),
        Index(None, "shop_id", "state", "updated_at"),
        Index(None, "shop_id", "confirmed_at", postgresql_where=text("confirmed_at IS NOT NULL")),
        Index(None, "shop_id", "paid_at", postgresql_where=text("paid_at IS NOT NULL")),
        CheckConstraint(
            "state IN ('draft', 'confirmed', 'receipt', 'paid', 'rejected', 'cancelled',"
            " 'expired')",
            name="state",
        ),
        CheckConstraint("total >= 0", name="total"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    account: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    total: Mapped[int] = mapped_column(BigInteger)
    turn_id: Mapped[UUID | None]
    reply_id: Mapped[UUID | None]
    receipt_id: Mapped[UUID | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class OrderLine(Base):
    """`price` is of one, as it was when the customer confirmed."""

    __tablename__ = "order_line"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "order_id", "sku"),
        points_to("app.orders", "order_id"),
        points_to("app.product", "product_id"),
        Index(None, "shop_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("price >= 0", name="price"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    order_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(Text)
    product_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)


class MediaFile(Owned, Base):
    """A file of a customer's message. `path` is below the media folder; None where none is kept."""

    __tablename__ = "media_file"
    __table_args__ = (
        points_to("app.message", "message_id"),
        Index(None, "shop_id", "message_id"),
        Index(
            "ix_media_file_kept",
            "shop_id",
            "created_at",
            postgresql_where=text("path IS NOT NULL"),
        ),
        {"schema": SCHEMA},
    )

    message_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    mime: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)


class HandOver(Owned, Base):
    """The bot asked for a person; `resolved_at` is when one wrote or gave the word back."""

    __tablename__ = "hand_over"
    __table_args__ = (
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "conversation_id", "at"),
        Index(None, "shop_id", "at"),
        Index(
            "ix_hand_over_waiting",
            "shop_id",
            "conversation_id",
            postgresql_where=text("resolved_at IS NULL"),
        ),
        {"schema": SCHEMA},
    )

    conversation_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    summary: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class Broadcast(Owned, Base):
    """One text, or template, to many who did not ask for it now."""

    __tablename__ = "broadcast"
    __table_args__ = (
        of_a_shop(),
        Index(None, "shop_id", "state"),
        CheckConstraint("state IN ('running', 'paused', 'done', 'cancelled')", name="state"),
        {"schema": SCHEMA},
    )

    name: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    template: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="running")


class BroadcastTarget(Base):
    """One person of a broadcast; `state` says how far it got with them, `reason` why not."""

    __tablename__ = "broadcast_target"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "broadcast_id", "conversation_id"),
        points_to("app.broadcast", "broadcast_id"),
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "conversation_id"),
        Index(None, "shop_id", "reply_id", postgresql_where=text("reply_id IS NOT NULL")),
        Index(
            "ix_broadcast_target_waiting",
            "shop_id",
            "broadcast_id",
            "conversation_id",
            postgresql_where=text("state = 'waiting'"),
        ),
        CheckConstraint("state IN ('waiting', 'offered', 'skipped')", name="state"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    broadcast_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    chat: Mapped[str] = mapped_column(Text)
    thread: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)
    reply_id: Mapped[UUID | None]
    at: Mapped[datetime | None]
