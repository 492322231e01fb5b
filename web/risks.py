"""What the pages and the API share about risks: places in lists, whose they are, who looked."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from prediction.errors import SchemaMismatch
from prediction.model import Model, decoded
from services.clock import Clock, now
from store.audit import Actor, record
from store.lending import Client, Loan
from store.predicting import Of, RiskModel, RiskPrediction
from store.risk_lists import Order, Wanted
from text.folding import fold

NOBODY: Final = UUID(int=0)
MOST: Final = 1_000
"""So many are counted."""
DEAREST: Final = 10**18


class BadPlace(ValueError):
    """Not a mark of this list."""


def written(by: Order, row: Mapping[str, Any] | RowMapping) -> str:
    """The mark of a list in this order that goes on after the row."""
    told = f"{by}|{row['place']!r}|{row['tie']}"
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def place_of(mark: str, by: Order) -> tuple[float, UUID]:
    """Raises BadPlace, also for the mark of another order."""
    try:
        order, first, last = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split("|")
        place = float(first) if by == "probability" else int(first)
        found = place, UUID(last)
    except ValueError as error:
        raise BadPlace(mark) from error
    if order != by or abs(place) > DEAREST:
        raise BadPlace(mark)
    return found


async def about(session: AsyncSession, shop: UUID, wanted: Wanted, text: str) -> Wanted:
    """Of the client, or else of the loan, that has this number; or else of whoever is called so."""
    if not text:
        return wanted
    client = await client_numbered(session, shop, text)
    if client is not None:
        return replace(wanted, client=client)
    loan = await loan_numbered(session, shop, text)
    if loan is not None:
        return replace(wanted, loan=loan)
    return replace(wanted, names=tuple(fold(text).split()) or (text,))


async def numbered(
    session: AsyncSession, shop: UUID, *, client: str | None, loan: str | None
) -> list[ColumnElement[bool]]:
    """Of whom predictions are to be."""
    found: list[ColumnElement[bool]] = []
    if client is not None:
        one = await client_numbered(session, shop, client)
        found.append(RiskPrediction.client_id == (one or NOBODY))
    if loan is not None:
        lent = await loan_numbered(session, shop, loan)
        found.append(RiskPrediction.loan_id == (lent or NOBODY))
    return found


async def client_numbered(session: AsyncSession, shop: UUID, number: str) -> UUID | None:
    """However its letters are written."""
    query = select(Client.id).where(Client.shop_id == shop, Client.number.in_(_spelled(number)))
    return await session.scalar(query.limit(1))


async def loan_numbered(session: AsyncSession, shop: UUID, number: str) -> UUID | None:
    query = select(Loan.id).where(Loan.shop_id == shop, Loan.number.in_(_spelled(number)))
    return await session.scalar(query.limit(1))


def _spelled(number: str) -> set[str]:
    plain = number.strip()
    return {plain, plain.upper()}


async def looked(
    session: AsyncSession, shop: UUID, who: Actor, clients: Sequence[UUID], *, clock: Clock = now
) -> None:
    """Who saw whose risks in a list, in the transaction that read them."""
    if clients:
        told: dict[str, Any] = {"clients": sorted(set(clients)), "count": len(clients)}
        await record(session, shop, who, "risk.listed", f"shop:{shop}", after=told, clock=clock)


async def looked_at(
    session: AsyncSession,
    shop: UUID,
    who: Actor,
    client: UUID,
    prediction: UUID,
    *,
    clock: Clock = now,
) -> None:
    told, what = {"prediction": prediction}, f"client:{client}"
    await record(session, shop, who, "risk.seen", what, after=told, clock=clock)


def readable(row: RiskModel | None) -> Model | None:
    """None for one that another release wrote: the page says so."""
    try:
        return decoded(row.record) if row else None
    except SchemaMismatch:
        return None


async def has_model(session: AsyncSession, shop: UUID, of: Of) -> bool:
    """Whether one is in use."""
    row = RiskModel
    query = select(row.id).where(row.shop_id == shop, row.kind == of, row.active)
    return await session.scalar(query) is not None


async def above(session: AsyncSession, shop: UUID, of: Of, threshold: float) -> int:
    """How many that hold today are at least as likely; no more than MOST."""
    row = RiskPrediction
    query = select(row.id).where(
        row.shop_id == shop, row.kind == of, row.current, row.probability >= threshold
    )
    bounded = query.limit(MOST).subquery()
    return await session.scalar(select(func.count()).select_from(bounded)) or 0
