"""A store in which nothing stays written."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from store.app import Customer
from store.session import BatchConnection, Store
from store.undone import Undone
from tests.fixtures.store import add_shop

ADD = "INSERT INTO app.customer (shop_id, id) VALUES ($1, $2)"


@pytest.fixture
async def shop(store: Store) -> UUID:
    return await add_shop(store)


async def test_it_finds_what_came_first_and_leaves_nothing(store: Store, shop: UUID) -> None:
    count = select(func.count()).select_from(Customer).where(Customer.shop_id == shop)

    async def first(connection: BatchConnection) -> None:
        await connection.execute(ADD, shop, uuid4())

    undone = Undone(store.engine, first)
    async with undone.transaction() as session:
        session.add(Customer(shop_id=shop, id=uuid4()))
    async with undone.tenant(shop) as session:
        assert await session.scalar(count) == 1
    async with undone.batch() as connection:
        await connection.execute(ADD, shop, uuid4())
    async with undone.reading() as reading:
        assert await reading.scalar(count) == 1
    async with store.reading() as reading:
        assert await reading.scalar(count) == 0


async def test_what_goes_wrong_in_it_is_told(store: Store) -> None:
    with pytest.raises(LookupError):
        async with Undone(store.engine).transaction():
            raise LookupError
