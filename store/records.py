"""Reads a client's own records: one transaction that can see no other client's, and cannot write.

Three things keep it so: the shop's row-level security, the views that show nothing but the client
named in the transaction, and a query that names both again.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Column, MetaData, RowMapping, Select, Table, select, text
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
    found = await session.execute(_query(shop, client, wanted))
    return list(found.mappings())


def _query(shop: UUID, client: UUID, wanted: Wanted) -> Select[Any]:
    """Values are parameters; names come out of the tables above, never out of a text."""
    view = OWN.get(wanted.table)
    named = {*wanted.fields, *wanted.order, *(one.field for one in wanted.filters)}
    if view is None or not named <= set(view.c.keys()):
        raise StoreRefused(f"{wanted.table}: no such records")
    query = select(view.c.id, *(view.c[name] for name in wanted.fields if name != "id"))
    query = query.where(view.c.shop_id == shop, view.c.client_id == client)
    for one in wanted.filters:
        query = query.where(_compared(view.c[one.field], one))
    ordered = [view.c[name].desc() if wanted.newest else view.c[name] for name in wanted.order]
    return query.order_by(*ordered).limit(wanted.limit)


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
