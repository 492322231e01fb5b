"""After an erasure the customer's word stands nowhere, and nobody else has lost anything."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text

from bot.channels.web import places_of
from events.partitions import Keys
from services.clock import now
from services.wire import Wire
from store import views
from store.app import Customer
from store.dealings import Order
from store.ml import Dataset
from store.people import Person
from store.privacy.places import PLACES
from store.privacy.tables import Erased, PrivacyRequest
from store.session import Store
from store.versions import ModelVersion
from store.views import SavedView
from tests.fixtures.bots import until
from tests.jobs.canary import (
    CANARY,
    THEIRS,
    House,
    counted,
    fill_files,
    fill_redis,
    furnish,
    in_files,
    in_redis,
    settings_for,
    where,
)

ONE, OTHER = UUID(int=1), UUID(int=2)
WORDLESS = {
    "ml.acceptance", "ml.dataset_row", "app.identity_failure", "app.client_link", "app.consent",
    "app.client_inquiry", "app.privacy_link", "analytics.customer_day", "analytics.user_health",
    "analytics.customer_sense",
    "app.sense_log", "ml.outcome",
}  # fmt: skip
"""Tables of theirs that have no room for a word."""
_JUDGED_TOO = """
INSERT INTO ml.score (shop_id, training_id, scorer, version, score, label, confidence, successful,
                      evidence, created_at)
SELECT shop_id, training_id, 'lexicon', 99, score, label, confidence, successful, evidence,
       created_at
FROM ml.score WHERE shop_id = :s
"""
_WAITING = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
               AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM ml.training_data%')
"""


@pytest.fixture
async def house(
    store: Store, database_url: str, redis_url: str, prefix: str, tmp_path: Path
) -> House:
    await furnish(store, ONE, OTHER)
    settings = settings_for(database_url, redis_url, prefix, tmp_path)
    await fill_files(store, settings, ONE)
    return House(store, settings, ONE)


async def fill_page(wire: Wire, prefix: str) -> None:
    """What the web chat shows of a conversation."""
    for place in places_of(prefix, f"{CANARY} chat"):
        await wire.command("SET", place, CANARY)


async def test_the_word_stood_everywhere_and_stands_nowhere(
    house: House, wire: Wire, prefix: str, tmp_path: Path
) -> None:
    await fill_redis(wire, prefix, house.conversation)
    await fill_page(wire, prefix)
    untouched = await counted(house.store, OTHER)
    before = await where(house.store, CANARY, ONE)
    assert THEIRS - set(before) == WORDLESS
    assert len(await in_redis(wire, prefix, CANARY)) == 9
    assert len(in_files(tmp_path, CANARY)) == 2
    request = await house.ask("erasure")
    assert await house.perform("erasure", request) == "done"
    assert await where(house.store, CANARY, ONE) == {}
    assert await in_redis(wire, prefix, CANARY) == []
    assert in_files(tmp_path, CANARY) == []
    assert await where(house.store, str(house.customer), ONE) == {}
    assert await where(house.store, str(house.conversation), ONE) == {}
    assert await counted(house.store, OTHER) == untouched


async def test_the_receipt_counts_what_was_taken_out_of_each_store(house: House) -> None:
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        row = await session.get(PrivacyRequest, (ONE, request))
    assert row is not None
    assert (row.state, row.customer_id, row.scope, row.note) == ("done", None, None, "")
    gone = row.receipt["gone"]
    deleted = {place.table for place in PLACES if not place.keeps} - {"ml.eval_result"}
    assert {name: gone.get(name) for name in deleted} == dict.fromkeys(deleted, 1)
    assert (gone["files"], gone["datasets"], gone["model versions"]) == (1, 1, 1)


async def test_what_was_bought_stays_with_nobody_and_wishes_go(house: House) -> None:
    async with house.store.transaction() as session:
        paid = text("UPDATE app.orders SET state = 'paid' WHERE shop_id = :shop")
        await session.execute(paid, {"shop": ONE})
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        mine = (await session.scalars(select(Order).where(Order.shop_id == ONE))).all()
        nobody = (await session.scalars(select(Customer).where(Customer.shop_id == ONE))).one()
    assert [(order.state, order.chat, order.customer_id) for order in mine] == [
        ("paid", "", nobody.id)
    ]
    assert (nobody.name, nobody.no_training) == (None, True)
    assert nobody.id != house.customer
    assert await where(house.store, CANARY, ONE) == {}


