import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from store import app
from store.base import StoreRefused, StoreUnavailable, dsn
from store.session import Store, open_connection, open_store
from tests.fixtures.store import add_shop

INSERT_SHOP = "INSERT INTO app.shop (id, key, name, pack) VALUES ($1, 'k', 'n', 'p')"


async def count_shops(store: Store) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(app.Shop)) or 0


async def test_a_transaction_commits_when_it_ends_well(store: Store) -> None:
    async with store.transaction() as session:
        session.add(app.Shop(id=uuid4(), key="one", name="Uno", pack="ventas"))
    assert await count_shops(store) == 1


async def test_a_transaction_rolls_back_on_anything(store: Store) -> None:
    async def fail_in_a_session() -> None:
        async with store.transaction() as session:
            session.add(app.Shop(id=uuid4(), key="one", name="Uno", pack="ventas"))
            await session.flush()
            raise LookupError

    async def fail_in_a_batch() -> None:
        async with store.batch() as connection:
            await connection.execute(INSERT_SHOP, uuid4())
            raise LookupError

    with pytest.raises(LookupError):
        await fail_in_a_session()
    with pytest.raises(LookupError):
        await fail_in_a_batch()
    assert await count_shops(store) == 0


async def test_a_batch_commits_when_it_ends_well(store: Store) -> None:
    async with store.batch() as connection:
        await connection.execute(INSERT_SHOP, uuid4())
    assert await count_shops(store) == 1


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreRefused, match="read-only"):
        async with store.reading() as session:
            await session.execute(text("DELETE FROM app.shop"))


async def test_each_connection_acts_under_its_role_and_is_bound_by_it(database_url: str) -> None:
    for role in ("pipeline", "web", "owner"):
        store = open_store(database_url, role=role, pool=1)
        async with store.batch() as connection:
            assert await connection.fetchval("SELECT current_user") == f"aprendiz_{role}"
        assert await store.confined()
        await store.close()


async def test_a_superuser_is_not_confined(database_url: str) -> None:
    store = open_store(database_url, role="pipeline", pool=1)
    async with store.batch() as connection:
        await connection.execute("RESET ROLE")
        await connection.execute("SET SESSION ROLE NONE")
    assert not await store.confined()
    await store.close()


async def test_a_tenant_sees_its_own_shop_and_the_next_one_does_not(store: Store) -> None:
    first, second = await add_shop(store, "first"), await add_shop(store, "second")
    for shop in (first, second):
        async with store.tenant(shop) as session:
            assert list(await session.scalars(select(app.Shop.id))) == [shop]
    assert await count_shops(store) == 2


