"""A customer's own page sees their rows and nobody else's, in every table of the catalogue."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import Table, insert, select, text

from store.app import Conversation, Customer, Message
from store.base import Base, StoreRefused
from store.privacy.places import OF_THE_BUSINESS, PLACES
from store.session import Store, open_store
from tests.fixtures.rows import MOMENT, TABLES, a_row
from tests.fixtures.store import Databases

SHOP, OTHER, STRANGER = UUID(int=1), UUID(int=2), UUID(int=99)
CUSTOMER = UUID(str(a_row(Base.metadata.tables["app.consent"], SHOP)["customer_id"]))
THEIRS = [
    Base.metadata.tables[name] for name in sorted({p.table for p in PLACES} | set(OF_THE_BUSINESS))
]
each_table = pytest.mark.parametrize("table", THEIRS, ids=lambda table: table.fullname)


@pytest.fixture(scope="module")
async def database_url(databases: Databases, template: str) -> AsyncIterator[str]:
    async with databases.fresh(template) as url:
        store = open_store(url, role="owner", pool=1)
        async with store.transaction() as session:
            for shop in (SHOP, OTHER):
                for table in TABLES:
                    await session.execute(insert(table).values(a_row(table, shop)))
            session.add(Customer(shop_id=SHOP, id=STRANGER, name="otra"))
            session.add(Customer(shop_id=SHOP, id=UUID(int=98), merged_into=CUSTOMER))
            await session.flush()
            session.add(
                Conversation(
                    shop_id=SHOP, id=STRANGER, customer_id=STRANGER, account="web:main",
                    chat="x", last_at=MOMENT,
                )
            )  # fmt: skip
            await session.flush()
            session.add(
                Message(
                    shop_id=SHOP, id=STRANGER, conversation_id=STRANGER, position=1,
                    author="customer", content="text", text="secreto", request_id=STRANGER,
                    at=MOMENT, received_at=MOMENT,
                )
            )  # fmt: skip
        await store.close()
        yield url


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Store]:
    opened = open_store(database_url, role="web", pool=1)
    yield opened
    await opened.close()


@each_table
async def test_a_stranger_sees_nothing_of_it(web: Store, table: Table) -> None:
    async with web.tenant(SHOP, STRANGER) as session:
        rows = (await session.execute(select(table))).mappings().all()
    own = {"app.customer": 1, "app.conversation": 1, "app.message": 1}
    assert len(rows) == own.get(table.fullname, 0)


async def test_their_own_rows_and_those_of_who_joined_them_are_there(web: Store) -> None:
    async with web.tenant(SHOP, CUSTOMER) as session:
        people = set(await session.scalars(select(Customer.id)))
        said = list(await session.scalars(select(Message.shop_id)))
        others = await session.scalar(select(Message).where(Message.id == STRANGER))
    assert people == {CUSTOMER, UUID(int=98)}
    assert said == [SHOP]
    assert others is None


async def test_nobody_writes_into_another_one_s_rows(web: Store) -> None:
    with pytest.raises(StoreRefused, match="row-level security"):
        async with web.tenant(SHOP, STRANGER) as session:
            await session.execute(
                text(
                    "INSERT INTO app.consent (shop_id, id, customer_id, subject, granted, by)"
                    " VALUES (:shop, gen_random_uuid(), :who, 'training', true, 'x')"
                ),
                {"shop": SHOP, "who": CUSTOMER},
            )
    async with web.tenant(SHOP, STRANGER) as session:
        await session.execute(text("UPDATE app.customer SET name = 'robada'"))
    async with web.tenant(SHOP) as session:
        names = set(await session.scalars(select(Customer.name)))
    assert names == {None, "robada"}


async def test_the_shop_s_people_still_see_all_of_the_shop(web: Store) -> None:
    async with web.tenant(SHOP, CUSTOMER) as session:
        await session.execute(select(1))
    async with web.tenant(SHOP) as session:
        assert len(list(await session.scalars(select(Message.id)))) == 2


async def test_a_page_never_reads_the_pepper(web: Store) -> None:
    with pytest.raises(StoreRefused, match="permission denied"):
        async with web.tenant(SHOP) as session:
            await session.execute(text("SELECT pepper FROM app.privacy_pepper"))
