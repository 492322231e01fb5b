"""Writes a lender's records by the lender's own keys: written again, they change in place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import SCHEMA
from store.base import Base
from store.lending import Client, Instalment, Loan, Payment
from store.session import WriteSession, driver
from text.folding import fold

Row: TypeAlias = dict[str, Any]
KEY: Final = frozenset({"shop_id", "id"})


@dataclass(frozen=True, slots=True)
class ClientRow:
    number: str
    name: str
    id_tail: str | None = None
    born_on: date | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class LoanRow:
    number: str
    client: str
    principal: int
    balance: int
    rate: Decimal
    state: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    loan: str
    number: int
    due_on: date
    amount: int
    paid_amount: int
    state: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    reference: str
    loan: str
    instalment: int | None
    amount: int
    paid_on: date
    method: str


@dataclass(frozen=True, slots=True)
class Portfolio:
    clients: Sequence[ClientRow] = field(default=())
    loans: Sequence[LoanRow] = field(default=())
    instalments: Sequence[InstalmentRow] = field(default=())
    payments: Sequence[PaymentRow] = field(default=())


def client_id(shop: UUID, number: str) -> UUID:
    return uuid5(shop, f"client:{number}")


def loan_id(shop: UUID, number: str) -> UUID:
    return uuid5(shop, f"loan:{number}")


def instalment_id(shop: UUID, loan: str, number: int) -> UUID:
    return uuid5(shop, f"instalment:{loan}:{number}")


async def replace(session: WriteSession, shop: UUID, given: Portfolio) -> None:
    """A row that is no longer given stays: what was lent is never forgotten by an import."""
    await _upsert(session, Client, shop, (_client(shop, one) for one in given.clients))
    await _upsert(session, Loan, shop, (_loan(shop, one) for one in given.loans))
    await _upsert(session, Instalment, shop, (_instalment(shop, one) for one in given.instalments))
    await _upsert(session, Payment, shop, (_payment(shop, one) for one in given.payments))


async def count_clients(session: AsyncSession, shop: UUID) -> int:
    query = select(func.count()).select_from(Client).where(Client.shop_id == shop)
    return await session.scalar(query) or 0


async def numbers(session: AsyncSession, shop: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """Of the clients and loans that are there already, which new rows may refer to."""
    clients = await session.scalars(select(Client.number).where(Client.shop_id == shop))
    loans = await session.scalars(select(Loan.number).where(Loan.shop_id == shop))
    return frozenset(clients), frozenset(loans)


async def planned(session: AsyncSession, shop: UUID) -> frozenset[tuple[str, int]]:
    """The instalments that are there already, by loan and place."""
    query = select(Loan.number, Instalment.number).where(
        Loan.shop_id == shop, Instalment.shop_id == shop, Instalment.loan_id == Loan.id
    )
    return frozenset((loan, number) for loan, number in await session.execute(query))


async def _upsert(
    session: WriteSession, model: type[Base], shop: UUID, rows: Iterable[Row]
) -> None:
    """Copied beside the table first: a lender has hundreds of thousands of rows."""
    given = [{"shop_id": shop} | row for row in rows]
    if not given:
        return
    names, stage = list(given[0]), f"coming_{model.__tablename__}"
    table = f"{SCHEMA}.{model.__tablename__}"
    await session.execute(text(f"CREATE TEMPORARY TABLE {stage} (LIKE {table} INCLUDING DEFAULTS)"))
    connection = await driver(session)
    records = [tuple(row.values()) for row in given]
    await connection.copy_records_to_table(stage, records=records, columns=names)
    columns = ", ".join(names)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in KEY)
    await connection.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage}"  # noqa: S608  our own names
        f" ON CONFLICT (shop_id, id) DO UPDATE SET {changed}"
    )
    await connection.execute(f"DROP TABLE {stage}")


def _client(shop: UUID, one: ClientRow) -> Row:
    return {
        "id": client_id(shop, one.number),
        "number": one.number,
        "name": one.name,
        "folded": fold(one.name),
        "id_tail": one.id_tail,
        "born_on": one.born_on,
        "phone": one.phone,
    }


def _loan(shop: UUID, one: LoanRow) -> Row:
    return {
        "id": loan_id(shop, one.number),
        "client_id": client_id(shop, one.client),
        "number": one.number,
        "principal": one.principal,
        "balance": one.balance,
        "rate": one.rate,
        "state": one.state,
        "opened_on": one.opened_on,
    }


def _instalment(shop: UUID, one: InstalmentRow) -> Row:
    return {
        "id": instalment_id(shop, one.loan, one.number),
        "loan_id": loan_id(shop, one.loan),
        "number": one.number,
        "due_on": one.due_on,
        "amount": one.amount,
        "paid_amount": one.paid_amount,
        "state": one.state,
    }


def _payment(shop: UUID, one: PaymentRow) -> Row:
    of = instalment_id(shop, one.loan, one.instalment) if one.instalment is not None else None
    return {
        "id": uuid5(shop, f"payment:{one.reference}"),
        "loan_id": loan_id(shop, one.loan),
        "instalment_id": of,
        "reference": one.reference,
        "amount": one.amount,
        "paid_on": one.paid_on,
        "method": one.method,
    }
