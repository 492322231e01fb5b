"""The steps of every request, kept for two weeks: who looks for an id, an error or a slow answer
finds it here. Nothing in it was said by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Index,
    PrimaryKeyConstraint,
    Select,
    Text,
    delete,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, of_a_shop
from store.batches import BatchInsert

SLOW_US: Final = 1_500_000
REPLY: Final = "reply"
SLOW: Final = text(f"name = 'reply' AND duration_us >= {SLOW_US}")
REPLIES: Final = text("name = 'reply'")
PAGE: Final = 500
MANY: Final = 400
"""Steps of one request that are shown; a call that brought a whole backlog has more."""


class Span(Base):
    """`parent_id` is the step within which it was taken; `error` the class of what went wrong."""

    __tablename__ = "span"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "request_id", "id"),
        of_a_shop(),
        Index(None, "shop_id", "started_at"),
        Index("ix_span_replies", "shop_id", "started_at", "id", postgresql_where=REPLIES),
        Index(
            "ix_span_conversation", "shop_id", "conversation_id", "started_at",
            postgresql_where=REPLIES,
        ),
        Index("ix_span_failed", "shop_id", "started_at", postgresql_where=text("NOT ok")),
        Index("ix_span_slow", "shop_id", "started_at", postgresql_where=SLOW),
        {"schema": SCHEMA},
    )  # fmt: skip

    shop_id: Mapped[UUID]
    request_id: Mapped[UUID]
    id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    duration_us: Mapped[int] = mapped_column(BigInteger)
    ok: Mapped[bool]
    error: Mapped[str | None] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)


SPANS: Final = BatchInsert.into(
    Span, "shop_id", "request_id", "id", "parent_id", "conversation_id", "name", "kind",
    "started_at", "duration_us", "ok", "error", "attributes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; `before` is the last one they saw, by its moment and its id."""

    failed: bool = False
    slow: bool = False
    conversation: UUID | None = None
    before: tuple[datetime, UUID] | None = None
    limit: int = 50


async def of_request(session: AsyncSession, shop: UUID, request: UUID) -> list[Span]:
    """In the order in which they began."""
    query = select(Span).where(Span.shop_id == shop, Span.request_id == request)
    query = query.order_by(Span.started_at, Span.duration_us.desc(), Span.id).limit(MANY)
    return list(await session.scalars(query))


async def found(session: AsyncSession, shop: UUID, wanted: Wanted) -> list[Span]:
    """The newest first: replies, or with `failed` whatever went wrong."""
    query = wanted_of(
        shop, failed=wanted.failed, slow=wanted.slow, conversation=wanted.conversation
    )
    if wanted.before is not None:
        query = query.where(tuple_(Span.started_at, Span.id) < wanted.before)
    query = query.order_by(Span.started_at.desc(), Span.id.desc()).limit(wanted.limit)
    return list(await session.scalars(query))


def wanted_of(shop: UUID, *, failed: bool, slow: bool, conversation: UUID | None) -> Select[Span]:
    """Replies, slow ones alone, or whatever went wrong; each has an index of its own."""
    query = select(Span).where(Span.shop_id == shop)
    if failed:
        query = query.where(text("NOT ok"))
    elif slow:
        query = query.where(SLOW)
    else:
        query = query.where(REPLIES)
    return query if conversation is None else query.where(Span.conversation_id == conversation)


async def forget(session: AsyncSession, shop: UUID, before: datetime) -> int:
    """At most a page of them at a time, so that nobody waits for it; how many were there."""
    old = (
        select(Span.request_id, Span.id)
        .where(Span.shop_id == shop, Span.started_at < before)
        .order_by(Span.started_at)
        .limit(PAGE)
    )
    rows: Sequence[Any] = (await session.execute(old)).all()
    if rows:
        keys = [(row.request_id, row.id) for row in rows]
        mine = (Span.shop_id == shop, tuple_(Span.request_id, Span.id).in_(keys))
        await session.execute(delete(Span).where(*mine))
    return len(rows)
