"""A replier on real services, and a store whose Postgres is not there."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from app.sample import sample_products
from events.partitions import Keys
from handlers.history import History
from handlers.reply import Replier
from services.wire import Wire
from store.session import Store, open_store
from store.shops import upsert_products
from tests.handlers.replying import PACK, replier_for


@pytest.fixture
def history(wire: Wire, prefix: str, store: Store) -> History:
    return History(wire, Keys(prefix, 4), store)


@pytest.fixture
async def replier(store: Store, shop: UUID, history: History) -> AsyncIterator[Replier]:
    async with store.transaction() as session:
        await upsert_products(session, shop, sample_products(PACK, "demo"))
    replier = replier_for(store, history)
    yield replier
    await replier.reader.close()


@pytest.fixture
async def closed_store() -> AsyncIterator[Store]:
    """A store whose Postgres is not there."""
    opened = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    yield opened
    await opened.close()
