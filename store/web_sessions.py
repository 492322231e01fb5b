"""Who is in: sessions of the pages, known by the hash of an id that the browser alone has."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Index,
    LargeBinary,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import NOW, SHOP, Base, Given, of_a_shop, points_to
from store.people import Person

IDLE: Final = timedelta(hours=12)
ABSOLUTE: Final = timedelta(days=14)
SEEN: Final = timedelta(minutes=1)
"""Being seen is written down once a minute, not with every page."""
MOST: Final = 200


class WebSession(Base):
    """`digest` is the SHA-256 of the id; `person_id` is None for one opened by the shop's key."""

    __tablename__ = "web_session"
    __table_args__ = (
        of_a_shop(),
        points_to("app.person", "person_id"),
        Index("uq_web_session_digest", "shop_id", "digest", unique=True),
        Index(None, "shop_id", "person_id", "last_seen_at"),
        Index(None, "shop_id", "created_at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID | None]
    ip_hash: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class NewSession(TypedDict):
    shop_id: UUID
    id: UUID
    digest: bytes
    person_id: UUID | None
    ip_hash: str | None
    agent: str
    created_at: datetime
    last_seen_at: datetime


class Entered(NamedTuple):
    """A session that stands, and its person; None for the shop's key."""

    session: WebSession
    person: Person | None

    @property
    def until(self) -> datetime:
        return min(self.session.created_at + ABSOLUTE, self.session.last_seen_at + IDLE)


async def open_session(session: AsyncSession, new: NewSession) -> None:
    """Those that ended of age are forgotten with it."""
    old = WebSession.created_at < new["created_at"] - ABSOLUTE
    await session.execute(delete(WebSession).where(WebSession.shop_id == new["shop_id"], old))
    await session.execute(insert(WebSession).values(**new))


async def entered(
    session: AsyncSession, shop: UUID, digests: Collection[bytes], at: datetime
) -> Entered | None:
    """None for one that is over, whose person was shut out, or that nobody knows."""
    given = {"shop": shop, "digests": list(digests), "now": at}
    found = (await session.execute(_entered(), given)).first()
    return None if found is None else Entered(found[0], found[1])


@cache
def _entered() -> Select[WebSession, Person]:
    mine = and_(Person.shop_id == WebSession.shop_id, Person.id == WebSession.person_id)
    digests = bindparam("digests", type_=ARRAY(LargeBinary()))
    return (
        select(WebSession, Person)
        .outerjoin(Person, mine)
        .where(
            WebSession.shop_id == SHOP,
            WebSession.digest == any_(digests),
            *_standing(NOW),
            Person.disabled_at.is_(None),
        )
    )


async def seen(session: AsyncSession, shop: UUID, one: UUID, at: datetime) -> None:
    mine = update(WebSession).where(WebSession.shop_id == shop, WebSession.id == one)
    await session.execute(mine.values(last_seen_at=at))


async def sessions_of(
    session: AsyncSession, shop: UUID, person: UUID | None, at: datetime
) -> Sequence[WebSession]:
    """Those that stand, the one seen last first."""
    query = select(WebSession).where(WebSession.shop_id == shop, _persons(person), *_standing(at))
    return list(await session.scalars(query.order_by(WebSession.last_seen_at.desc()).limit(MOST)))


async def end_session(
    session: AsyncSession, shop: UUID, person: UUID | None, one: UUID, at: datetime
) -> bool:
    """Of this person alone; False when there is none such that stands."""
    mine = update(WebSession).where(
        WebSession.shop_id == shop,
        WebSession.id == one,
        _persons(person),
        WebSession.ended_at.is_(None),
    )
    ended = mine.values(ended_at=at).returning(WebSession.id)
    return await session.scalar(ended) is not None


async def end_sessions(
    session: AsyncSession,
    shop: UUID,
    person: UUID | None,
    at: datetime,
    *,
    besides: UUID | None = None,
) -> int:
    """How many there were."""
    mine = update(WebSession).where(
        WebSession.shop_id == shop,
        _persons(person),
        WebSession.ended_at.is_(None),
        *([] if besides is None else [WebSession.id != besides]),
    )
    ended = await session.scalars(mine.values(ended_at=at).returning(WebSession.id))
    return len(ended.all())


def _standing(at: Given[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (
        WebSession.ended_at.is_(None),
        WebSession.last_seen_at > at - IDLE,
        WebSession.created_at > at - ABSOLUTE,
    )


def _persons(person: UUID | None) -> ColumnElement[bool]:
    mine = WebSession.person_id
    return mine.is_(None) if person is None else mine == person
