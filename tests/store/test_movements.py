"""The newest of somebody's own rows: found without reading the others."""

import re
from datetime import timedelta

from sqlalchemy import insert, text

from store import movements
from store.ledger import LedgerEntry, Owner
from store.session import Store, open_connection
from tests.store.test_ledger import HERE, ana, entry, person, written

__all__ = ["ana"]
MANY = 3000


async def test_the_newest_that_fits_comes_first(store: Store, ana: Owner) -> None:
    await written(
        store,
        entry(ana, 1000, created_at=HERE),
        entry(ana, 2000, "transporte", created_at=HERE + timedelta(seconds=1)),
        entry(ana, 3000, created_at=HERE + timedelta(seconds=2), cancelled_at=HERE),
    )

    async with store.reading() as session:
        newest = await movements.latest(session, ana, 5)
        fitting = await movements.latest(session, ana, 1, category="comida", amount=1000)

    assert [row.amount for row in newest] == [2000, 1000]
    assert [row.amount for row in fitting] == [1000]


async def test_the_newest_of_all_who_turned_out_to_be_one_come_first(
    store: Store, ana: Owner
) -> None:
    again = await person(store, ana.shop, merged_into=ana.customer)
    for place in range(4):
        owner = again if place % 2 else ana
        await written(store, entry(owner, 1000 + place, created_at=HERE + timedelta(hours=place)))

    async with store.reading() as session:
        found = await movements.latest(session, again, 3)

    assert [row.amount for row in found] == [1003, 1002, 1001]


async def test_no_more_rows_are_read_than_are_told(
    store: Store, ana: Owner, database_url: str
) -> None:
    """The index gives them in their order; one more shows where a moment ends."""
    rows = [entry(ana, 1 + n, created_at=HERE + timedelta(hours=n)) for n in range(MANY)]
    async with store.transaction() as session:
        await session.execute(insert(LedgerEntry), rows)
    connection = await open_connection(database_url)
    await connection.execute("ANALYZE app.ledger_entry; ANALYZE app.customer")
    await connection.close()

    async with store.reading() as session:
        dialect = (await session.connection()).dialect
        query = movements.newest(ana, 5).compile(
            dialect=dialect, compile_kwargs={"literal_binds": True}
        )
        told = await session.scalars(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}"))
        plan = "\n".join(told)

    (read,) = re.findall(r"ix_ledger_entry_latest on .*?rows=(\d+)", plan)
    assert int(read) <= 6, plan
