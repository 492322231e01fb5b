"""Rows of people's own money: written once, counted by day, never told to anybody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from store import ledger, movements
from store.app import Customer
from store.base import DanglingReference, StoreRefused
from store.ledger import Budget, Goal, LedgerEntry, Owner, Sum
from store.session import Store
from tests.fixtures.store import add_shop

HERE = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 20)


async def person(store: Store, shop: UUID, merged_into: UUID | None = None) -> Owner:
    owner = Owner(shop, uuid4())
    async with store.transaction() as session:
        session.add(Customer(shop_id=shop, id=owner.customer, merged_into=merged_into))
    return owner


@pytest.fixture
async def ana(store: Store, shop: UUID) -> Owner:
    return await person(store, shop)


def entry(owner: Owner, amount: int, category: str = "comida", **other: object) -> dict[str, Any]:
    row = {
        "shop_id": owner.shop, "id": uuid4(), "customer_id": owner.customer, "kind": "expense",
        "amount": amount, "currency": "CLP", "category": category, "on_day": TODAY,
        "created_at": HERE, "cancelled_at": None,
    }  # fmt: skip
    return row | other


def budget(owner: Owner, amount: int, category: str, at: datetime) -> dict[str, Any]:
    return {
        "shop_id": owner.shop, "id": uuid4(), "customer_id": owner.customer, "amount": amount,
        "currency": "CLP", "category": category, "from_day": TODAY, "created_at": at,
    }  # fmt: skip


async def written(store: Store, *rows: dict[str, Any]) -> None:
    async with store.transaction() as session:
        await ledger.add(session, LedgerEntry, rows)


async def month(store: Store, owner: Owner) -> list[Sum]:
    async with store.reading() as session:
        return await ledger.sums(session, owner, date(2026, 11, 1), date(2026, 11, 30))


async def test_the_same_row_twice_is_one_row_and_keeps_what_it_said(
    store: Store, ana: Owner
) -> None:
    row = entry(ana, 5000)

    await written(store, row)
    await written(store, row | {"amount": 9000})

    assert await month(store, ana) == [Sum("expense", "comida", "CLP", 5000)]


async def test_sums_are_by_kind_category_and_currency_within_the_days(
    store: Store, ana: Owner
) -> None:
    await written(
        store,
        entry(ana, 5000),
        entry(ana, 2000),
        entry(ana, 9000, "transporte"),
        entry(ana, 25_000, "vivienda", currency="UF"),
        entry(ana, 800_000, "sueldo", kind="income"),
        entry(ana, 1, on_day=date(2026, 10, 31)),
        entry(ana, 1, on_day=date(2026, 12, 1)),
        entry(ana, 1, cancelled_at=HERE),
    )

    assert await month(store, ana) == [
        Sum("income", "sueldo", "CLP", 800_000),
        Sum("expense", "vivienda", "UF", 25_000),
        Sum("expense", "transporte", "CLP", 9000),
        Sum("expense", "comida", "CLP", 7000),
    ]


async def test_nobody_counts_lists_or_cancels_what_is_somebody_elses(
    store: Store, ana: Owner
) -> None:
    eva, other = await person(store, ana.shop), await person(store, await add_shop(store, "other"))
    row = entry(ana, 5000)
    await written(store, row)

    for stranger in (eva, other, Owner(other.shop, ana.customer)):
        assert await month(store, stranger) == []
        async with store.transaction() as session:
            assert await movements.latest(session, stranger, 5) == []
            assert await ledger.cancel(session, stranger, row["id"], HERE) is None
    assert await month(store, ana) == [Sum("expense", "comida", "CLP", 5000)]


async def test_what_is_cancelled_twice_was_cancelled_the_first_time(
    store: Store, ana: Owner
) -> None:
    row = entry(ana, 5000)
    await written(store, row)

    for later in range(2):
        async with store.transaction() as session:
            found = await ledger.cancel(session, ana, row["id"], HERE + timedelta(hours=later))

    assert found is not None
    assert found.cancelled_at == HERE
    assert await month(store, ana) == []


async def test_what_was_withdrawn_counts_again_when_it_is_agreed_to_again(
    store: Store, ana: Owner
) -> None:
    eva = await person(store, ana.shop)
    row = entry(ana, 5000)
    await written(store, row)
    async with store.transaction() as session:
        await ledger.withdraw(session, ana, [row["id"]], HERE)
    await written(store, row | {"customer_id": eva.customer})
    assert await month(store, ana) == []

    await written(store, row | {"amount": 9000})

    assert await month(store, ana) == [Sum("expense", "comida", "CLP", 5000)]


async def test_the_newest_budget_of_each_category_counts(store: Store, ana: Owner) -> None:
    rows = [
        budget(ana, 200, "comida", HERE),
        budget(ana, 300, "comida", HERE + timedelta(days=1)),
        budget(ana, 50, "ropa", HERE),
    ]
    async with store.transaction() as session:
        await ledger.add(session, Budget, rows)
        found = await ledger.budgets(session, ana)

    assert [(row.category, row.amount, row.period) for row in found] == [
        ("comida", 300, "month"),
        ("ropa", 50, "month"),
    ]


async def test_people_who_turned_out_to_be_one_share_their_rows(store: Store, ana: Owner) -> None:
    again = await person(store, ana.shop, merged_into=ana.customer)
    await written(store, entry(ana, 5000), entry(again, 2000))

    assert await month(store, ana) == await month(store, again)
    assert await month(store, ana) == [Sum("expense", "comida", "CLP", 7000)]


async def test_erasing_a_person_leaves_the_others(store: Store, ana: Owner) -> None:
    eva = await person(store, ana.shop)
    again = await person(store, ana.shop, merged_into=ana.customer)
    goal = {
        "shop_id": ana.shop, "id": uuid4(), "customer_id": ana.customer, "name": "viaje",
        "amount": 1, "currency": "CLP",
    }  # fmt: skip
    await written(store, entry(ana, 5000), entry(again, 1000), entry(eva, 2000))
    async with store.transaction() as session:
        await ledger.add(session, Goal, [goal])
        await ledger.add(session, Budget, [budget(ana, 1, "comida", HERE)])

    async with store.transaction() as session:
        await ledger.erase(session, ana)

    async with store.reading() as session:
        left = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (LedgerEntry, Budget, Goal)
        ]
    assert left == [1, 0, 0]
    assert await month(store, eva) == [Sum("expense", "comida", "CLP", 2000)]


async def test_nobody_who_is_unknown_and_no_amount_that_is_none_is_written(
    store: Store, ana: Owner
) -> None:
    with pytest.raises(DanglingReference):
        await written(store, entry(Owner(ana.shop, uuid4()), 5000))
    for wrong in ({"amount": 0}, {"kind": "gift"}):
        with pytest.raises(StoreRefused):
            await written(store, entry(ana, 5000) | wrong)
