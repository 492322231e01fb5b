"""Capture of whole turns, beside the same statements with rows that were prepared beforehand."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeAlias, cast

import asyncpg

from benchmarks.bare import TABLE, insert_bare
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import SHOP
from benchmarks.taught import batches
from capture.recorder import Recorder
from events.effects import Delivered, Retry
from events.happened import named
from store.base import StoreUnavailable
from store.session import BatchConnection, Store, open_connection, open_store
from store.shops import ShopRow, upsert_shop

SIZE = 100
EMPTY = "TRUNCATE app.customer, app.event_log CASCADE"
Statement: TypeAlias = tuple[str, str, tuple[Any, ...]]


@dataclass(slots=True)
class Tap:
    """Passes statements on and writes them down."""

    connection: BatchConnection
    into: list[Statement]

    async def execute(self, sql: str, *values: object) -> str:
        self.into.append(("execute", sql, values))
        return str(await self.connection.execute(sql, *values))

    async def fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        self.into.append(("fetch", sql, values))
        return await self.connection.fetch(sql, *values)


@dataclass(frozen=True, slots=True)
class TappedStore(Store):
    transactions: list[list[Statement]] = field(default_factory=list)

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[BatchConnection]:
        self.transactions.append([])
        async with Store.batch(self) as connection:
            yield cast("BatchConnection", Tap(connection, self.transactions[-1]))


async def capture(ground: Ground, load: Load) -> dict[str, Any]:
    """Turns per second of each, medians of runs that take turns on emptied tables."""
    owner = await open_connection(ground.database_url)
    store = open_store(ground.database_url, role="pipeline", pool=2)
    try:
        await owner.execute(TABLE)
        async with store.transaction() as session:
            shop = named("shop", SHOP)
            row = ShopRow(id=shop, key=SHOP, name=SHOP, pack="ventas", currency="CLP")
            await upsert_shop(session, row)
        return await _compared(store, owner, load)
    finally:
        await store.close()
        await owner.close()


async def _compared(store: Store, owner: BatchConnection, load: Load) -> dict[str, Any]:
    turns = list(batches(load.turns, SIZE))
    load.told("capture: preparing")
    await _timed(lambda: _record(Recorder(store), turns), owner)
    tapped = TappedStore(store.engine)
    await _timed(lambda: _record(Recorder(tapped), turns), owner)
    everything = tapped.transactions
    inserts = [[one for one in done if _inserts(one)] for done in everything]
    ways: dict[str, Callable[[], Awaitable[None]]] = {
        "turns_per_s": lambda: _record(Recorder(store), turns),
        "same_inserts_per_s": lambda: _replay(store, inserts),
        "same_statements_per_s": lambda: _replay(store, everything),
        "bare_unnest_per_s": lambda: _bare(owner, load.turns),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(load.runs):
        for name, way in ways.items():
            load.told(f"capture: {name.removesuffix('_per_s')}, {number + 1} of {load.runs}")
            seconds[name].append(await _timed(way, owner))
    rates = {name: round(load.turns / median(took), 1) for name, took in seconds.items()}
    return _ratios(rates) | {"turns": load.turns, "statements_per_batch": len(everything[-1])}


def _ratios(rates: dict[str, float]) -> dict[str, Any]:
    ours = rates["turns_per_s"]
    return rates | {
        "writing": round(ours / rates["same_inserts_per_s"], 3),
        "of_same_statements": round(ours / rates["same_statements_per_s"], 3),
        "of_bare_unnest": round(ours / rates["bare_unnest_per_s"], 3),
    }


async def _timed(work: Callable[[], Awaitable[None]], owner: BatchConnection) -> float:
    await owner.execute(EMPTY)
    await owner.execute("TRUNCATE public.bare")
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def _record(recorder: Recorder, turns: Sequence[Sequence[Delivered]]) -> None:
    for batch in turns:
        for outcome in await recorder.on_batch(batch):
            if isinstance(outcome, Retry):
                raise StoreUnavailable(outcome.reason)


async def _replay(store: Store, transactions: Sequence[Sequence[Statement]]) -> None:
    for statements in transactions:
        async with store.batch() as connection:
            for how, sql, values in statements:
                await getattr(connection, how)(sql, *values)


async def _bare(owner: BatchConnection, rows: int) -> None:
    for _ in range(rows // SIZE):
        await insert_bare(owner, SIZE)


def _inserts(statement: Statement) -> bool:
    """A statement may look rows up before it inserts them."""
    return "INSERT INTO" in statement[1]
