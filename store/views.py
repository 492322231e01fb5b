"""Lists as a person wants to see them again: a name, and the filters of a page's address."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Index, Text, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, points_to
from store.people import Person
from store.session import ReadSession, WriteSession

MOST: Final = 20
"""Of one page, for each person."""


class SavedView(Owned, Base):
    """`query` may hold words that somebody looked for, and so the name of a customer."""

    __tablename__ = "saved_view"
    __table_args__ = (
        points_to("app.person", "person_id"),
        Index("uq_saved_view_name", "shop_id", "person_id", "page", "name", unique=True),
        {"schema": SCHEMA},
    )

    person_id: Mapped[UUID]
    page: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[dict[str, str]] = mapped_column(JSONB)


async def of_person(
    session: ReadSession, shop: UUID, person: UUID, page: str
) -> Sequence[SavedView]:
    mine = SavedView.shop_id == shop, SavedView.person_id == person, SavedView.page == page
    query = select(SavedView).where(*mine).order_by(SavedView.name).limit(MOST)
    return list(await session.scalars(query))


async def keep(
    session: WriteSession,
    shop: UUID,
    person: UUID,
    page: str,
    name: str,
    query: Mapping[str, str],
) -> bool:
    """The same name again means something else from now on; False where there are enough."""
    who = select(Person.id).where(Person.shop_id == shop, Person.id == person)
    await session.execute(who.with_for_update(key_share=True))
    mine = SavedView.shop_id == shop, SavedView.person_id == person, SavedView.page == page
    others = select(func.count()).select_from(SavedView).where(*mine, SavedView.name != name)
    if (await session.scalar(others) or 0) >= MOST:
        return False
    given = {"person_id": person, "page": page, "name": name, "query": dict(query)}
    fresh = insert(SavedView).values(shop_id=shop, id=uuid4(), **given)
    again = fresh.on_conflict_do_update(
        index_elements=["shop_id", "person_id", "page", "name"], set_={"query": dict(query)}
    )
    await session.execute(again)
    return True


async def drop(session: WriteSession, shop: UUID, person: UUID, view: UUID) -> str:
    """The page it was of; empty where there is none."""
    mine = SavedView.shop_id == shop, SavedView.person_id == person, SavedView.id == view
    return await session.scalar(delete(SavedView).where(*mine).returning(SavedView.page)) or ""


async def forget(session: WriteSession, shop: UUID, person: UUID) -> None:
    """All that they kept."""
    mine = SavedView.shop_id == shop, SavedView.person_id == person
    await session.execute(delete(SavedView).where(*mine))
