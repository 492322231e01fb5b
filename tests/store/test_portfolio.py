"""A lender's records, written by the lender's own keys."""

from dataclasses import replace as changed
from uuid import UUID

import pytest
from sqlalchemy import func, select

from store.base import DanglingReference
from store.lending import Client, Instalment, Loan, Payment
from store.portfolio import Portfolio, count_clients, numbers, planned, replace
from store.session import Store
from tests.fixtures.store import add_shop
from tests.store.lending import lend, portfolio


async def counted(store: Store, shop: UUID) -> list[int]:
    async with store.reading() as session:
        return [
            await session.scalar(
                select(func.count()).select_from(model).where(model.shop_id == shop)
            )
            or 0
            for model in (Client, Loan, Instalment, Payment)
        ]


async def test_written_twice_records_stand_once_and_as_they_were_written_last(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    await lend(store, other, 7)
    await lend(store, shop, 900)
    await lend(store, shop, 800)
    assert await counted(store, shop) == [2, 2, 2, 2]
    async with store.reading() as session:
        balances = select(Loan.balance).order_by(Loan.shop_id == shop, Loan.number)
        assert (await session.scalars(balances)).all() == [7, 70, 800, 8000]
        assert await count_clients(session, shop) == 2
        clients, loans = await numbers(session, shop)
        assert (set(clients), set(loans)) == ({"C-1", "C-2"}, {"1001", "1002"})
        assert await planned(session, shop) == {("1001", 1), ("1002", 1)}


async def test_nothing_given_changes_nothing(store: Store, shop: UUID) -> None:
    await lend(store, shop)
    async with store.transaction() as session:
        await replace(session, shop, Portfolio())
    assert await counted(store, shop) == [2, 2, 2, 2]


async def test_more_rows_than_one_statement_carries_are_written_all(
    store: Store, shop: UUID
) -> None:
    one = portfolio().clients[0]
    many = tuple(changed(one, number=f"C-{number}") for number in range(1203))
    async with store.transaction() as session:
        await replace(session, shop, Portfolio(clients=many))
    assert (await counted(store, shop))[0] == 1203


async def test_a_loan_of_a_client_of_another_shop_is_refused(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await lend(store, other)
    with pytest.raises(DanglingReference):
        async with store.transaction() as session:
            await replace(session, shop, Portfolio(loans=portfolio().loans))
