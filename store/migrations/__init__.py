"""The database's revisions, applied from code: `migrate(url)` up, `migrate(url, "base")` down."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from store.base import translated
from store.migrations.roles import dismantle, prepare
from store.session import open_connection

T = TypeVar("T")
LATEST = "head"
NOTHING = "base"
LOCK = 0x41505245  # one number for every process that migrates this database


async def migrate(url: str, revision: str = LATEST) -> None:
    """All or nothing, in one transaction; a second process waits for the first.

    Within one process it is called once at a time: Alembic's operations are global.
    """
    await _in_one_transaction(url, lambda connection: _move(connection, revision))


async def current(url: str) -> str | None:
    """The revision the database is at; None when it holds nothing of ours."""
    return await _in_one_transaction(url, _current)


def latest() -> str:
    """The revision this code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "there is at least one revision"  # noqa: S101  narrows the type
    return head


async def _in_one_transaction(url: str, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: open_connection(url, limit_s=None),
        poolclass=NullPool,
    )
    with translated():
        async with engine.begin() as connection:
            return await connection.run_sync(work)


def _move(connection: Connection, revision: str) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    here = _current(connection)
    if here is None:
        if revision == NOTHING:
            return
        prepare(connection)
    config = _config(connection)
    if revision == NOTHING or (here is not None and _is_older(revision, here)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    if revision == NOTHING:
        connection.exec_driver_sql("RESET ROLE")
        dismantle(connection)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("revision", schema="app"):
        return None
    found = connection.execute(text("SELECT version_num FROM app.revision")).scalar()
    return str(found) if found else None


def _is_older(revision: str, here: str) -> bool:
    """Revision ids are numbers, so their order is the order of the files."""
    return revision.isdigit() and revision < here


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
