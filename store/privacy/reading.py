"""Reads all that is kept of a person, table after table, a few rows at a time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from store.privacy.persons import Person
from store.privacy.places import Of, Place
from store.session import BatchConnection, Store

Row: TypeAlias = Mapping[str, Any]
PREFETCH: Final = 200
_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
_ROOT: Final[dict[Of, str]] = {
    "row": "SELECT id FROM ml.training_data"
    " WHERE shop_id = $1 AND conversation_id = ANY($2::uuid[])",
    "message": "SELECT id FROM app.message"
    " WHERE shop_id = $1 AND conversation_id = ANY($2::uuid[])",
    "order": "SELECT id FROM app.orders WHERE shop_id = $1 AND customer_id = ANY($2::uuid[])",
}


@asynccontextmanager
async def snapshot(store: Store) -> AsyncIterator[BatchConnection]:
    """All tables as they were at one moment."""
    async with store.tuned(_SNAPSHOT) as connection:
        yield connection


async def rows(connection: BatchConnection, who: Person, place: Place) -> AsyncIterator[Row]:
    """What an export tells of one table, the oldest first; its columns bear their Spanish names."""
    values = who.shop, list(who.leads(place.of))
    async for record in connection.cursor(statement(place), *values, prefetch=PREFETCH):
        yield {told: record[column] for column, told in place.told.items()}


def statement(place: Place) -> str:
    names = ", ".join(f"t.{column}" for column in place.told)
    first = next(iter(place.told))
    where = place.where
    if place.of in _ROOT:
        where = where.replace("ANY($2::uuid[])", f"ANY({_ROOT[place.of]})")
    return (
        f"SELECT {names} FROM {place.table} t WHERE t.shop_id = $1 AND {where} ORDER BY t.{first}"  # noqa: S608  our own text
    )
