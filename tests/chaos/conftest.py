"""Servers of their own for the tests that kill servers."""

from collections.abc import AsyncIterator

import pytest

from services.embedded import running
from services.places import made
from store.migrations import migrate
from tests.chaos.world import Servers
from tests.fixtures.servers import open_folder, stop


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    with open_folder() as folder:
        var = folder / "var"
        async with running(var) as endpoints:
            await migrate(endpoints.database_url)
            kept = Servers(made(var), endpoints)
            yield kept
        stop(kept.supervisor(), var)
