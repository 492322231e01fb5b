import asyncio
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from config.settings import JobSettings
from jobs.attempts import Attempt
from jobs.schedule import AttemptLost, Run, Terms, claim, ensure, runs
from store.base import StoreUnavailable
from store.session import Store, open_connection
from tests.builders import MONDAY, add_history
from tests.fixtures.bots import until
from tests.fixtures.store import Databases

SHORT = Terms(lease_s=0.3, backoff_s=0)


@pytest.fixture
async def run(store: Store, shop: UUID) -> Run:
    await add_history(store, shop, 1)
    (found,) = await ensure(store, MONDAY + timedelta(weeks=1), JobSettings(), SHORT)
    return found


async def begun(store: Store, run: Run, terms: Terms = SHORT) -> Attempt:
    attempt = await Attempt.claim(store, run, terms)
    assert attempt is not None
    return attempt


async def test_a_job_that_takes_longer_than_its_lease_keeps_it(store: Store, run: Run) -> None:
    attempt = await begun(store, run, Terms(lease_s=3))
    (begin,) = await runs(store)

    async def extended() -> bool:
        (row,) = await runs(store)
        return bool(row.lease_until > begin.lease_until)

    async with attempt:
        await until(extended)
        assert await Attempt.claim(store, run, SHORT) is None
        async with store.transaction() as session:
            await attempt.end(session, {"rows": 1})
    assert [(row.state, row.result) for row in await runs(store)] == [("done", {"rows": 1})]


async def test_a_job_that_lost_its_lease_stops_at_once_and_changes_nothing(
    store: Store, run: Run
) -> None:
    async def lose() -> None:
        async with await begun(store, run, Terms(lease_s=1.5)), asyncio.timeout(120):
            async with store.batch() as connection:
                await connection.execute("UPDATE app.job_run SET lease_until = now()")
            assert await claim(store, run, Terms()) == 2
            await asyncio.sleep(600)

    with pytest.raises(AttemptLost, match="attempt 1"):
        await lose()
    assert [(row.state, row.attempts, row.error) for row in await runs(store)] == [
        ("running", 2, None)
    ]


@pytest.mark.parametrize("error", [ValueError("no such column"), TimeoutError()])
async def test_what_goes_wrong_is_written_down_and_goes_on(
    store: Store, run: Run, error: Exception
) -> None:
    with pytest.raises(type(error)):
        async with await begun(store, run):
            raise error
    (row,) = await runs(store)
    assert (row.state, row.error) == ("waiting", f"{type(error).__name__}: {error}")
    assert row.result == {"failures": 1}


async def test_an_outage_is_not_held_against_the_job(store: Store, run: Run) -> None:
    with pytest.raises(StoreUnavailable):
        async with await begun(store, run):
            raise StoreUnavailable("the server is restarting")
    (row,) = await runs(store)
    assert (row.state, row.result) == ("waiting", {"failures": 0})


async def test_a_heartbeat_that_finds_no_database_tries_again(
    store: Store, run: Run, databases: Databases, database_url: str
) -> None:
    attempt = await begun(store, run)
    name = urlsplit(database_url).path.lstrip("/")
    server = await open_connection(databases.server)
    with capture_logs() as logs:

        async def missed() -> bool:
            return bool(logs)

        async with attempt:
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
            await until(missed)
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await asyncio.sleep(0.3)
            async with store.transaction() as session:
                await attempt.end(session, {})
    await server.close()
    assert {line["event"] for line in logs} == {"job.heartbeat_missed"}
    assert [row.state for row in await runs(store)] == ["done"]


async def test_a_long_error_is_cut(store: Store, run: Run) -> None:
    with pytest.raises(ValueError, match=r"x{100}"):
        async with await begun(store, run):
            raise ValueError("x" * 50_000)
    assert len((await runs(store))[0].error) == 2000


async def test_who_cancels_the_job_is_obeyed(store: Store, run: Run) -> None:
    working = asyncio.Event()

    async def work() -> None:
        async with await begun(store, run):
            working.set()
            await asyncio.sleep(600)

    task = asyncio.create_task(work())
    await working.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [row.state for row in await runs(store)] == ["running"]


async def test_the_effect_and_the_end_are_one(store: Store, run: Run) -> None:
    async def end_and_fail() -> None:
        attempt = await begun(store, run)
        async with attempt, store.transaction() as session:
            await attempt.end(session, {})
            raise ValueError("after the end")

    with pytest.raises(ValueError, match="after the end"):
        await end_and_fail()
    (row,) = await runs(store)
    assert (row.state, row.error) == ("waiting", "ValueError: after the end")
