"""Whatever is killed while a customer is erased, the next worker goes on to the end."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text

from config.settings import JobSettings
from jobs.cron import Cron
from jobs.queue import Queue
from services.clock import now
from store import app
from store.privacy.tables import PrivacyRequest
from store.session import Store
from tests.fixtures.store import add_shop
from tests.jobs.canary import CANARY, House, settings_for, where
from tests.jobs.processes import BRISK, children, environment, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last

MANY = 6000
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
async def talkative(store: Store) -> UUID:
    """A shop whose customer wrote so much that an erasure has many steps."""
    shop = await add_shop(store)
    customer, talk = UUID(int=5), UUID(int=6)
    async with store.transaction() as session:
        session.add(app.Customer(shop_id=shop, id=customer, name=CANARY))
        await session.flush()
        session.add(
            app.Conversation(
                shop_id=shop, id=talk, customer_id=customer, account="web:main", chat=CANARY,
                last_at=AT,
            )
        )  # fmt: skip
        await session.flush()
        rows = [
            {
                "shop_id": shop, "id": uuid4(), "conversation_id": talk, "position": place,
                "author": "customer", "content": "text", "text": f"{CANARY} {place}",
                "request_id": talk, "at": AT, "received_at": AT,
            }
            for place in range(MANY)
        ]  # fmt: skip
        await session.execute(insert(app.Message), rows)
    return shop


async def test_kill_9_in_the_middle_and_the_next_one_goes_on(
    store: Store, talkative: UUID, database_url: str, redis_url: str, prefix: str, tmp_path: Path
) -> None:
    house = House(store, settings_for(database_url, redis_url, prefix, tmp_path), talkative)
    cron = Cron(store, Queue(redis_url, prefix), JobSettings(), BRISK, now)
    places = environment(database_url, redis_url, prefix, tmp_path) | {
        "APRENDIZ_APP__VAR": str(tmp_path)
    }
    request = await _asked(house)
    first = start_worker(places)

    async def begun() -> bool:
        await cron.tick()
        return await _left(store) < MANY

    with killed_at_last([first]):
        await until(begun, every=0.002)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    assert 0 < await _left(store) < MANY
    assert (await _request(store, talkative, request)).state == "running"
    with killed_at_last([start_worker(places)]):

        async def done() -> bool:
            await cron.tick()
            return (await _request(store, talkative, request)).state == "done"

        await until(done, every=0.2)
    assert await where(store, CANARY, talkative) == {}
    gone = (await _request(store, talkative, request)).receipt["gone"]
    assert (gone["app.message"], gone["app.conversation"], gone["app.customer"]) == (MANY, 1, 1)


async def _asked(house: House) -> UUID:
    request = uuid4()
    async with house.store.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO app.privacy_request (shop_id, id, customer_id, kind, by, due_at)"
                " VALUES (:shop, :id, :customer, 'erasure', 'test', now())"
            ),
            {"shop": house.shop, "id": request, "customer": UUID(int=5)},
        )
    return request


async def _left(store: Store) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(app.Message)) or 0


async def _request(store: Store, shop: UUID, request: UUID) -> PrivacyRequest:
    async with store.reading() as session:
        found = await session.get(PrivacyRequest, (shop, request))
    assert found is not None
    return found
