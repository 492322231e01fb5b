"""What is cancelled, or ended by the server, leaves no connection behind that harms the next."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from store import app
from store.base import StoreUnavailable
from store.session import Store, open_store

Work: TypeAlias = Callable[[Store, UUID, UUID], Awaitable[None]]
INSERT = "INSERT INTO app.shop (id, key, name, pack) VALUES ($1, $2, 'n', 'p')"
SLOW = "SELECT pg_sleep(0.004)"
MOMENTS = [0.0] * 5 + [step / 2000 for step in range(12)]


@pytest.fixture
async def single(database_url: str) -> AsyncIterator[Store]:
    """Everybody gets the same connection, one after another."""
    opened = open_store(database_url, role="pipeline", pool=1, idle_ms=200)
    yield opened
    await opened.close()


async def in_a_batch(store: Store, one: UUID, other: UUID) -> None:
    async with store.batch() as connection:
        await connection.execute(INSERT, one, str(one))
        await connection.execute(SLOW)
        await connection.execute(INSERT, other, str(other))


async def in_a_session(store: Store, one: UUID, other: UUID) -> None:
    async with store.transaction() as session:
        session.add(app.Shop(id=one, key=str(one), name="n", pack="p"))
        await session.flush()
        await session.execute(text(SLOW))
        session.add(app.Shop(id=other, key=str(other), name="n", pack="p"))


async def together(store: Store, one: UUID, other: UUID) -> None:
    async with store.together() as joined:
        await in_a_batch(joined, one, other)


async def tuned(store: Store, _one: UUID, _other: UUID) -> None:
    async with store.tuned("SET LOCAL enable_seqscan = off") as connection:
        await connection.execute(SLOW)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("work", [in_a_batch, in_a_session, together, tuned])
async def test_whenever_somebody_is_cancelled_the_next_has_a_clean_connection(
    single: Store, work: Work, *, again: bool
) -> None:
    """Also who is cancelled once more while it is taken back."""
    for turn, moment in enumerate(MOMENTS):
        pair = uuid4(), uuid4()
        task = asyncio.ensure_future(work(single, *pair))
        await asyncio.sleep(moment)
        for _ in range(turn % 5 + 1):
            await asyncio.sleep(0)
        task.cancel()
        if again:
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await in_a_session(single, uuid4(), uuid4())
        await in_a_batch(single, uuid4(), uuid4())
        async with single.lookup() as connection:
            assert not connection.is_in_transaction()
            kept = await connection.fetchval(
                "SELECT count(*) FROM app.shop WHERE id = ANY($1)", list(pair)
            )
        assert kept in {0, 2}, "all of it, or nothing"


async def test_a_process_that_stood_still_in_a_transaction_is_told_by_whom_it_was_ended(
    single: Store,
) -> None:
    """The driver's own words speak of another operation, as if two had used the connection."""

    async def stand_still() -> None:
        async with single.transaction() as session:
            await session.execute(text("SELECT 1"))
            time.sleep(0.4)  # noqa: ASYNC251  nothing of the process runs, as under a heavy load
            for _ in range(2):  # the server's word is read, not yet that the line is gone
                await asyncio.sleep(0)
            await session.execute(text("SELECT 2"))

    with pytest.raises(StoreUnavailable, match="the server ended the connection"):
        await stand_still()
    await in_a_session(single, uuid4(), uuid4())
