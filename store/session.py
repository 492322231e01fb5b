"""The only door to Postgres: connections under one role, transactions that commit by themselves.

Nothing else in the project commits. What happens inside a transaction is storage alone: a network
call there would hold a connection, and its errors would be taken for those of Postgres.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, NewType, TypeAlias, cast
from uuid import UUID

import asyncpg
from sqlalchemy import event, text
from sqlalchemy import exc as alchemy
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from store.base import StoreUnavailable, dsn, translated

Role: TypeAlias = Literal["pipeline", "web", "owner"]
ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", ReadSession)
BatchConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Record: TypeAlias = asyncpg.Record

# Plans are kept, and those made while a table was empty read all of it, or join by the shop alone,
# once it is full: measured 15 times slower until the next ANALYZE.
BY_KEY = [f"SET LOCAL enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin")]
BEGIN_BY_KEY = "; ".join(["BEGIN", *BY_KEY])
CONFINE = text(
    "SELECT set_config('role', 'aprendiz_web', true), set_config('app.shop_id', :shop, true),"
    " set_config('app.customer_id', :customer, true)"
)
CONNECT_S = 10.0
COMMAND_S = 60.0
IDLE_MS = 5000
"""A process that is frozen in a transaction must not keep its locks from those who take over."""
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Store:
    engine: AsyncEngine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[WriteSession]:
        """Commits on success, rolls back on anything."""
        with translated():
            async with self._session() as session, session.begin():
                yield WriteSession(ReadSession(session))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """Refuses to write, in Postgres too."""
        with translated():
            reading = self.engine.execution_options(postgresql_readonly=True)
            async with AsyncSession(reading, expire_on_commit=False) as session:
                yield ReadSession(session)

    @asynccontextmanager
    async def tenant(self, shop: UUID, customer: UUID | None = None) -> AsyncIterator[WriteSession]:
        """A transaction that sees one shop, whatever role the store was opened with; with a
        customer nothing but what is theirs."""
        names = {"shop": str(shop), "customer": str(customer or "")}
        async with self.transaction() as session:
            await session.execute(CONFINE, names)
            yield session

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[BatchConnection]:
        """A transaction on the driver itself, for statements that carry hundreds of rows.

        Each row is looked up by its key, whatever the planner thinks of it.
        """
        with translated():
            async with self.engine.connect() as connection:
                pooled = await connection.get_raw_connection()
                driver = cast("BatchConnection", pooled.driver_connection)
                try:
                    await driver.execute(BEGIN_BY_KEY)
                    yield driver
                    await driver.execute("COMMIT")
                except BaseException:
                    await _roll_back(driver)
                    raise

    @asynccontextmanager
    async def lookup(self) -> AsyncIterator[BatchConnection]:
        """The driver without a transaction: for the one read that a reply may wait for."""
        with translated():
            async with self.engine.connect() as connection:
                pooled = await connection.get_raw_connection()
                yield cast("BatchConnection", pooled.driver_connection)

    @asynccontextmanager
    async def tuned(self, local: str) -> AsyncIterator[BatchConnection]:
        """A lookup under settings of its own, which end with it."""
        async with self.lookup() as connection:
            try:
                await connection.execute(f"BEGIN READ ONLY; {local}")
                yield connection
            finally:
                await _roll_back(connection)

    @asynccontextmanager
    async def together(self) -> AsyncIterator["Store"]:
        """A store whose transactions are parts of one: all of them count, or none. For acts whose
        services commit by themselves, and for nothing that waits for a network."""
        with translated():
            async with self.engine.begin() as connection:
                for way in BY_KEY:
                    await connection.execute(text(way))
                yield Joined(self.engine, connection)

    def _session(self) -> AsyncSession:
        return AsyncSession(self.engine, expire_on_commit=False)

    async def confined(self) -> bool:
        """Whether row-level security binds this store's role: no superuser, no BYPASSRLS."""
        query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        async with self.batch() as connection:
            return not await connection.fetchval(query)

    async def close(self) -> None:
        await self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Joined(Store):
    """Within a transaction that is open already: what would begin one sets a savepoint."""

    connection: AsyncConnection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        async with self.transaction() as session:
            yield session

    @asynccontextmanager
    async def tenant(self, shop: UUID, customer: UUID | None = None) -> AsyncIterator[WriteSession]:
        """Whoever goes on afterwards has the role of before."""
        before = text("SELECT current_setting('role')")
        role = await self.connection.scalar(before)
        async with Store.tenant(self, shop, customer) as session:
            yield session
        back = text(
            "SELECT set_config('role', :role, true), set_config('app.shop_id', '', true),"
            " set_config('app.customer_id', '', true)"
        )
        await self.connection.execute(back, {"role": role})

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[BatchConnection]:
        with translated():
            async with self.connection.begin_nested(), self.lookup() as connection:
                yield connection

    @asynccontextmanager
    async def lookup(self) -> AsyncIterator[BatchConnection]:
        with translated():
            pooled = await self.connection.get_raw_connection()
            yield cast("BatchConnection", pooled.driver_connection)

    @asynccontextmanager
    async def tuned(self, local: str) -> AsyncIterator[BatchConnection]:
        async with self.batch() as connection:
            await connection.execute(local)
            yield connection

    def _session(self) -> AsyncSession:
        return AsyncSession(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )


