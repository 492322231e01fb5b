"""What was foretold of loans and instalments, and what people made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    case,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from store.lending import Client, Instalment, Loan
from store.predicting import Of, Outcome, RiskPrediction, RiskReview

PAGE: Final = 25
HISTORY: Final = 60
LEFT: Final[dict[Of, ColumnElement[int]]] = {
    "loan": Loan.__table__.c.balance,
    "instalment": Instalment.__table__.c.amount - Instalment.__table__.c.paid_amount,
}
"""What is left to pay today, whatever it was when its risk was foretold."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person made of a prediction, and why."""

    outcome: Outcome
    note: str
    by: str
    at: datetime


async def prediction(session: AsyncSession, shop: UUID, which: UUID) -> RowMapping | None:
    """Whether it is current or not."""
    query = told(shop).where(RiskPrediction.id == which)
    found: RowMapping | None = (await session.execute(query)).mappings().one_or_none()
    return found


async def several(
    session: AsyncSession, shop: UUID, which: Sequence[UUID]
) -> dict[UUID, RowMapping]:
    """By their ids."""
    found = await session.execute(told(shop).where(RiskPrediction.id.in_(which)))
    return {row["id"]: row for row in found.mappings()}


async def newest(
    session: AsyncSession, shop: UUID, *, loan: UUID, instalment: int | None = None
) -> RowMapping | None:
    """What holds today of a loan, or of its instalment with this number."""
    one = RiskPrediction
    query = told(shop).where(one.current, one.loan_id == loan)
    if instalment is None:
        query = query.where(one.kind == "loan")
    else:
        query = query.where(one.kind == "instalment", Instalment.number == instalment)
    found: RowMapping | None = (await session.execute(query)).mappings().one_or_none()
    return found


async def history(
    session: AsyncSession, shop: UUID, *, loan: UUID, instalment: UUID | None
) -> list[tuple[date, float, int]]:
    """Day, probability and model version of the same target's predictions, the oldest first."""
    one = RiskPrediction
    query = select(one.as_of, one.probability, one.version).where(one.shop_id == shop)
    if instalment is None:
        query = query.where(one.kind == "loan", one.loan_id == loan)
    else:
        query = query.where(one.instalment_id == instalment)
    found = await session.execute(query.order_by(one.as_of.desc(), one.at.desc()).limit(HISTORY))
    return [(day, probability, version) for day, probability, version in found][::-1]


async def review(session: AsyncSession, shop: UUID, which: UUID, said: Said) -> UUID | None:
    """None where there is no such prediction."""
    mine = RiskPrediction.shop_id == shop, RiskPrediction.id == which
    seen: float | None = await session.scalar(select(RiskPrediction.probability).where(*mine))
    if seen is None:
        return None
    row = RiskReview(
        shop_id=shop, id=uuid4(), prediction_id=which, by=said.by, at=said.at,
        outcome=said.outcome, note=said.note, probability=seen,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


async def reviews(session: AsyncSession, shop: UUID, which: UUID) -> list[RiskReview]:
    """The newest first."""
    query = select(RiskReview).where(RiskReview.shop_id == shop, RiskReview.prediction_id == which)
    return list(await session.scalars(query.order_by(RiskReview.at.desc()).limit(PAGE)))


def told(shop: UUID) -> Select[Any]:
    """All columns of a prediction, client_number, client_name, loan_number, principal, the
    instalment's number and amount, what is `left` to pay, and the outcome of the last review as
    `reviewed`."""
    one = RiskPrediction
    last = (
        select(RiskReview.outcome)
        .where(RiskReview.shop_id == shop, RiskReview.prediction_id == one.id)
        .order_by(RiskReview.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    named = (
        Client.number.label("client_number"), Client.name.label("client_name"),
        Loan.number.label("loan_number"), Loan.principal, Instalment.number, Instalment.amount,
        case((one.kind == "loan", LEFT["loan"]), else_=LEFT["instalment"]).label("left"),
        last.label("reviewed"),
    )  # fmt: skip
    return (
        select(*one.__table__.columns, *named)
        .join(Client, (Client.shop_id == shop) & (Client.id == one.client_id))
        .join(Loan, (Loan.shop_id == shop) & (Loan.id == one.loan_id))
        .outerjoin(Instalment, (Instalment.shop_id == shop) & (Instalment.id == one.instalment_id))
        .where(one.shop_id == shop)
    )
