"""Postgres and Redis for a command: external by configuration, embedded otherwise."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from config.settings import Settings
from services.embedded import running
from store.migrations import current, latest, migrate


class NotMigrated(Exception):
    """The database is older, or newer, than this release."""


@dataclass(frozen=True, slots=True)
class Backing:
    database_url: str
    redis_url: str
    embedded: bool


@asynccontextmanager
async def backing(
    settings: Settings, say: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Backing]:
    """An embedded database is migrated on the way; an external one has to be up to date."""
    database, redis = settings.database.url, settings.redis.url
    if database is not None and redis is not None:
        found = Backing(database.get_secret_value(), redis.get_secret_value(), embedded=False)
        await _up_to_date(found.database_url)
        yield found
        return
    async with running(settings.app.var, say=say) as endpoints:
        if database is None:
            await migrate(endpoints.database_url)
        else:
            await _up_to_date(database.get_secret_value())
        yield Backing(
            database.get_secret_value() if database else endpoints.database_url,
            redis.get_secret_value() if redis else endpoints.redis_url,
            embedded=True,
        )


async def _up_to_date(url: str) -> None:
    here, wanted = await current(url), latest()
    if here != wanted:
        raise NotMigrated(f"the database is at {here or 'nothing'}, this release needs {wanted}")
