"""The newest of what somebody noted, however much they noted before."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store.ledger import LedgerEntry, Owner


async def latest(
    session: AsyncSession, owner: Owner, limit: int, **wanted: str | int | date
) -> Sequence[LedgerEntry]:
    """The newest first; `wanted` are columns and what they hold."""
    return (await session.scalars(newest(owner, limit, **wanted))).all()


def newest(owner: Owner, limit: int, **wanted: str | int | date) -> Select[LedgerEntry]:
    """Of each id of a person alone the index gives the newest without looking at the others."""
    columns = LedgerEntry.__table__.c
    person = owner.ids().subquery()
    of_one = (
        select(LedgerEntry)
        .where(
            LedgerEntry.shop_id == owner.shop,
            LedgerEntry.customer_id == person.c.id,
            LedgerEntry.cancelled_at.is_(None),
            *(columns[name] == value for name, value in wanted.items()),
        )
        .order_by(LedgerEntry.created_at.desc(), LedgerEntry.id)
        .limit(limit)
        .lateral()
    )
    entry = aliased(LedgerEntry, of_one)
    return (
        select(entry)
        .select_from(person.join(of_one, true()))
        .order_by(entry.created_at.desc(), entry.id)
        .limit(limit)
    )