async def test_a_dataset_that_held_them_is_stale_and_its_models_are_to_be_trained_anew(
    house: House,
) -> None:
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        dataset = (await session.scalars(select(Dataset).where(Dataset.shop_id == ONE))).one()
        version = (
            await session.scalars(select(ModelVersion).where(ModelVersion.shop_id == ONE))
        ).one()
    assert dataset.stale_at is not None
    assert version.retrain_by is not None
    assert timedelta(days=29) < version.retrain_by - now() <= timedelta(days=30)


async def test_tombstones_name_nobody(house: House) -> None:
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        rows = (await session.scalars(select(Erased).where(Erased.shop_id == ONE))).all()
    assert len([row for row in rows if len(row.digest) == 32]) == 3


async def test_who_joined_somebody_goes_with_them(house: House) -> None:
    joined = UUID(int=77)
    async with house.store.transaction() as session:
        session.add(Customer(shop_id=ONE, id=joined, name=CANARY, merged_into=house.customer))
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        left = await session.scalars(select(Customer.id).where(Customer.shop_id == ONE))
        assert joined not in set(left)


async def test_the_chat_is_shut_so_that_what_is_being_composed_never_leaves(
    house: House, wire: Wire, prefix: str
) -> None:
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    keys = Keys(prefix, 64)
    assert await wire.command("EXISTS", keys.shut(house.conversation)) == 1
    assert await wire.command("EXISTS", keys.notes(house.conversation)) == 0


async def test_what_is_written_down_between_two_deletions_goes_with_the_rest(
    house: House, database_url: str
) -> None:
    """A judgement of theirs, not yet committed when the judgements before it are deleted."""
    request = await house.ask("erasure")
    onlooker = await asyncpg.connect(database_url)

    async def waits() -> bool:
        return bool(await onlooker.fetchval(_WAITING))

    async with house.store.transaction() as session:
        await session.execute(text(_JUDGED_TOO), {"s": ONE})
        erasing = asyncio.create_task(house.perform("erasure", request))
        await until(waits)
    await onlooker.close()
    assert await erasing == "done"
    assert await where(house.store, CANARY, ONE) == {}


async def test_an_entry_that_is_worked_at_holds_the_end_up_until_it_is_acknowledged(
    house: House, wire: Wire, prefix: str
) -> None:
    keys = await fill_redis(wire, prefix, house.conversation)
    stream = keys.stream(keys.partition(house.conversation))
    entries = await wire.command("XREADGROUP", "GROUP", "reply", "c", "STREAMS", stream, ">")
    request = await house.ask("erasure")
    await house.perform("erasure", request)
    async with house.store.reading() as session:
        row = await session.get(PrivacyRequest, (ONE, request))
    assert row is not None
    assert row.state == "running"
    await wire.command("XACK", stream, "reply", entries[0][1][0][0])
    async with house.store.transaction() as session:
        await session.execute(text("DELETE FROM app.job_run WHERE shop_id = :s"), {"s": ONE})
    await house.perform("erasure", request)
    assert await in_redis(wire, prefix, CANARY) == []


async def test_lists_that_were_kept_of_their_name_or_conversation_go_and_others_stay(
    house: House,
) -> None:
    shop, talk = ONE, str(house.conversation)
    asked: dict[str, dict[str, str]] = {
        "suyo": {"buscar": CANARY[:8].upper()},
        "de ella": {"conversacion": talk},
        f"lo de {CANARY} name": {"venta": "si"},
        "de otra": {"buscar": "mochila", "ver": "bot"},
    }
    async with house.store.transaction() as session:
        who = await session.scalar(select(Person.id).where(Person.shop_id == shop))
        assert who is not None
        for name, query in asked.items():
            assert await views.keep(session, shop, who, "/conversaciones", name, query)
    await house.perform("erasure", await house.ask("erasure"))

    async with house.store.reading() as session:
        left = select(SavedView.name).where(SavedView.shop_id == shop)
        assert (await session.scalars(left)).all() == ["de otra"]
