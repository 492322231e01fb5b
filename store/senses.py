"""What hearing voice notes and looking at pictures took: a line a call, and the days together.

Neither holds a text or anybody's name. A cost that nobody can tell is NULL in a line, and counts
among the `unpriced` of a day: 0 would look like a gift.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, of_a_shop
from store.facts import SCHEMA as ANALYTICS
from store.reckoning import Scope

KINDS: Final = ("voice", "image")
COUNTED: Final = """
INSERT INTO analytics.sense_cost (shop_id, day, channel, kind, provider, model, files, unpriced,
    seconds, tokens_in, tokens_out, cost_micros)
SELECT $1::uuid, $4::date, channel, kind, provider, model, count(*),
       count(*) FILTER (WHERE cost_micros IS NULL), coalesce(sum(seconds), 0), sum(tokens_in),
       sum(tokens_out), coalesce(sum(cost_micros), 0)
FROM app.sense_log WHERE shop_id = $1 AND created_at >= $2 AND created_at < $3
GROUP BY channel, kind, provider, model
"""
_SPENT: Final = """
SELECT kind, provider, model, sum(files)::bigint AS files, sum(unpriced)::bigint AS unpriced,
       sum(seconds) AS seconds, sum(tokens_in)::bigint AS tokens_in,
       sum(tokens_out)::bigint AS tokens_out, sum(cost_micros)::bigint AS cost_micros
FROM analytics.sense_cost {where}
GROUP BY kind, provider, model ORDER BY cost_micros DESC, files DESC, kind, provider, model
"""


class SenseLog(Base):
    """One line per file that a model heard or looked at; `seconds` of what was heard. The customer
    is whoever sent the message, as long as it is there."""

    __tablename__ = "sense_log"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "id"),
        of_a_shop(),
        Index(None, "shop_id", "created_at"),
        CheckConstraint("kind IN ('voice', 'image')", name="kind"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float | None]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class SenseCost(Base):
    """A day of them by network, kind and model. `cost_micros` is of those whose price is known."""

    __tablename__ = "sense_cost"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "channel", "kind", "provider", "model"),
        CheckConstraint("kind IN ('voice', 'image')", name="kind"),
        of_a_shop(),
        {"schema": ANALYTICS},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    files: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    unpriced: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    seconds: Mapped[float] = mapped_column(server_default=text("0"))
    tokens_in: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    tokens_out: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


async def spent(session: AsyncSession, scope: Scope) -> Sequence[dict[str, Any]]:
    """By kind and model, the dearest first; hours of the week cannot be told apart."""
    where, given = scope.days_where()
    found = await session.execute(text(_SPENT.format(where=where)), given)
    return [dict(row) for row in found.mappings()]
