"""The `app` schema, continued: what people confirmed of their own money.

A row's id derives from the turn that proposed it, so whoever confirms twice writes it once. What is
taken back stays, marked as cancelled.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Select,
    Text,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA, Customer
from store.base import Base, Owned, points_to


class LedgerEntry(Owned, Base):
    """`amount` is in the currency's smallest unit; `turn_id` is the turn that proposed it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "on_day"),
        Index(
            "ix_ledger_entry_latest",
            "shop_id",
            "customer_id",
            "created_at",
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        CheckConstraint("kind IN ('expense', 'income')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    account: Mapped[str | None] = mapped_column(Text)
    on_day: Mapped[date]
    note: Mapped[str] = mapped_column(Text, server_default="")
    turn_id: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]


class Budget(Owned, Base):
    """The newest one of a category counts, from `from_day` on."""

    __tablename__ = "budget"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "category", "created_at"),
        CheckConstraint("period IN ('month', 'week')", name="period"),
        CheckConstraint("amount > 0", name="amount"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text, server_default="month")
    from_day: Mapped[date]
    turn_id: Mapped[UUID | None]


class Goal(Owned, Base):
    """What somebody wants to have saved."""

    __tablename__ = "goal"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "created_at"),
        CheckConstraint("amount > 0", name="amount"),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    by_day: Mapped[date | None]
    turn_id: Mapped[UUID | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """What was spent or earned in a category."""

    kind: str
    category: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Owner:
    """A person of a shop; their rows may stand under any customer who turned out to be them."""

    shop: UUID
    customer: UUID

    def ids(self) -> Select[UUID]:
        person = (
            select(func.coalesce(Customer.merged_into, Customer.id))
            .where(Customer.shop_id == self.shop, Customer.id == self.customer)
            .scalar_subquery()
        )
        return select(Customer.id).where(
            Customer.shop_id == self.shop,
            (Customer.id == person) | (Customer.merged_into == person),
        )


async def add(
    session: AsyncSession,
    table: type[LedgerEntry] | type[Budget] | type[Goal],
    rows: Sequence[dict[str, Any]],
) -> None:
    """What stands there already stays as it is; an entry that was withdrawn counts again."""
    adding = insert(table).values(list(rows))
    if table is not LedgerEntry:
        await session.execute(adding.on_conflict_do_nothing())
        return
    again = LedgerEntry.cancelled_at.is_not(None) & (
        LedgerEntry.customer_id == adding.excluded.customer_id
    )
    await session.execute(
        adding.on_conflict_do_update(
            index_elements=["shop_id", "id"], set_={"cancelled_at": None}, where=again
        )
    )


async def sums(session: AsyncSession, owner: Owner, first: date, last: date) -> list[Sum]:
    """By kind, category and currency, the largest first."""
    total = func.sum(LedgerEntry.amount)
    query = (
        select(LedgerEntry.kind, LedgerEntry.category, LedgerEntry.currency, total)
        .where(*_live(owner), LedgerEntry.on_day.between(first, last))
        .group_by(LedgerEntry.kind, LedgerEntry.category, LedgerEntry.currency)
        .order_by(total.desc(), LedgerEntry.category)
    )
    rows = (await session.execute(query)).all()
    return [Sum(kind, category, currency, int(value)) for kind, category, currency, value in rows]


async def budgets(session: AsyncSession, owner: Owner) -> Sequence[Budget]:
    """The one that counts of every category."""
    query = (
        select(Budget)
        .where(Budget.shop_id == owner.shop, Budget.customer_id.in_(owner.ids()))
        .ext(distinct_on(Budget.category))
        .order_by(Budget.category, Budget.created_at.desc(), Budget.id)
    )
    return (await session.scalars(query)).all()


async def goals(session: AsyncSession, owner: Owner, limit: int) -> Sequence[Goal]:
    query = (
        select(Goal)
        .where(Goal.shop_id == owner.shop, Goal.customer_id.in_(owner.ids()))
        .order_by(Goal.created_at.desc(), Goal.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def cancel(
    session: AsyncSession, owner: Owner, entry: UUID, at: datetime
) -> LedgerEntry | None:
    """The entry, cancelled now or before; None where it is nobody's, or somebody else's."""
    mine = (
        LedgerEntry.shop_id == owner.shop,
        LedgerEntry.id == entry,
        LedgerEntry.customer_id.in_(owner.ids()),
    )
    await session.execute(
        update(LedgerEntry).where(*mine, LedgerEntry.cancelled_at.is_(None)).values(cancelled_at=at)
    )
    return (await session.scalars(select(LedgerEntry).where(*mine))).first()


async def withdraw(
    session: AsyncSession, owner: Owner, rows: Collection[UUID], at: datetime
) -> None:
    """What was agreed to and taken back before anybody heard so; entries stay, as cancelled."""
    mine = (LedgerEntry.id.in_(rows), *_live(owner))
    await session.execute(update(LedgerEntry).where(*mine).values(cancelled_at=at))
    for table in (Budget, Goal):
        await session.execute(
            delete(table).where(
                table.shop_id == owner.shop,
                table.id.in_(rows),
                table.customer_id.in_(owner.ids()),
            )
        )


async def restore(session: AsyncSession, owner: Owner, entry: UUID) -> None:
    """A removal that was taken back."""
    await session.execute(
        update(LedgerEntry)
        .where(
            LedgerEntry.shop_id == owner.shop,
            LedgerEntry.id == entry,
            LedgerEntry.customer_id.in_(owner.ids()),
        )
        .values(cancelled_at=None)
    )


async def erase(session: AsyncSession, owner: Owner) -> None:
    """Everything of one person, for good."""
    for table in (LedgerEntry, Budget, Goal):
        await session.execute(
            delete(table).where(table.shop_id == owner.shop, table.customer_id.in_(owner.ids()))
        )


def _live(owner: Owner) -> tuple[Any, ...]:
    return (
        LedgerEntry.shop_id == owner.shop,
        LedgerEntry.customer_id.in_(owner.ids()),
        LedgerEntry.cancelled_at.is_(None),
    )