async def _roll_back(connection: BatchConnection) -> None:
    """The pool looks at no transaction that SQLAlchemy did not begin: a connection where nobody
    could end it, because whoever had it was cancelled once more, is given to nobody else."""
    if connection.is_closed():
        return
    try:
        await connection.execute("ROLLBACK")
    except BaseException:
        connection.terminate()
        raise


async def driver(session: WriteSession) -> BatchConnection:
    """The connection of a transaction that has begun, to copy many rows by it."""
    pooled = await (await session.connection()).get_raw_connection()
    return cast("BatchConnection", pooled.driver_connection)


async def open_connection(
    url: str, *, role: Role | None = None, limit_s: float | None = COMMAND_S, idle_ms: int = 0
) -> BatchConnection:
    """One connection; without a role it acts as the login itself. A transaction in which nothing
    happens for `idle_ms` is ended by the server; 0 is never."""
    settings = {
        "application_name": "aprendiz",
        "idle_in_transaction_session_timeout": str(idle_ms),
    }
    if role:
        settings["role"] = f"aprendiz_{role}"
    with translated():
        try:
            return await asyncpg.connect(
                dsn(url), server_settings=settings, timeout=CONNECT_S, command_timeout=limit_s
            )
        except OSError as error:
            raise StoreUnavailable(str(error)) from error


@asynccontextmanager
async def as_login(url: str) -> AsyncIterator[BatchConnection]:
    """For what no role may do; it takes as long as it takes."""
    connection = await open_connection(url, limit_s=None)
    try:
        yield connection
    finally:
        await connection.close()


def open_store(
    url: str, *, role: Role, pool: int = 10, wait_s: float = WAIT_S, idle_ms: int = 0
) -> Store:
    """Connects on first use, so it can be opened while Postgres is still starting.

    Whoever finds all connections taken waits `wait_s` for one. `idle_ms` is for those who answer
    people; a job may think within its transaction.
    """

    async def connect() -> BatchConnection:
        return await open_connection(url, role=role, idle_ms=idle_ms)

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=wait_s,
    )
    event.listen(engine.sync_engine, "checkout", _replace_if_closed)
    return Store(engine)


def _replace_if_closed(dbapi_connection: Any, *_unused: object) -> None:  # noqa: ANN401  the event's signature
    """The driver notices a lost server by itself, so asking it costs no round trip."""
    if dbapi_connection.driver_connection.is_closed():
        raise alchemy.DisconnectionError
