"""No shop ever touches another one's rows; every table of the catalogue is probed."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import Table, func, insert, select, text, update

from store.accounts import ChannelAccount
from store.analytics import daily_replies
from store.base import DanglingReference, StoreRefused
from store.session import Store, open_connection, open_store
from tests.fixtures.rows import SCHEMAS, TABLES, TENANT_TABLES, a_row
from tests.fixtures.store import Databases

FIRST, SECOND = UUID(int=1), UUID(int=2)
each_table = pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.fullname)
KEPT = {"app.audit_event"}
"""Nobody may change or remove a row of these."""
each_changeable = pytest.mark.parametrize(
    "table",
    [table for table in TENANT_TABLES if table.fullname not in KEPT],
    ids=lambda table: table.fullname,
)


@pytest.fixture(scope="module")
async def database_url(databases: Databases, template: str) -> AsyncIterator[str]:
    """One for all probes, with a row of each shop in every table: no probe changes it."""
    async with databases.fresh(template) as url:
        store = open_store(url, role="owner", pool=1)
        async with store.transaction() as session:
            for shop in (FIRST, SECOND):
                for table in TABLES:
                    await session.execute(insert(table).values(a_row(table, shop)))
        await store.close()
        yield url


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Store]:
    """One connection, so that what one transaction leaves behind would be seen by the next."""
    opened = open_store(database_url, role="web", pool=1)
    yield opened
    await opened.close()


async def test_every_table_of_a_shop_is_known_and_forced(database_url: str) -> None:
    connection = await open_connection(database_url)
    tables = await connection.fetch(
        """
        SELECT n.nspname || '.' || c.relname AS name,
               c.relrowsecurity AND c.relforcerowsecurity AS forced
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'
        """
    )
    views = await connection.fetch(
        """
        SELECT c.relname, coalesce(c.reloptions::text, '') LIKE '%security_invoker=true%' AS invoker
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'v' AND n.nspname IN ('app', 'ml', 'analytics')
        """
    )
    await connection.close()
    assert {row["name"] for row in tables} == {table.fullname for table in TENANT_TABLES}
    assert all(row["forced"] for row in tables)
    assert views
    assert all(row["invoker"] for row in views)


async def test_no_role_of_ours_is_above_the_rules(database_url: str) -> None:
    connection = await open_connection(database_url)
    roles = await connection.fetch(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcanlogin AS above FROM pg_roles"
        " WHERE rolname LIKE 'aprendiz\\_%'"
    )
    await connection.close()
    assert {row["rolname"]: row["above"] for row in roles} == {
        "aprendiz_owner": False,
        "aprendiz_web": False,
        "aprendiz_pipeline": False,
    }


@each_table
async def test_without_a_shop_the_web_sees_nothing(web: Store, table: Table) -> None:
    async with web.reading() as session:
        assert await session.scalar(select(func.count()).select_from(table)) == 0


@each_table
async def test_a_shop_sees_its_own_rows_only(web: Store, table: Table) -> None:
    async with web.tenant(FIRST) as session:
        assert list(await session.scalars(select(table.c.shop_id))) == [FIRST]


@each_table
async def test_a_shop_writes_no_row_of_another(web: Store, table: Table) -> None:
    with pytest.raises(StoreRefused, match="row-level security"):
        async with web.tenant(FIRST) as session:
            await session.execute(insert(table).values(a_row(table, SECOND)))


@each_changeable
async def test_a_shop_gives_no_row_to_another(web: Store, table: Table) -> None:
    with pytest.raises(StoreRefused, match="row-level security"):
        async with web.tenant(FIRST) as session:
            await session.execute(table.update().values(shop_id=SECOND))


@each_changeable
async def test_a_shop_removes_no_row_of_another(web: Store, store: Store, table: Table) -> None:
    async with web.tenant(FIRST) as session:
        await session.execute(table.update().values(shop_id=FIRST).where(table.c.shop_id == SECOND))
        await session.execute(table.delete().where(table.c.shop_id == SECOND))
    async with store.reading() as session:
        shops = await session.scalars(select(table.c.shop_id).order_by(table.c.shop_id))
        assert list(shops) == [FIRST, SECOND]


@each_table
async def test_the_shop_is_forgotten_when_its_transaction_ends(web: Store, table: Table) -> None:
    async def fail() -> None:
        async with web.tenant(FIRST) as session:
            await session.execute(select(1))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with web.tenant(FIRST) as session:
        await session.execute(select(1))
    async with web.reading() as later:
        assert await later.scalar(select(func.count()).select_from(table)) == 0


async def test_a_tenant_of_the_pipeline_s_store_is_confined_too(store: Store) -> None:
    async with store.tenant(SECOND) as session:
        for table in TENANT_TABLES:
            assert set(await session.scalars(select(table.c.shop_id))) == {SECOND}
    async with store.reading() as session:
        assert await session.scalar(text("SELECT current_user")) == "aprendiz_pipeline"


async def test_the_pipeline_and_the_owner_see_every_shop(store: Store, database_url: str) -> None:
    owner = open_store(database_url, role="owner", pool=1)
    for opened in (store, owner):
        async with opened.reading() as session:
            for table in TENANT_TABLES:
                shops = set(await session.scalars(select(table.c.shop_id)))
                assert shops == {FIRST, SECOND}
    await owner.close()


async def test_a_view_shows_a_shop_no_more_than_its_tables_do(web: Store, store: Store) -> None:
    async with web.reading() as session:
        assert (await session.execute(select(daily_replies))).all() == []
    async with web.tenant(FIRST) as session:
        assert list(await session.scalars(select(daily_replies.c.shop_id))) == [FIRST]
    async with store.reading() as session:
        assert len((await session.execute(select(daily_replies))).all()) == 2


def test_a_key_between_tables_of_shops_carries_the_shop() -> None:
    for table in TENANT_TABLES:
        for key in table.foreign_key_constraints:
            if "shop_id" in key.referred_table.c:
                assert key.column_keys[0] == "shop_id", key.name
                assert key.elements[0].column.name == "shop_id", key.name


def test_every_row_of_a_shop_leads_back_to_it() -> None:
    tables = {table.fullname for table in TENANT_TABLES}
    for table in TENANT_TABLES:
        assert next(iter(table.primary_key)).name == "shop_id", table.fullname
        parents = {key.referred_table.fullname for key in table.foreign_key_constraints}
        assert parents & (tables | {"app.shop"}), table.fullname
    assert {table.schema for table in TENANT_TABLES} == set(SCHEMAS)


async def test_a_row_cannot_point_into_another_shop(store: Store) -> None:
    conversation = next(table for table in TENANT_TABLES if table.name == "conversation")
    customer = a_row(conversation, SECOND)["customer_id"]
    astray = conversation.update().where(conversation.c.shop_id == FIRST)
    with pytest.raises(DanglingReference):
        async with store.transaction() as session:
            await session.execute(astray.values(customer_id=customer))


async def test_a_page_may_store_a_secret_and_never_read_one(web: Store) -> None:
    theirs = ChannelAccount.account == f"account {FIRST}"
    async with web.tenant(FIRST) as session:
        await session.execute(update(ChannelAccount).where(theirs).values(secrets=b"sealed"))
        account = (await session.scalars(select(ChannelAccount).where(theirs))).one()
        assert (account.network, account.enabled) == (f"network {FIRST}", True)
    with pytest.raises(StoreRefused, match="permission denied"):
        async with web.tenant(FIRST) as session:
            await session.scalar(select(ChannelAccount.secrets).where(theirs))
