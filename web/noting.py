"""What the shop's people note of a customer: told to no customer, and to no model. Whoever changes
or removes a note may take that back for a day; then the night forgets what it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Customer
from store.inbox import CustomerNote
from text.folding import clean

LONGEST: Final = 1_000
SHOWN: Final = 40
BACK: Final = timedelta(days=1)


def said(written: str) -> str:
    return clean(written, LONGEST).strip()


def kept(shop: UUID, customer: UUID) -> Select[UUID]:
    """Who somebody turned out to be."""
    one = Customer
    mine = one.shop_id == shop, one.id == customer
    return select(func.coalesce(one.merged_into, one.id)).where(*mine)


def of(shop: UUID, customer: UUID) -> Select[CustomerNote]:
    """The notes of a person, whichever of them was noted of."""
    who = kept(shop, customer).scalar_subquery()
    everybody = select(Customer.id).where(
        Customer.shop_id == shop, or_(Customer.id == who, Customer.merged_into == who)
    )
    row = CustomerNote
    return select(row).where(row.shop_id == shop, row.customer_id.in_(everybody))


def standing() -> ColumnElement[bool]:
    return CustomerNote.gone_at.is_(None)


async def listed(
    session: AsyncSession, shop: UUID, customer: UUID, now: datetime
) -> Sequence[CustomerNote]:
    """The newest first, with those that can be brought back."""
    row = CustomerNote
    query = of(shop, customer).where(or_(standing(), row.gone_at > now - BACK))
    return (await session.scalars(query.order_by(row.at.desc(), row.id).limit(SHOWN))).all()


async def find(
    session: AsyncSession, shop: UUID, customer: UUID, note: UUID
) -> CustomerNote | None:
    """Held until the transaction ends."""
    query = of(shop, customer).where(CustomerNote.id == note)
    found: CustomerNote | None = await session.scalar(query.with_for_update(of=CustomerNote))
    return found


async def add(
    session: AsyncSession, shop: UUID, customer: UUID, at: datetime, *, by: str, text: str
) -> CustomerNote | None:
    """None where the shop has no such customer."""
    who = await session.scalar(kept(shop, customer))
    if who is None:
        return None
    one = CustomerNote(shop_id=shop, id=uuid4(), customer_id=who, by=by, text=text, at=at)
    session.add(one)
    await session.flush()
    return one


def change(one: CustomerNote, text: str, at: datetime) -> bool:
    """False where it says so already."""
    if text == one.text:
        return False
    one.was, one.text, one.edited_at = one.text, text, at
    return True


def remove(one: CustomerNote, at: datetime) -> None:
    one.gone_at = at


def bring_back(one: CustomerNote, now: datetime) -> bool:
    """Once it was removed, where that is not too long ago."""
    if one.gone_at is None or one.gone_at <= now - BACK:
        return False
    one.gone_at = None
    return True


def change_back(one: CustomerNote, now: datetime) -> bool:
    """To what it said before, where it still stands and it is not too late."""
    if one.gone_at is not None or one.was is None or not changed(one, now):
        return False
    one.text, one.was, one.edited_at = one.was, None, None
    return True


def changed(one: CustomerNote, now: datetime) -> bool:
    """Lately enough to be taken back."""
    return one.was is not None and one.edited_at is not None and one.edited_at > now - BACK
