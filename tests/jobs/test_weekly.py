"""The week as a job: where somebody wants to hear of it, once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from jobs.schedule import Run
from jobs.tasks import perform
from store import weekly
from store.people import NewPerson, add_person
from store.session import Store
from tests.fixtures.store import add_shop
from tests.jobs.processes import BRISK, environment, settings_of
from tests.jobs.test_facts import LATER, due, reports
from tests.learning.test_facts import a_day
from tests.web.rows import add_day

WEEK = ("weekly", "2026-W47")


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


async def wants(store: Store, shop: UUID, since: datetime) -> UUID:
    new = NewPerson(shop_id=shop, id=uuid4(), email="ana@x.cl", name="Ana", role="seller")
    async with store.transaction() as session:
        await add_person(session, new)
        assert await weekly.keep(session, shop, new["id"], "telegram:main:77")
        changed = text("UPDATE app.weekly_reader SET created_at = :at")
        await session.execute(changed, {"at": since})
    return new["id"]


async def test_a_week_is_due_once_where_somebody_asked_before_it_ended(
    store: Store, shop: UUID
) -> None:
    await add_shop(store, "silent")
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    person = await wants(store, shop, monday)
    assert WEEK not in await due(store)
    async with store.transaction() as session:
        await weekly.drop(session, shop, person)
        await session.execute(text("DELETE FROM app.person"))
    await wants(store, shop, monday - timedelta(hours=1))
    assert WEEK not in await due(store, monday + timedelta(hours=8))
    assert (await due(store)).count(WEEK) == 1
    assert await due(store) == []


async def test_it_is_written_down_with_the_score_of_the_week_before(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_day(store, shop)
    today = datetime.now(UTC).date()
    for day in (9, 15):
        back = (today - datetime(2026, 11, day, tzinfo=UTC).date()).days
        await add_day(store, shop, back, replies=3, scored=2, score_sum=7)
    await wants(store, shop, LATER - timedelta(days=9))
    await due(store)
    assert await perform(Run(*WEEK[:1], shop, WEEK[1]), BRISK, settings_of(places)) == "done"
    assert await perform(Run(*WEEK[:1], shop, WEEK[1]), BRISK, settings_of(places)) == "not free"
    (found,) = await reports(store)
    assert (found.period, found.told_at) == ("2026-W47", None)
    figures = found.figures
    assert (figures["first"], figures["last"]) == ("2026-11-16", "2026-11-22")
    assert (figures["before"], figures["replies"]) == (3.5, 7)
