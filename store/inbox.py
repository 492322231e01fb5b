"""The `app` schema, continued: what the shop's people note about conversations and
customers, and say often.

Nothing here is told to a customer, and nothing of it teaches the bot.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to

STATES: Final = ("open", "snoozed", "resolved")


class ConversationState(Base):
    """Where the shop's people stand with a conversation; without a row it is open and nobody's.

    `at` is when its state changed: a customer's message that is newer opens it again. `assigned_to`
    is whose it is, `seen_position` the newest message that somebody has looked at. `converted` is
    what a person says of the sale; None leaves it to the orders. `gist` is what it had come to when
    it was resolved last: `intents`, names of `products`, and the `total` of what was bought.
    """

    __tablename__ = "conversation_state"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "conversation_id"),
        points_to("app.conversation", "conversation_id"),
        CheckConstraint("state IN ('open', 'snoozed', 'resolved')", name="state"),
        CheckConstraint("(state = 'snoozed') = (until IS NOT NULL)", name="until"),
        Index(None, "shop_id", "state", "at"),
        Index(None, "shop_id", "assigned_to", postgresql_where=text("assigned_to IS NOT NULL")),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text, server_default="open")
    until: Mapped[datetime | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text, server_default="")
    assigned_to: Mapped[str | None] = mapped_column(Text)
    seen_position: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    converted: Mapped[bool | None]
    converted_by: Mapped[str | None] = mapped_column(Text)
    converted_at: Mapped[datetime | None]
    gist: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Note(Owned, Base):
    """What one of the shop's people wrote for the others to read."""

    __tablename__ = "note"
    __table_args__ = (
        points_to("app.conversation", "conversation_id"),
        Index(None, "shop_id", "conversation_id", "at"),
        {"schema": SCHEMA},
    )

    conversation_id: Mapped[UUID]
    by: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class CustomerNote(Owned, Base):
    """What one of the shop's people wrote of a customer. `was` is what it said before it was
    changed, `gone_at` when it was removed: both are forgotten a day later."""

    __tablename__ = "customer_note"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "at"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    by: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    was: Mapped[str | None] = mapped_column(Text)
    edited_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class CannedReply(Owned, Base):
    """An answer that is written once and used often; `key` is what follows the slash."""

    __tablename__ = "canned_reply"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "key"),
        {"schema": SCHEMA},
    )

    key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
