"""A version that does not serve answers a question, if it can be opened, for its own shop alone."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from app.backing import Backing
from app.means import means
from app.rehearsing import rehearsed
from jobs.rights import nobody_offers
from services.clock import now
from services.state import Endpoints
from store.versions import ModelVersion
from tests.fixtures.bots import Bot, bot, knobs
from tests.fixtures.store import add_shop
from web.rehearsal import Heard, Said, begun

PRICE = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
async def shop(database_url: str, endpoints: Endpoints, prefix: str) -> AsyncIterator[Bot]:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, knobs(prefix)) as found:
        yield found


async def asked_of(shop: Bot, version: UUID) -> Heard | None:
    return await rehearsed(shop.parts, Said(begun(), PRICE, now(), version=version))


async def test_a_version_is_asked_by_its_own_shop_alone(shop: Bot) -> None:
    store, mine, theirs = shop.parts.store, uuid4(), uuid4()
    other = await add_shop(store, "otra")
    row = {"name": "reglas", "provider": "offline", "base_model": "rules", "model": "rules"}
    async with store.transaction() as session:
        for owner, which in ((shop.parts.shop, mine), (other, theirs)):
            values = {"shop_id": owner, "id": which, **row}
            await session.execute(insert(ModelVersion).values(values))

    found = await asked_of(shop, mine)

    assert found is not None
    assert found.draft is not None
    assert "24.990" in found.draft.text
    assert await asked_of(shop, theirs) is None
    assert await asked_of(shop, uuid4()) is None


async def test_what_programs_may_send_is_bounded_by_the_settings(shop: Bot) -> None:
    knobs = shop.parts.settings.knowledge
    async with means(shop.parts, nobody_offers) as found:
        assert found.ingest is not None
        assert found.ingest.a_day == knobs.files_a_day
        caps = found.ingest.reader.caps
        assert (caps.pages, caps.letters) == (knobs.max_pages, knobs.max_letters)