async def test_a_pool_outlives_its_server(store: Store, database_url: str) -> None:
    """Every connection is cut at once, as when the server was killed and came back."""

    async def ask() -> int:
        async with store.batch() as connection:
            await asyncio.sleep(0.01)
            return int(await connection.fetchval("SELECT 1"))

    assert await asyncio.gather(*(ask() for _ in range(4))) == [1] * 4
    killer = await open_connection(database_url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    await killer.fetch(f"{cut} WHERE datname = current_database() AND pid <> pg_backend_pid()")
    await killer.close()
    await asyncio.sleep(0.05)

    assert await asyncio.gather(*(ask() for _ in range(4))) == [1] * 4
    assert await count_shops(store) == 0


async def test_a_connection_cut_in_the_middle_is_unavailable_and_then_replaced(
    store: Store, database_url: str
) -> None:
    async def ask_while_cut() -> None:
        async with store.transaction() as session:
            pid = await session.scalar(select(func.pg_backend_pid()))
            killer = await open_connection(database_url)
            await killer.execute("SELECT pg_terminate_backend($1)", pid)
            await killer.close()
            await session.execute(select(1))

    with pytest.raises(StoreUnavailable):
        await ask_while_cut()
    assert await count_shops(store) == 0


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    for url in (
        "postgresql://postgres@/postgres?host=/nowhere",
        "postgresql://someone@127.0.0.1:1/nothing?sslmode=disable",
    ):
        store = open_store(url, role="pipeline")
        with pytest.raises(StoreUnavailable):
            async with store.transaction() as session:
                await session.execute(select(1))
        with pytest.raises(StoreUnavailable):
            async with store.batch():
                pass
        await store.close()


async def test_an_address_that_makes_no_sense_is_refused() -> None:
    store = open_store("postgresql://x@localhost/x?sslmode=nonsense", role="pipeline")
    with pytest.raises(StoreRefused):
        async with store.batch():
            pass
    await store.close()


def test_the_spellings_of_an_address_mean_the_same() -> None:
    assert dsn("postgresql+asyncpg://a@b/c") == "postgresql://a@b/c"
    external = "postgres://a:p@b:5432/c?sslmode=require"
    assert dsn(external) == external


async def test_a_database_that_is_not_migrated_refuses(
    empty_database_url: str,
) -> None:
    """Roles belong to the server, so the schema is what is missing here."""
    store = open_store(empty_database_url, role="pipeline")
    with pytest.raises(StoreRefused):
        await count_shops(store)
    await store.close()


async def test_a_pool_that_is_used_up_says_so(database_url: str) -> None:
    store = open_store(database_url, role="pipeline", pool=1, wait_s=0.05)
    async with store.batch():
        with pytest.raises(StoreUnavailable):
            async with store.batch():
                pass
    await store.close()


async def test_a_missing_row_of_another_table_is_refused(store: Store) -> None:
    with pytest.raises(StoreRefused):
        async with store.transaction() as session:
            session.add(app.Customer(shop_id=UUID(int=1), id=UUID(int=2)))


async def test_a_transaction_nobody_goes_on_with_gives_its_locks_back(database_url: str) -> None:
    store = open_store(database_url, role="pipeline", idle_ms=200)

    async def doze() -> None:
        async with store.batch() as connection:
            await asyncio.sleep(0.6)
            await connection.fetchval("SELECT 1")

    with pytest.raises(StoreUnavailable):
        await doze()
    async with store.batch() as connection:
        assert await connection.fetchval("SELECT 1") == 1
    await store.close()


async def test_what_belongs_together_counts_together_or_not_at_all(store: Store) -> None:
    async def both(*, well: bool) -> None:
        async with store.together() as one:
            async with one.batch() as connection:
                await connection.execute(INSERT_SHOP, uuid4())
            async with one.transaction() as session:
                session.add(app.Shop(id=uuid4(), key="two", name="Dos", pack="ventas"))
            assert await count_shops(one) == 2, "each sees what was done before"
            assert await count_shops(store) == 0, "nobody else does"
            if not well:
                raise LookupError

    with pytest.raises(LookupError):
        await both(well=False)
    assert await count_shops(store) == 0
    await both(well=True)
    assert await count_shops(store) == 2


async def test_a_part_that_fails_takes_its_own_work_back(store: Store) -> None:
    async def fail(one: Store) -> None:
        async with one.batch() as connection:
            await connection.execute(INSERT_SHOP, uuid4())
            raise LookupError

    async with store.together() as one:
        with pytest.raises(LookupError):
            await fail(one)
        with pytest.raises(StoreRefused):
            async with one.batch() as connection:
                await connection.execute(INSERT_SHOP, None)
        async with one.transaction() as session:
            session.add(app.Shop(id=uuid4(), key="two", name="Dos", pack="ventas"))
    assert await count_shops(store) == 1


async def test_whoever_acts_together_is_confined_for_a_part_of_it_alone(store: Store) -> None:
    mine, other = await add_shop(store), await add_shop(store)

    async def seen(one: Store) -> set[UUID]:
        async with one.transaction() as session:
            return set(await session.scalars(select(app.Shop.id)))

    async with store.together() as one:
        async with one.tenant(mine) as session:
            assert set(await session.scalars(select(app.Shop.id))) == {mine}
        assert await seen(one) == {mine, other}
        with pytest.raises(LookupError):
            async with one.tenant(mine):
                raise LookupError
        assert await seen(one) == {mine, other}
        async with one.tuned("SET LOCAL enable_sort = off") as connection:
            assert await connection.fetchval("SHOW enable_sort") == "off"
