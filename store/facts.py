"""The `analytics` schema, continued: what a shop's days came to, and what its people are told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, Text, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.afterwards import Withheld
from store.app import Delivery
from store.base import Base, of_a_shop

SCHEMA: Final = "analytics"
A_WEEK: Final = "____-W__"
"""As 2026-W47, for LIKE."""


class DailyFact(Base):
    """A day by the shop's clock, from `began_at` until `ended_at`. Counts and sums alone, so that
    days add up: no text, and nobody's name.

    `costs` says of each provider how many answers it gave and their millionths of a dollar;
    `refused` why replies of the day would not teach now. Amounts are in the smallest unit of the
    shop's currency; `led` counts what a bot's answer led to.
    """

    __tablename__ = "daily_fact"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    replies: Mapped[int]
    conversations: Mapped[int]
    scored: Mapped[int]
    score_sum: Mapped[int] = mapped_column(BigInteger)
    successes: Mapped[int]
    no_answers: Mapped[int]
    local: Mapped[int]
    tokens_in: Mapped[int] = mapped_column(BigInteger)
    tokens_out: Mapped[int] = mapped_column(BigInteger)
    p50_ms: Mapped[float | None]
    p95_ms: Mapped[float | None]
    cost_micros: Mapped[int] = mapped_column(BigInteger)
    costs: Mapped[dict[str, dict[str, int]]] = mapped_column(JSONB)
    orders: Mapped[int]
    orders_sum: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int]
    paid_sum: Mapped[int] = mapped_column(BigInteger)
    paid_led: Mapped[int]
    paid_led_sum: Mapped[int] = mapped_column(BigInteger)
    hand_overs: Mapped[int]
    ratings: Mapped[int]
    bad_ratings: Mapped[int]
    corrections: Mapped[int]
    good: Mapped[int]
    refused: Mapped[dict[str, int]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Report(Base):
    """What a fortnight came to; bots tell it to the shop's people, once. What could not be answered
    is named by the rows where it was asked, so that it is gone when they are."""

    __tablename__ = "report"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "period"),
        of_a_shop(),
        Index("ix_report_waiting", "shop_id", postgresql_where=text("told_at IS NULL")),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    period: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    told_at: Mapped[datetime | None]
    told: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")


async def keep_days(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Counted again, a day changes in place."""
    for row in rows:
        changed = {name: value for name, value in row.items() if name not in {"shop_id", "day"}}
        query = insert(DailyFact).values(**row)
        await session.execute(
            query.on_conflict_do_update(
                index_elements=["shop_id", "day"], set_=changed | {"computed_at": func.now()}
            )
        )


async def days(session: AsyncSession, shop: UUID, first: date, last: date) -> list[DailyFact]:
    query = select(DailyFact).where(DailyFact.shop_id == shop, DailyFact.day.between(first, last))
    return list(await session.scalars(query.order_by(DailyFact.day)))


async def last_hosted(
    session: AsyncSession, shop: UUID, until: date, paid: Sequence[str]
) -> float | None:
    """Millionths of a dollar an answer cost on the last day on which one cost something."""
    query = (
        select(DailyFact.costs)
        .where(DailyFact.shop_id == shop, DailyFact.day <= until, DailyFact.cost_micros > 0)
        .order_by(DailyFact.day.desc())
        .limit(1)
    )
    found = [one for name, one in (await session.scalar(query) or {}).items() if name in paid]
    answers = sum(one["replies"] for one in found)
    return sum(one["micros"] for one in found) / answers if answers else None


async def keep_report(session: AsyncSession, shop: UUID, period: str, **what: object) -> bool:
    """Whether it is new: the first one stays as it is."""
    query = insert(Report).values(shop_id=shop, period=period, **what)
    found = await session.scalar(query.on_conflict_do_nothing().returning(Report.period))
    return found is not None


async def waiting_reports(
    session: AsyncSession, shop: UUID, since: datetime, *, weekly: bool = False
) -> list[Report]:
    """Those of before nobody wants to hear of any more. A week has other readers."""
    query = select(Report).where(
        Report.shop_id == shop,
        Report.told_at.is_(None),
        Report.created_at >= since,
        Report.period.like(A_WEEK) if weekly else Report.period.not_like(A_WEEK),
    )
    return list(await session.scalars(query.order_by(Report.created_at, Report.period)))


async def last_report(session: AsyncSession, shop: UUID) -> Report | None:
    query = select(Report).where(Report.shop_id == shop, Report.period.not_like(A_WEEK))
    return (await session.scalars(query.order_by(Report.created_at.desc()).limit(1))).first()


async def mark_told(
    session: AsyncSession, shop: UUID, period: str, at: datetime, replies: Sequence[UUID]
) -> None:
    mine = (Report.shop_id == shop, Report.period == period)
    values = {"told_at": at, "told": [str(reply) for reply in replies]}
    await session.execute(update(Report).where(*mine).values(**values))


async def outcomes(session: AsyncSession, shop: UUID, replies: Sequence[UUID]) -> dict[UUID, str]:
    """How far each of these messages got, or why it was withheld; the others are on their way."""
    got = select(Delivery.message_id, Delivery.state).where(
        Delivery.shop_id == shop, Delivery.message_id.in_(replies)
    )
    kept = select(Withheld.reply_id, func.concat("withheld: ", Withheld.reason)).where(
        Withheld.shop_id == shop, Withheld.reply_id.in_(replies)
    )
    found = [*(await session.execute(got)).all(), *(await session.execute(kept)).all()]
    return {row[0]: row[1] for row in found}
