import asyncio
import logging
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from store.base import Base
from store.migrations import NOTHING, current, latest, migrate
from store.session import open_connection, open_store
from tests.fixtures.store import Databases

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = """
SELECT nspname FROM pg_namespace WHERE nspname IN ('app', 'ml', 'analytics') ORDER BY nspname
"""
LEFT_OVER = """
SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
"""

ONE_REPLY_PER_STATE = """
WITH zero AS (SELECT '00000000-0000-0000-0000-000000000001'::uuid AS id),
shop AS (INSERT INTO app.shop (id, key, name, pack) SELECT id, 'a', 'a', 'ventas' FROM zero),
customer AS (INSERT INTO app.customer (shop_id, id) SELECT id, id FROM zero),
conversation AS (
  INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at)
  SELECT id, id, id, 'web:main', 'a', now() FROM zero
), reply AS (
  INSERT INTO app.message (shop_id, id, conversation_id, position, author, content, text,
                           request_id, at, received_at)
  SELECT zero.id, gen_random_uuid(), zero.id, place, 'bot', 'text', '', zero.id, now(), now()
  FROM zero, generate_series(1, 8) place
  RETURNING shop_id, id, position
)
INSERT INTO app.delivery (shop_id, message_id, state, updated_at)
SELECT shop_id, id, (ARRAY['dispatched', 'uncertain', 'withheld', 'accepted', 'sent', 'delivered',
                           'read', 'failed'])[position], now()
FROM reply
"""


async def names(url: str, query: str) -> list[str]:
    connection = await open_connection(url)
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def test_an_empty_database_grows_up_and_says_where_it_is(empty_database_url: str) -> None:
    assert await current(empty_database_url) is None
    await migrate(empty_database_url)
    assert await current(empty_database_url) == latest()
    assert await names(empty_database_url, SCHEMAS) == ["analytics", "app", "ml"]


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    assert await current(database_url) == latest()


async def test_going_down_leaves_nothing_and_up_again_works(database_url: str) -> None:
    await migrate(database_url, NOTHING)
    assert await current(database_url) is None
    assert await names(database_url, SCHEMAS) == []
    assert await names(database_url, LEFT_OVER) == []
    await migrate(database_url, NOTHING)
    await migrate(database_url)
    assert await current(database_url) == latest()


async def test_one_revision_at_a_time_goes_both_ways(empty_database_url: str) -> None:
    for revision in ("0001", "0002", latest(), "0002", "0001"):
        await migrate(empty_database_url, revision)
        assert await current(empty_database_url) == revision


async def test_the_models_are_what_the_revisions_build(database_url: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: open_connection(database_url)
    )

    def differences(connection: Connection) -> list[object]:
        options = {
            "include_schemas": True,
            "version_table": "revision",
            "version_table_schema": "app",
            "compare_server_default": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_processes_that_migrate_at_once_do_not_collide(
    databases: Databases, empty_database_url: str
) -> None:
    other = await databases.create()
    urls = [empty_database_url, empty_database_url, databases.url(other), databases.url(other)]
    code = "import asyncio, sys; from store.migrations import migrate; "
    code += "asyncio.run(migrate(sys.argv[1]))"
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, url, cwd=ROOT)
        for url in urls
    ]
    assert [await process.wait() for process in processes] == [0] * 4
    assert {await current(url) for url in urls} == {latest()}
    await databases.drop(other)


async def test_migrating_says_nothing(
    empty_database_url: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        await migrate(empty_database_url)
    assert [record for record in caplog.records if record.name.startswith("alembic")] == []
    assert capsys.readouterr() == ("", "")


async def test_a_login_without_power_migrates_once_it_is_a_member(databases: Databases) -> None:
    """An external database: somebody with power made the extension and granted the roles."""
    name = await databases.create()
    powerful, login = databases.url(name), f"login_{name}"
    connection = await open_connection(powerful)
    await migrate(powerful)
    await migrate(powerful, NOTHING)
    await connection.execute("CREATE EXTENSION vector")
    await connection.execute(f"CREATE ROLE {login} LOGIN NOSUPERUSER")
    await connection.execute(f"ALTER DATABASE {name} OWNER TO {login}")
    await connection.execute(
        f"GRANT aprendiz_owner, aprendiz_web, aprendiz_pipeline TO {login} WITH SET TRUE"
    )
    weak = powerful.replace("postgres@", f"{login}@")
    await migrate(weak)
    store = open_store(weak, role="pipeline", pool=1)
    async with store.batch() as driver:
        users = await driver.fetchrow("SELECT session_user, current_user")
    await store.close()
    await migrate(weak, NOTHING)
    assert await current(weak) is None
    await connection.close()
    assert tuple(users or ()) == (login, "aprendiz_pipeline")
    await databases.drop(name)
    await databases.run(f"DROP ROLE {login}")


async def test_states_an_older_schema_has_no_word_for_become_the_nearest_it_has(
    database_url: str,
) -> None:
    """Going back one revision must not fail on the rows of a bot that has worked."""
    connection = await open_connection(database_url)
    await connection.execute(ONE_REPLY_PER_STATE)
    await migrate(database_url, "0003")
    old = "SELECT state, count(*) FROM app.delivery GROUP BY state ORDER BY state"
    found = {row[0]: row[1] for row in await connection.fetch(old)}
    assert found == {"dispatched": 1, "failed": 2, "sent": 3, "uncertain": 2}
    await migrate(database_url)
    again = await connection.fetchval("SELECT count(*) FROM app.delivery WHERE told = state")
    await connection.close()
    assert again == 8
