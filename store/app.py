"""The `app` schema: shops, who talks to them, and what was said.

Every tenant table's key begins with shop_id, and foreign keys between them are composite: a row can
never point into another shop. Only tables that point to no other one refer to the shop itself; a
reference from all of them would make every insert lock the same row.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Owned, of_a_shop, points_to

SCHEMA = "app"


class Shop(Base):
    __tablename__ = "shop"
    __table_args__ = {"schema": SCHEMA}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    pack: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text, server_default="CLP")
    locale: Mapped[str] = mapped_column(Text, server_default="es")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Customer(Owned, Base):
    """`merged_into` is who this person turned out to be; that one is never merged itself. Since
    `restricted_at` what they write is kept, and nothing else is done with it."""

    __tablename__ = "customer"
    __table_args__ = (
        of_a_shop(),
        points_to("app.customer", "merged_into"),
        Index(None, "shop_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index(
            "ix_customer_name", "shop_id", func.lower(literal_column("name")).label("lowered"),
            postgresql_ops={"lowered": "text_pattern_ops"},
        ),
        CheckConstraint("intensity BETWEEN 0 AND 1", name="intensity"),
        CheckConstraint("tone IN ('coach', 'neutral', 'formal')", name="tone"),
        {"schema": SCHEMA},
    )  # fmt: skip

    name: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str | None] = mapped_column(Text)
    opted_out_at: Mapped[datetime | None]
    intensity: Mapped[float] = mapped_column(server_default=text("0.5"))
    tone: Mapped[str] = mapped_column(Text, server_default="neutral")
    no_training: Mapped[bool] = mapped_column(server_default=text("false"))
    restricted_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None]


class CustomerAlias(Base):
    """One name of a customer; a customer has many, none of them is required.

    `channel` is the network, or the kind of name it gave: phone, wa_id, bsuid, lid.
    """

    __tablename__ = "customer_alias"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "channel", "external_id"),
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id"),
        Index(
            "ix_customer_alias_external_id", "shop_id", "external_id",
            postgresql_ops={"external_id": "text_pattern_ops"},
        ),
        {"schema": SCHEMA},
    )  # fmt: skip

    shop_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[UUID]


class Conversation(Owned, Base):
    """`reachable_position` is the place of the newest news of whether we can write here;
    `silenced_position` of who has the word, and a silence is over after `silenced_until`."""

    __tablename__ = "conversation"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id"),
        Index(None, "shop_id", "last_at"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    account: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    thread: Mapped[str | None] = mapped_column(Text)
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reachable: Mapped[bool] = mapped_column(server_default=text("true"))
    unreachable_at: Mapped[datetime | None]
    reachable_position: Mapped[int | None] = mapped_column(BigInteger)
    silenced: Mapped[bool] = mapped_column(server_default=text("false"))
    silenced_until: Mapped[datetime | None]
    silenced_by: Mapped[str | None] = mapped_column(Text)
    silenced_position: Mapped[int | None] = mapped_column(BigInteger)


class Message(Owned, Base):
    """What was really said, unmasked. `position` orders a conversation as its stream did.

    `edited_position` is the place of the newest edit, so an edit that is replayed late is refused.
    `masks` says which values the tags in a reply's training row stand for; `reading` is what a
    file was found to say.
    """

    __tablename__ = "message"
    __table_args__ = (
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "conversation_id", "position"),
        Index(
            None, "shop_id", "conversation_id", "platform_id",
            postgresql_where=text("platform_id IS NOT NULL"),
        ),
        Index("ix_message_at", "shop_id", "at"),
        Index("ix_message_words", text("to_tsvector('spanish', text)"), postgresql_using="gin"),
        Index(
            "ix_message_written_first", "shop_id", "at",
            postgresql_where=text("purpose IN ('follow_up', 'broadcast')"),
        ),
        Index(
            None, "shop_id", "conversation_id", "deleted_at",
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        {"schema": SCHEMA},
    )  # fmt: skip

    conversation_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    platform_id: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[UUID]
    turn_id: Mapped[UUID | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edited_position: Mapped[int | None] = mapped_column(BigInteger)
    deleted_at: Mapped[datetime | None]
    raw: Mapped[str | None] = mapped_column(Text)
    masks: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    purpose: Mapped[str] = mapped_column(Text, server_default="answer")
    reading: Mapped[str | None] = mapped_column(Text)
    reading_confidence: Mapped[float | None]
    reading_problem: Mapped[str | None] = mapped_column(Text)


class Delivery(Base):
    """How far one reply got; its id is the reply's message id. States only move forward.

    `state` is what holds for all of its `parts`; `told` is what our own sender said of it, before
    the network had its say.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "message_id"),
        points_to("app.message", "message_id"),
        CheckConstraint(
            "state IN ('dispatched', 'uncertain', 'withheld', 'accepted', 'sent', 'delivered',"
            " 'read', 'failed')",
            name="state",
        ),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    message_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    platform_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    updated_at: Mapped[datetime]
    told: Mapped[str] = mapped_column(Text, server_default="dispatched")
    parts: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))


class Product(Owned, Base):
    """`price` is in the smallest unit the currency has (CLP has none: pesos)."""

    __tablename__ = "product"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "sku"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("stock >= 0", name="stock"),
        {"schema": SCHEMA},
    )

    sku: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    category: Mapped[str] = mapped_column(Text, server_default="")
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    price: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[int]
    photo: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class EventLog(Base):
    """One line per model call: what it was, what it cost, whether it worked."""

    __tablename__ = "event_log"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "reply_id"),
        of_a_shop(),
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    reply_id: Mapped[UUID]
    request_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    latency_ms: Mapped[int]
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    ok: Mapped[bool]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
