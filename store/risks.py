"""What was foretold of loans and instalments, and what people made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from store.lending import Client, Instalment, Loan
from store.predicting import Of, Outcome, RiskPrediction, RiskReview

PAGE: Final = 25
HISTORY: Final = 60
Order: TypeAlias = Literal["probability", "left"]
TARGET: Final[dict[Of, type[Loan | Instalment]]] = {"loan": Loan, "instalment": Instalment}
LEFT: Final[dict[Of, ColumnElement[int]]] = {
    "loan": Loan.__table__.c.balance,
    "instalment": Instalment.__table__.c.amount - Instalment.__table__.c.paid_amount,
}
"""What is left to pay today, whatever it was when its risk was foretold."""
IN_ORDER: Final = text("SET LOCAL enable_sort = off")
"""Under row-level security the planner takes a hundred thousand rows for one, and would sort them
all for a page; each order has its index."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which predictions a list shows: with at `least` that probability and `below` another, with
    `left` or more to pay, of clients whose name has words that begin like each of `names`, folded.
    `after` is where the page before it ended: the `place` and the `tie` of its last row. Of loans
    there are no dates."""

    of: Of
    least: float = 0.0
    below: float | None = None
    left: int = 0
    due_from: date | None = None
    due_until: date | None = None
    client: UUID | None = None
    loan: UUID | None = None
    names: tuple[str, ...] = ()
    by: Order = "probability"
    after: tuple[float, UUID] | None = None
    limit: int = PAGE

    @property
    def all_clients(self) -> bool:
        return not (self.names or self.client or self.loan)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person made of a prediction, and why."""

    outcome: Outcome
    note: str
    by: str
    at: datetime


async def listed(session: AsyncSession, shop: UUID, wanted: Wanted) -> list[RowMapping]:
    """Each with its client, loan and instalment, its `place` by the order that was wanted, and the
    `tie` that decides among those at one place."""
    if wanted.all_clients:
        await session.execute(IN_ORDER)
    return list((await session.execute(listing(shop, wanted))).mappings())


def listing(shop: UUID, wanted: Wanted) -> Select[Any]:
    """The current ones, the most probable first, or those where most is left to pay: they are
    picked by the index of their order alone, and joined afterwards."""
    one, target, left = RiskPrediction, TARGET[wanted.of], LEFT[wanted.of]
    by: tuple[Any, Any] = (left, target.id) if wanted.by == "left" else (one.probability, one.id)
    columns = one.id, by[0].label("place"), by[1].label("tie")
    picked = select(*columns).where(*_conditions(shop, wanted))
    if wanted.left or wanted.by == "left":
        its = one.loan_id if wanted.of == "loan" else one.instalment_id
        picked = picked.join(target, (target.shop_id == shop) & (target.id == its))
        picked = picked.where(left >= wanted.left)
    if wanted.after is not None:
        picked = picked.where(tuple_(*by) < wanted.after)
    some = picked.order_by(by[0].desc(), by[1].desc()).limit(wanted.limit).subquery()
    query = _told(shop).join(some, some.c.id == one.id).add_columns(some.c.place, some.c.tie)
    return query.order_by(some.c.place.desc(), some.c.tie.desc())


def _conditions(shop: UUID, wanted: Wanted) -> list[Any]:
    one = RiskPrediction
    found: list[Any] = [one.shop_id == shop, one.current, one.kind == wanted.of]
    found.append(one.probability >= wanted.least)
    if wanted.below is not None:
        found.append(one.probability < wanted.below)
    if wanted.due_from is not None:
        found.append(one.due_on >= wanted.due_from)
    if wanted.due_until is not None:
        found.append(one.due_on <= wanted.due_until)
    if wanted.client is not None:
        found.append(one.client_id == wanted.client)
    if wanted.loan is not None:
        found.append(one.loan_id == wanted.loan)
    if wanted.names:
        name = func.concat(" ", Client.folded)
        begins = [name.contains(f" {word}", autoescape=True) for word in wanted.names]
        found.append(one.client_id.in_(select(Client.id).where(Client.shop_id == shop, *begins)))
    return found


async def prediction(session: AsyncSession, shop: UUID, which: UUID) -> RowMapping | None:
    """Whether it is current or not."""
    query = _told(shop).where(RiskPrediction.id == which)
    found: RowMapping | None = (await session.execute(query)).mappings().one_or_none()
    return found


async def several(
    session: AsyncSession, shop: UUID, which: Sequence[UUID]
) -> dict[UUID, RowMapping]:
    """By their ids."""
    found = await session.execute(_told(shop).where(RiskPrediction.id.in_(which)))
    return {row["id"]: row for row in found.mappings()}


async def newest(
    session: AsyncSession, shop: UUID, *, loan: UUID, instalment: int | None = None
) -> RowMapping | None:
    """What holds today of a loan, or of its instalment with this number."""
    one = RiskPrediction
    query = _told(shop).where(one.current, one.loan_id == loan)
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


def _told(shop: UUID) -> Select[Any]:
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
