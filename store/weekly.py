"""Who of the shop is told on Mondays what the week came to, and in which chat of theirs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint, Row, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, of_a_shop, points_to
from store.facts import Report
from store.people import Person
from store.session import ReadSession, WriteSession


class WeeklyReader(Base):
    """`chat` is one of `takeover.staff`, as it is written there, and nobody else's."""

    __tablename__ = "weekly_reader"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "person_id"),
        of_a_shop(),
        points_to("app.person", "person_id"),
        Index("uq_weekly_reader_chat", "shop_id", "chat", unique=True),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    person_id: Mapped[UUID]
    chat: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def chats(session: ReadSession, shop: UUID) -> dict[str, UUID]:
    """Whose each chosen chat is."""
    query = select(WeeklyReader.chat, WeeklyReader.person_id).where(WeeklyReader.shop_id == shop)
    return {row.chat: row.person_id for row in await session.execute(query)}


async def keep(session: WriteSession, shop: UUID, person: UUID, chat: str) -> bool:
    """False where they have chosen already, or somebody else has chosen the chat."""
    given = {"shop_id": shop, "person_id": person, "chat": chat}
    fresh = insert(WeeklyReader).values(given).on_conflict_do_nothing()
    return await session.scalar(fresh.returning(WeeklyReader.chat)) is not None


async def drop(session: WriteSession, shop: UUID, person: UUID) -> bool:
    mine = WeeklyReader.shop_id == shop, WeeklyReader.person_id == person
    gone = delete(WeeklyReader).where(*mine).returning(WeeklyReader.chat)
    return await session.scalar(gone) is not None


async def readers(session: ReadSession, shop: UUID) -> Sequence[Row[str, str | None]]:
    """Each chat with the language of its person, as far as they still come in."""
    of = (Person.shop_id == WeeklyReader.shop_id) & (Person.id == WeeklyReader.person_id)
    query = select(WeeklyReader.chat, Person.locale).join(Person, of)
    mine = query.where(WeeklyReader.shop_id == shop, Person.disabled_at.is_(None))
    return (await session.execute(mine.order_by(WeeklyReader.chat))).all()


async def mark_told(
    session: WriteSession, shop: UUID, period: str, at: datetime, replies: Sequence[UUID]
) -> bool:
    """Whether nobody has marked it before."""
    mine = Report.shop_id == shop, Report.period == period, Report.told_at.is_(None)
    told = update(Report).where(*mine).values(told_at=at, told=[str(one) for one in replies])
    return await session.scalar(told.returning(Report.period)) is not None
