"""A store in which nothing stays written: for whoever only wants to see what would happen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import text

from store.session import (
    BatchConnection,
    ReadSession,
    Store,
    WriteSession,
    driver,
)

First: TypeAlias = Callable[[BatchConnection], Awaitable[None]]


async def as_it_is(_connection: BatchConnection) -> None:
    """Postgres holds already what is to be found there."""


class _TakenBack(Exception):
    """Ends a transaction that has gone well."""


@dataclass(frozen=True, slots=True)
class Undone(Store):
    """Each transaction begins with what `first` writes and is rolled back, however it ends. A read
    sees what `first` wrote, too."""

    first: First = field(default=as_it_is)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[WriteSession]:
        try:
            async with Store.transaction(self) as session:
                # The driver takes part in a transaction that SQLAlchemy has begun, and begins none.
                await session.execute(text("SELECT"))
                await self.first(await driver(session))
                yield session
                await session.flush()
                raise _TakenBack  # noqa: TRY301  this is how it ends
        except _TakenBack:
            return

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        async with self.transaction() as session:
            yield session

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[BatchConnection]:
        try:
            async with Store.batch(self) as connection:
                await self.first(connection)
                yield connection
                raise _TakenBack  # noqa: TRY301  this is how it ends
        except _TakenBack:
            return
