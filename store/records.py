"""Reads a client's own records: one transaction that can see no other client's, and cannot write.

Three things keep it so: the shop's row-level security, the views that show nothing but the client
named in the transaction, and a query that names both again.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    RowMapping,
    Select,
    Table,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import BigInteger, Date, Integer, Numeric, Text, Uuid

from store.app import SCHEMA
from store.base import StoreRefused
from store.session import ReadSession, Store

_VIEWS: Final = MetaData(schema=SCHEMA)
_CONFINE: Final = text(
    "SELECT set_config('role', 'aprendiz_web', true), set_config('app.shop_id', :shop, true),"
    " set_config('app.client_id', :client, true)"
)


def _view(table: str, /, **columns: Any) -> Table:  # noqa: ANN401  types of columns
    owned = {"shop_id": Uuid, "client_id": Uuid, "id": Uuid} | columns
    return Table(f"own_{table}", _VIEWS, *(Column(each, kind) for each, kind in owned.items()))


OWN: Final[Mapping[str, Table]] = {
    "client": _view("client", number=Text, name=Text),
    "loan": _view(
        "loan", number=Text, principal=BigInteger, balance=BigInteger, rate=Numeric, state=Text,
        opened_on=Date,
    ),
    "instalment": _view(
        "instalment", loan=Text, number=Integer, due_on=Date, amount=BigInteger,
        paid_amount=BigInteger, state=Text,
    ),
    "payment": _view(
        "payment", loan=Text, reference=Text, amount=BigInteger, paid_on=Date, method=Text
    ),
}  # fmt: skip


class Condition(Protocol):
    @property
    def field(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> object: ...


class Wanted(Protocol):
    """A look-up that was checked; whose rows it reads is not its own to say."""

    @property
    def table(self) -> str: ...
    @property
    def fields(self) -> Sequence[str]: ...
    @property
    def filters(self) -> Sequence[Condition]: ...
    @property
    def order(self) -> Sequence[str]: ...
    @property
    def newest(self) -> bool: ...
    @property
    def limit(self) -> int: ...


@asynccontextmanager
async def own(store: Store, shop: UUID, client: UUID) -> AsyncIterator[ReadSession]:
    """Sees this client of this shop and nothing else, whatever is asked of it."""
    async with store.reading() as session:
        await session.execute(_CONFINE, {"shop": str(shop), "client": str(client)})
        yield session


async def rows(
    session: ReadSession, shop: UUID, client: UUID, wanted: Wanted
) -> Sequence[RowMapping]:
    view, conditions = _named(shop, client, wanted)
    query = _selected(view, wanted).where(*conditions).order_by(*_ordered(view.c, wanted))
    return list((await session.execute(query.limit(wanted.limit))).mappings())


async def first_of_each(
    session: ReadSession, shop: UUID, client: UUID, wanted: Wanted, count: int
) -> Sequence[RowMapping]:
    """The first so many of each loan, in the order of all."""
    view, conditions = _named(shop, client, wanted)
    place = func.row_number().over(partition_by=view.c.loan, order_by=_ordered(view.c, wanted))
    placed = _selected(view, wanted).add_columns(place.label("place")).where(*conditions).subquery()
    query = select(*(column for column in placed.c if column.name != "place"))
    query = query.where(placed.c.place <= count).order_by(*_ordered(placed.c, wanted))
    return list((await session.execute(query)).mappings())


async def counted(session: ReadSession, shop: UUID, client: UUID, wanted: Wanted) -> int:
    """How many rows there are, beyond those that a look-up gives."""
    view, conditions = _named(shop, client, wanted)
    query = select(func.count()).select_from(view).where(*conditions)
    return (await session.scalar(query)) or 0


async def left_of_each(
    session: ReadSession, shop: UUID, client: UUID, wanted: Wanted, today: date
) -> Sequence[RowMapping]:
    """Of each loan how many instalments are left and how much, and how much of it is late, since
    when."""
    view, conditions = _named(shop, client, wanted)
    left, late = view.c.amount - view.c.paid_amount, view.c.due_on < today
    query = select(
        view.c.loan,
        func.count().label("count"),
        _whole(func.sum(left)).label("amount"),
        func.count().filter(late).label("late"),
        _whole(func.coalesce(func.sum(left).filter(late), 0)).label("late_amount"),
        func.min(view.c.due_on).filter(late).label("since"),
    )
    query = query.where(*conditions).group_by(view.c.loan).order_by(view.c.loan)
    return list((await session.execute(query)).mappings())


async def owed(session: ReadSession, shop: UUID, client: UUID, wanted: Wanted) -> RowMapping:
    """How many loans there are, how many of them are not paid, and what is left of all."""
    view, conditions = _named(shop, client, wanted)
    query = select(
        func.count().label("count"),
        func.count().filter(view.c.balance > 0).label("owing"),
        _whole(func.coalesce(func.sum(view.c.balance), 0)).label("balance"),
    )
    return (await session.execute(query.where(*conditions))).mappings().one()


def _whole(total: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum of bigints is numeric to Postgres."""
    return cast(total, BigInteger)


def _named(shop: UUID, client: UUID, wanted: Wanted) -> tuple[Table, Sequence[ColumnElement[bool]]]:
    """Values are parameters; names come out of the tables above, never out of a text."""
    view = OWN.get(wanted.table)
    named = {*wanted.fields, *wanted.order, *(one.field for one in wanted.filters)}
    if view is None or not named <= set(view.c.keys()):
        raise StoreRefused(f"{wanted.table}: no such records")
    of_this = [view.c.shop_id == shop, view.c.client_id == client]
    return view, of_this + [_compared(view.c[one.field], one) for one in wanted.filters]


def _selected(view: Table, wanted: Wanted) -> Select[Any]:
    return select(view.c.id, *(view.c[name] for name in wanted.fields if name != "id"))


def _ordered(
    columns: ReadOnlyColumnCollection[str, Any], wanted: Wanted
) -> Sequence[ColumnElement[Any]]:
    return [columns[name].desc() if wanted.newest else columns[name] for name in wanted.order]


def _compared(column: Column[Any], one: Condition) -> Any:  # noqa: ANN401  a condition of SQL
    match one.kind:
        case "is":
            return column == one.value
        case "is_not":
            return column != one.value
        case "at_least":
            return column >= one.value
        case "at_most":
            return column <= one.value
        case kind:
            raise StoreRefused(f"{kind}: no such filter")
