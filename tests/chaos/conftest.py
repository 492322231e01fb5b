"""Servers of their own for the tests that kill servers, and time for those who start bots."""

from collections.abc import AsyncIterator

import pytest

from services.embedded import running
from services.places import made
from store.migrations import migrate
from tests.chaos.world import Servers
from tests.fixtures.servers import open_folder, stop

LIMIT_S = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("chaos"):
            item.add_marker(pytest.mark.timeout(LIMIT_S))


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    with open_folder() as folder:
        var = folder / "var"
        async with running(var) as endpoints:
            await migrate(endpoints.database_url)
            kept = Servers(made(var), endpoints)
            yield kept
        stop(kept.supervisor(), var)
