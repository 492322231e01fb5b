"""The people of a shop: who may enter its pages, and as what.

An account belongs to one shop, as everything else does: whoever works in two has two, and the
owner of one shop can never open a door in another by a new password.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    LargeBinary,
    Text,
    exists,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, undefer

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop

ROLES: Final = ("admin", "owner", "seller", "viewer")
IN_CHARGE: Final = ("admin", "owner")
MOST: Final = 500


class Person(Owned, Base):
    """`email` is in lower case. Without `password_hash` somebody was invited and has not come yet;
    `link_digest` is that of the one link by which they may choose a password, until `link_until`.
    """

    __tablename__ = "person"
    __table_args__ = (
        of_a_shop(),
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint("email = lower(email)", name="email"),
        Index("uq_person_email", "shop_id", "email", unique=True),
        Index(
            "uq_person_link",
            "shop_id",
            "link_digest",
            unique=True,
            postgresql_where=text("link_digest IS NOT NULL"),
        ),
        Index(None, "shop_id", "name"),
        {"schema": SCHEMA},
    )

    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text, deferred=True)
    password_at: Mapped[datetime | None]
    link_digest: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    link_until: Mapped[datetime | None]
    locale: Mapped[str | None] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(Text)
    single_key_shortcuts: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_at: Mapped[datetime | None]


class NewPerson(TypedDict):
    shop_id: UUID
    id: UUID
    email: str
    name: str
    role: str


def email_of(text: str) -> str:
    """As it is stored and looked up."""
    return text.replace("\x00", "").strip().lower()


async def add_person(session: AsyncSession, person: NewPerson) -> bool:
    """False when the shop has somebody with this e-mail already."""
    fresh = insert(Person).values(**{**person, "email": email_of(person["email"])})
    once = fresh.on_conflict_do_nothing(index_elements=["shop_id", "email"])
    return await session.scalar(once.returning(Person.id)) is not None


async def person_by_email(session: AsyncSession, shop: UUID, email: str) -> Person | None:
    """With the hash of their password."""
    query = select(Person).where(Person.shop_id == shop, Person.email == email_of(email))
    found: Person | None = await session.scalar(query.options(undefer(Person.password_hash)))
    return found


async def person_by_id(session: AsyncSession, shop: UUID, person: UUID) -> Person | None:
    return await session.get(Person, (shop, person))


async def person_by_link(
    session: AsyncSession, shop: UUID, digest: bytes, at: datetime
) -> Person | None:
    """Nobody once the link was used, replaced or is too old."""
    query = select(Person).where(
        Person.shop_id == shop,
        Person.link_digest == digest,
        Person.link_until > at,
        Person.disabled_at.is_(None),
    )
    found: Person | None = await session.scalar(query)
    return found


async def people(session: AsyncSession, shop: UUID) -> Sequence[Person]:
    """By name; those who may not enter any more come last."""
    query = select(Person).where(Person.shop_id == shop).limit(MOST)
    gone = Person.disabled_at.is_not(None)
    return list(await session.scalars(query.order_by(gone, Person.name, Person.id)))


async def page(
    session: AsyncSession, shop: UUID, sought: str, after: UUID | None, limit: int
) -> Sequence[Person]:
    """As `people`, from behind somebody on; each word stands in a name or an e-mail."""
    gone = Person.disabled_at.is_not(None)
    query = select(Person).where(Person.shop_id == shop, *called(sought))
    if after is not None:
        last = await person_by_id(session, shop, after)
        if last is None:
            return []
        place = last.disabled_at is not None, last.name, last.id
        query = query.where(tuple_(gone, Person.name, Person.id) > tuple_(*place))
    return list(await session.scalars(query.order_by(gone, Person.name, Person.id).limit(limit)))


def called(sought: str) -> Sequence[ColumnElement[bool]]:
    """Each word stands in a name or an e-mail."""
    return [
        or_(*(one.icontains(word, autoescape=True) for one in (Person.name, Person.email)))
        for word in sought.split()
    ]


async def names_of(session: AsyncSession, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    query = select(Person.id, Person.name).where(Person.shop_id == shop, Person.id.in_(ids))
    return {row.id: row.name for row in await session.execute(query)}


async def is_led(session: AsyncSession, shop: UUID, *, besides: UUID | None = None) -> bool:
    """Whether an owner or administrator, other than `besides`, can enter."""
    someone = exists().where(
        Person.shop_id == shop,
        Person.role.in_(IN_CHARGE),
        Person.password_at.is_not(None),
        Person.disabled_at.is_(None),
        *([] if besides is None else [Person.id != besides]),
    )
    return bool(await session.scalar(select(someone)))


async def hold_leaders(session: AsyncSession, shop: UUID) -> None:
    """Until the transaction ends nobody else changes who is in charge."""
    leaders = select(Person.id).where(Person.shop_id == shop, Person.role.in_(IN_CHARGE))
    await session.execute(leaders.order_by(Person.id).with_for_update())


async def is_peopled(session: AsyncSession, shop: UUID) -> bool:
    """Whether anybody at all can enter by an e-mail."""
    someone = exists().where(
        Person.shop_id == shop, Person.password_at.is_not(None), Person.disabled_at.is_(None)
    )
    return bool(await session.scalar(select(someone)))


async def change_person(session: AsyncSession, shop: UUID, person: UUID, **changed: object) -> None:
    """Columns by name: role, name, locale, theme, single_key_shortcuts, disabled_at."""
    mine = update(Person).where(Person.shop_id == shop, Person.id == person)
    await session.execute(mine.values(**changed))


async def set_password(
    session: AsyncSession, shop: UUID, person: UUID, hashed: str, at: datetime
) -> None:
    """A link to choose one is used up by it."""
    values = {"password_hash": hashed, "password_at": at, "link_digest": None, "link_until": None}
    await change_person(session, shop, person, **values)


async def set_link(
    session: AsyncSession, shop: UUID, person: UUID, digest: bytes, until: datetime
) -> None:
    """Takes the place of the link before it."""
    await change_person(session, shop, person, link_digest=digest, link_until=until)
