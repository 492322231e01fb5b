"""Servers of their own for the tests that kill servers."""

from collections.abc import AsyncIterator

import pytest

from services.embedded import running
from services.places import made
from store.migrations import migrate
from store.session import open_store
from tests.chaos.world import Servers
from tests.fixtures.servers import open_folder, stop
from tests.fixtures.store import add_shop


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    with open_folder() as folder:
        var = folder / "var"
        async with running(var) as endpoints:
            await migrate(endpoints.database_url)
            store = open_store(endpoints.database_url, role="pipeline", pool=1)
            await add_shop(store)
            await store.close()
            kept = Servers(made(var), endpoints)
            yield kept
        stop(kept.supervisor(), var)
