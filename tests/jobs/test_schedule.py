import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from config.settings import JobSettings
from jobs.schedule import (
    AttemptLost,
    Run,
    Terms,
    claim,
    ensure,
    extend,
    fail,
    finish,
    next_due,
    revive,
    runs,
    withdraw,
)
from store.session import Store
from store.work import JobRun
from tests.builders import MONDAY, add_history
from tests.fixtures.store import add_shop

TERMS = Terms(backoff_s=0)
SHORT = Terms(lease_s=60, again_s=60, backoff_s=0)
SETTINGS = JobSettings()
LATER = MONDAY + timedelta(weeks=1)


async def a_due_run(store: Store, shop: UUID, terms: Terms = TERMS) -> Run:
    await add_history(store, shop, 1)
    (run,) = await ensure(store, LATER, SETTINGS, terms)
    return run


async def end(store: Store, run: Run, attempt: int) -> None:
    async with store.transaction() as session:
        await finish(session, run, attempt, {"rows": 7})


async def claimed(store: Store, run: Run, terms: Terms = TERMS) -> int:
    attempt = await claim(store, run, terms)
    assert attempt is not None
    return attempt


async def state(store: Store) -> tuple[str, int]:
    (row,) = await runs(store)
    return row.state, row.attempts


async def an_hour_passes(store: Store) -> None:
    hour = timedelta(hours=1)
    async with store.transaction() as session:
        await session.execute(
            update(JobRun).values(
                lease_until=JobRun.lease_until - hour, offered_at=JobRun.offered_at - hour
            )
        )


async def test_every_missed_week_since_the_first_row_is_due_once(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    later = MONDAY + timedelta(weeks=3)
    due = await ensure(store, later, SETTINGS, TERMS)
    assert [run.period for run in due] == ["2026-W47", "2026-W48", "2026-W49"]
    assert await ensure(store, later, SETTINGS, TERMS) == []
    assert [run.period for run in await ensure(store, later + timedelta(7), SETTINGS, TERMS)] == [
        "2026-W50"
    ]


async def test_after_a_year_of_silence_only_the_newest_weeks_are_caught_up(
    store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 1, first=datetime(2025, 1, 1, tzinfo=UTC))
    due = await ensure(store, LATER, SETTINGS, TERMS)
    assert (len(due), due[-1].period) == (12, "2026-W47")


@pytest.mark.parametrize(("weekday", "hour", "due"), [(0, 12, 1), (0, 13, 0), (1, 0, 0)])
async def test_a_week_is_due_at_the_hour_of_the_settings(
    store: Store, shop: UUID, weekday: int, hour: int, due: int
) -> None:
    await add_history(store, shop, 1)
    found = await ensure(store, LATER, JobSettings(weekday=weekday, hour=hour), TERMS)
    assert len(found) == due


async def test_each_shop_has_its_own_periods_and_a_silent_one_none(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    await add_shop(store, "silent")
    for each in (shop, other):
        await add_history(store, each, 1)
    due = await ensure(store, LATER, SETTINGS, TERMS)
    assert {run.shop for run in due} == {shop, other}
    assert len(due) == 2


async def test_of_many_claims_one_wins(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    claims = await asyncio.gather(*(claim(store, run, TERMS) for _ in range(12)))
    assert sorted(claim for claim in claims if claim) == [1]


async def test_what_is_done_is_done(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    attempt = await claimed(store, run)
    await end(store, run, attempt)
    assert await claim(store, run, TERMS) is None
    assert await fail(store, run, attempt, "late", TERMS) is None
    assert not await extend(store, run, attempt, TERMS)
    with pytest.raises(AttemptLost):
        await end(store, run, attempt)
    assert await ensure(store, LATER, SETTINGS, Terms(again_s=0)) == []
    (row,) = await runs(store)
    assert (row.state, row.result, row.error) == ("done", {"rows": 7}, None)


async def test_an_offer_that_nobody_took_is_made_again_after_a_while(
    store: Store, shop: UUID
) -> None:
    run = await a_due_run(store, shop, SHORT)
    assert await ensure(store, LATER, SETTINGS, SHORT) == []
    await an_hour_passes(store)
    assert await ensure(store, LATER, SETTINGS, SHORT) == [run]
    await withdraw(store, [run])
    assert await ensure(store, LATER, SETTINGS, SHORT) == [run]


async def test_who_lost_the_lease_to_another_can_neither_finish_nor_fail(
    store: Store, shop: UUID
) -> None:
    run = await a_due_run(store, shop)
    first = await claimed(store, run, SHORT)
    assert await claim(store, run, SHORT) is None
    await an_hour_passes(store)
    assert await ensure(store, LATER, SETTINGS, SHORT) == [run]
    second = await claimed(store, run)
    with pytest.raises(AttemptLost):
        await end(store, run, first)
    assert await fail(store, run, first, "late", TERMS) is None
    assert not await extend(store, run, first, TERMS)
    await end(store, run, second)
    assert await state(store) == ("done", 2)


async def test_a_lease_that_ran_out_unnoticed_is_still_good(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    attempt = await claimed(store, run, SHORT)
    await an_hour_passes(store)
    assert await extend(store, run, attempt, TERMS)
    assert await claim(store, run, TERMS) is None
    await end(store, run, attempt)


async def test_the_third_failure_stays_until_somebody_revives_it(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    states = [
        await fail(store, run, await claimed(store, run), f"failure {number}", TERMS)
        for number in range(3)
    ]
    assert states == ["waiting", "waiting", "failed"]
    (row,) = await runs(store, state="failed")
    assert (row.shop, row.error, row.attempts) == ("demo", "failure 2", 3)
    assert await claim(store, run, TERMS) is None
    assert await ensure(store, LATER, SETTINGS, Terms(again_s=0)) == []
    assert await revive(store, run)
    assert not await revive(store, run)
    assert await ensure(store, LATER, SETTINGS, TERMS) == [run]
    assert await fail(store, run, await claimed(store, run), "again", TERMS) == "waiting"


async def test_a_failure_cools_down_before_the_next_attempt(store: Store, shop: UUID) -> None:
    cooling = Terms(backoff_s=60)
    run = await a_due_run(store, shop)
    await fail(store, run, await claimed(store, run), "it burns", cooling)
    assert await claim(store, run, TERMS) is None
    assert await ensure(store, LATER, SETTINGS, cooling) == []
    soon = await next_due(store, cooling)
    assert soon is not None
    assert 0 < soon <= 60
    await an_hour_passes(store)
    assert await ensure(store, LATER, SETTINGS, cooling) == [run]


async def test_failures_that_are_not_the_job_s_do_not_count(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    for _ in range(5):
        attempt = await claimed(store, run)
        assert await fail(store, run, attempt, "no database", TERMS, counted=False) == "waiting"


async def test_a_job_whose_workers_keep_dying_is_given_up(store: Store, shop: UUID) -> None:
    run = await a_due_run(store, shop)
    mortal = Terms(lease_s=0, again_s=0, deaths=2)
    for number in (1, 2):
        assert await claim(store, run, mortal) == number
    assert await ensure(store, LATER, SETTINGS, mortal) == []
    (row,) = await runs(store, state="failed")
    assert row.error == "it was begun too often without an end"
    assert await next_due(store, mortal) is None
