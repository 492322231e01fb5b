"""The `app` schema, continued: what customers asked of their data, agreed to, and left behind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, PrimaryKeyConstraint, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to

KINDS = ("export", "erasure", "opposition", "rectification", "restriction")
STATES = ("open", "running", "done")


class PrivacyRequest(Owned, Base):
    """What somebody asked of a customer's data, to be done by `due_at`.

    `scope` names all that is theirs while an erasure goes on, so that whoever goes on after a crash
    knows what to look for; when it is done, `customer_id`, `scope` and `note` are gone and the
    `receipt` counts what was taken out of each store.
    """

    __tablename__ = "privacy_request"
    __table_args__ = (
        of_a_shop(),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(None, "shop_id", "created_at", "id"),
        Index(
            None, "shop_id", "customer_id", "created_at",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "ix_privacy_request_open", "shop_id", "due_at",
            postgresql_where=text("state <> 'done'"),
        ),
        {"schema": SCHEMA},
    )  # fmt: skip

    customer_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="open")
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, server_default="")
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    scope: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    receipt: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class Consent(Owned, Base):
    """A customer's yes or no, as it was said; the last one of its `subject` counts."""

    __tablename__ = "consent"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        CheckConstraint("subject IN ('training', 'processing', 'messages')", name="subject"),
        Index(None, "shop_id", "customer_id", "created_at"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(Text)
    granted: Mapped[bool]
    by: Mapped[str] = mapped_column(Text)


class Erased(Base):
    """A tombstone: until `at`, nothing is kept of whoever bears this name. The digest is keyed with
    the shop's pepper, so the table tells nobody who they were."""

    __tablename__ = "erased"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "digest"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class PrivacyPepper(Base):
    """The key of a shop's tombstones and links; no page ever reads it."""

    __tablename__ = "privacy_pepper"
    __table_args__ = (PrimaryKeyConstraint("shop_id"), of_a_shop(), {"schema": SCHEMA})

    shop_id: Mapped[UUID]
    pepper: Mapped[bytes] = mapped_column(LargeBinary)


class PrivacyRule(Base):
    """For how many days a shop keeps what; None is what the configuration says."""

    __tablename__ = "privacy_rule"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id"),
        of_a_shop(),
        CheckConstraint("chat_days BETWEEN 1 AND 3650", name="chat_days"),
        CheckConstraint("media_days BETWEEN 1 AND 3650", name="media_days"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    chat_days: Mapped[int | None]
    media_days: Mapped[int | None]
    notice: Mapped[str] = mapped_column(Text, server_default="")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class PrivacyLink(Owned, Base):
    """A way in that works once: to a customer's own page, or to one export (`request_id`).

    `session` is the digest of what the browser keeps after it was used.
    """

    __tablename__ = "privacy_link"
    __table_args__ = (
        of_a_shop(),
        Index(None, "shop_id", "digest", unique=True),
        Index(None, "shop_id", "session", postgresql_where=text("session IS NOT NULL")),
        Index(None, "shop_id", "customer_id"),
        Index(None, "shop_id", "expires_at"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    session: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
