"""One client's records, read where no other client's can be seen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text, update

from knowledge.lookups import Filter, Lookup
from knowledge.standing import LOANS, OPEN, PAYMENTS
from store.base import StoreRefused
from store.lending import Client, Loan
from store.records import OWN, own, rows
from store.session import Store
from tests.fixtures.store import add_shop
from tests.store.lending import lend


@dataclass(frozen=True)
class Unchecked:
    """What a look-up would be if nobody had looked at it."""

    table: str = "loan"
    fields: tuple[str, ...] = ("number",)
    filters: tuple[Any, ...] = ()
    order: tuple[str, ...] = ()
    newest: bool = False
    limit: int = 10


@dataclass(frozen=True)
class Condition:
    field: str
    kind: str
    value: object = "x"


@pytest.mark.parametrize("lookup", [LOANS, OPEN, PAYMENTS], ids=lambda one: one.table)
async def test_each_client_of_each_shop_reads_their_own_rows(store: Store, lookup: Lookup) -> None:
    seen = set()
    for number, key in enumerate(("first", "second"), 1):
        shop = await add_shop(store, key)
        for client in await lend(store, shop, 900 * number):
            async with own(store, shop, client) as session:
                (row,) = await rows(session, shop, client, lookup)
            seen.add(row["id"])
    assert len(seen) == 4


async def test_another_clients_number_opens_nothing(store: Store, shop: UUID) -> None:
    ana, luis = await lend(store, shop)
    for attempt in ("1001", "1001' OR '1'='1", "1001'; --", "%"):
        wanted = Lookup("loan", ("number", "balance"), (Filter("number", "is", attempt),))
        async with own(store, shop, luis) as session:
            assert await rows(session, shop, luis, wanted) == []
    async with own(store, shop, ana) as session:
        wanted = Lookup("loan", ("number", "balance"), (Filter("number", "is", "1001"),))
        assert [row["balance"] for row in await rows(session, shop, ana, wanted)] == [900]


async def test_the_transaction_itself_sees_no_other_client_whatever_is_asked(
    store: Store, shop: UUID
) -> None:
    """Even where the query names somebody else, or nobody at all."""
    ana, luis = await lend(store, shop)
    async with own(store, shop, luis) as session:
        assert await rows(session, shop, ana, LOANS) == []
        for view in OWN.values():
            seen = await session.scalars(select(view.c.client_id).distinct())
            assert seen.all() == [luis]
    other = await add_shop(store, "other")
    theirs, _ = await lend(store, other)
    async with own(store, shop, theirs) as session:
        for view in OWN.values():
            assert await session.scalar(select(func.count()).select_from(view)) == 0


async def test_without_a_client_nothing_is_seen(store: Store, shop: UUID) -> None:
    await lend(store, shop)
    async with store.tenant(shop) as session:
        for view in OWN.values():
            assert await session.scalar(select(func.count()).select_from(view)) == 0


async def test_what_proves_who_somebody_is_stands_in_no_view(store: Store) -> None:
    async with store.reading() as session:
        columns = await session.scalars(
            text(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'app' AND table_name = ANY (:views)"
            ),
            {"views": [view.name for view in OWN.values()]},
        )
        found = set(columns)
    assert found.isdisjoint({"id_tail", "born_on", "phone", "folded"})
    assert found >= {name for view in OWN.values() for name in view.c.keys()}  # noqa: SIM118  columns


@pytest.mark.parametrize(
    "wanted",
    [
        Unchecked(table="customer"),
        Unchecked(fields=("id_tail",)),
        Unchecked(fields=("number FROM app.loan --",)),
        Unchecked(order=("1; DROP TABLE app.loan",)),
        Unchecked(filters=(Condition("client_name", "is"),)),
        Unchecked(filters=(Condition("number", "OR 1=1"),)),
    ],
)
async def test_a_look_up_that_slipped_through_is_refused_here_too(
    store: Store, shop: UUID, wanted: Unchecked
) -> None:
    ana, _ = await lend(store, shop)
    async with own(store, shop, ana) as session:
        with pytest.raises(StoreRefused, match="no such"):
            await rows(session, shop, ana, wanted)


@pytest.mark.parametrize(
    "statement",
    [
        update(Loan).values(balance=0),
        insert(Client).values(shop_id=uuid4(), id=uuid4(), number="x", name="x", folded="x"),
    ],
)
async def test_who_looks_up_cannot_write(store: Store, shop: UUID, statement: Any) -> None:  # noqa: ANN401  SQL
    ana, _ = await lend(store, shop)
    with pytest.raises(StoreRefused):
        async with own(store, shop, ana) as session:
            await session.execute(statement)
    async with store.reading() as session:
        assert await session.scalar(select(Loan.balance).where(Loan.number == "1001")) == 900
