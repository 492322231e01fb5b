"""How content customers are with a conversation as a whole: asked once, answered by stars."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, points_to

_ASKED: Final = sql("""
    SELECT EXISTS (SELECT FROM app.csat WHERE shop_id = :shop AND conversation_id = :conversation
                   AND asked_at > :since)
""")


class Csat(Owned, Base):
    """One question; its id is that of the message that asks it. `position` is the place of the
    newest answer, so an older one that is replayed changes nothing."""

    __tablename__ = "csat"
    __table_args__ = (
        points_to("app.conversation", "conversation_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "shop_id", "conversation_id", "asked_at"),
        Index(None, "shop_id", "asked_at"),
        {"schema": SCHEMA},
    )

    conversation_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, server_default="")
    position: Mapped[int | None] = mapped_column(BigInteger)


async def asked_lately(
    session: AsyncSession, shop: UUID, conversation: UUID, at: datetime, days: int
) -> bool:
    """Whether a conversation was asked within so many days; 0 is ever."""
    since = at - timedelta(days=days) if days else datetime.min.replace(tzinfo=at.tzinfo)
    given = {"shop": shop, "conversation": conversation, "since": since}
    return bool(await session.scalar(_ASKED, given))
