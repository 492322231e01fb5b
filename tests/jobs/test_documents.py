"""Documents that a worker reads: once, whatever is killed, and with a reason when it cannot."""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from config.settings import JobSettings
from jobs.asking import offer
from jobs.cron import Cron
from jobs.documents import vectors_of
from jobs.queue import Queue
from jobs.schedule import DOCUMENT, NEIGHBOURS, Run, Terms, ask, claim, ensure, runs
from jobs.tasks import perform
from knowledge.documents import File
from services.clock import now
from services.files import Files
from store.finding import LARGE
from store.session import Store
from tests.jobs.processes import BRISK, children, environment, settings_of, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.knowledge.papers import scan
from tests.knowledge.shelf import Hashes, Shelf, is_exact, rows, shelf

TERMS = Terms(backoff_s=0)
TEXT = "# Cambios\n\nSe cambia dentro de treinta días con la boleta original."
LONG = "\n\n".join(f"{TEXT} La regla {number} es otra cosa." for number in range(3_000))
QUESTION = "¿se cambia con la boleta original?"


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    kept = {"APRENDIZ_APP__VAR": str(tmp_path)}
    return environment(database_url, redis_url, prefix, tmp_path / "datasets") | kept


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with shelf(store, shop, tmp_path / "documents") as opened:
        yield opened


@pytest.fixture
def cron(store: Store, redis_url: str, prefix: str) -> Cron:
    return Cron(store, Queue(redis_url, prefix), JobSettings(), BRISK, now)


async def left(books: Shelf, data: str | bytes = TEXT, name: str = "cambios.md") -> Run:
    """As the service leaves a file that is large; the job that reads it."""
    bytes_ = data.encode() if isinstance(data, str) else data
    told = await books.ingest.leave(books.shop, File(name, bytes_))
    sql = "SELECT waiting->>'at' FROM ml.document WHERE id = $1"
    ((asked,),) = await rows(books.ingest.store, sql, told.id)
    return Run(DOCUMENT, books.shop, f"{told.id}@{asked}")


def state_is(store: Store, wanted: str, cron: Cron | None = None) -> Callable[[], Awaitable[bool]]:
    async def hold() -> bool:
        if cron is not None:
            await cron.tick()
        return [row.state for row in await runs(store)] == [wanted]

    return hold


async def test_a_file_that_was_left_is_due_once(books: Shelf, store: Store) -> None:
    run = await left(books)
    assert await ensure(store, now(), JobSettings(), TERMS) == [run]
    assert await ensure(store, now(), JobSettings(), TERMS) == []


async def test_a_file_left_under_the_same_name_again_is_another_job(
    books: Shelf, store: Store
) -> None:
    first = await left(books)
    second = await left(books)
    assert first != second
    assert await ensure(store, now(), JobSettings(), TERMS) == [second]


async def test_a_worker_reads_what_was_left(
    books: Shelf, store: Store, cron: Cron, places: dict[str, str]
) -> None:
    await left(books)
    await cron.tick()
    with killed_at_last([start_worker(places)]):
        await until(state_is(store, "done", cron), every=0.3)
    (row,) = await runs(store)
    assert row.result == {"outcome": "new", "pages": 0, "passages": 1}
    assert await books.answers(QUESTION) == ["cambios.md"]
    assert await cron.tick() == cron.settings.every_s


async def test_a_worker_and_its_horse_that_die_while_they_read_are_followed_by_others(
    books: Shelf, store: Store, cron: Cron, places: dict[str, str]
) -> None:
    await books.put("cambios.md", TEXT)
    run = await left(books, LONG)
    await cron.tick()
    first = start_worker(places)
    with killed_at_last([first]):
        await until(state_is(store, "running", cron), every=0.02)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    assert await books.answers(QUESTION) == ["cambios.md"]
    assert await rows(store, "SELECT count(*) FROM ml.chunk") == [(1,)]
    with killed_at_last([start_worker(places)]):
        await until(state_is(store, "done", cron), every=0.3)
    (row,) = await runs(store)
    assert (row.attempts, row.period) == (2, run.period)
    assert await is_exact(store, books.shop)
    assert (await rows(store, "SELECT waiting, passages > 300 FROM ml.document")) == [(None, True)]


async def test_a_file_that_is_refused_is_done_and_says_why(
    books: Shelf, store: Store, places: dict[str, str]
) -> None:
    run = await left(books, scan(), "foto.pdf")
    await ask(store, run)
    assert await perform(run, TERMS, settings_in(places)) == "done"
    (row,) = await runs(store)
    assert row.result == {"outcome": "refused", "problem": "scanned"}
    assert await rows(store, "SELECT problem, waiting FROM ml.document") == [("scanned", None)]


def settings_in(places: dict[str, str], **knowledge: Any) -> Any:  # noqa: ANN401  settings
    found = settings_of(places)
    var = Path(places["APRENDIZ_APP__VAR"])
    return found.model_copy(
        update={
            "app": found.app.model_copy(update={"var": var}),
            "knowledge": found.knowledge.model_copy(update=knowledge),
        }
    )


async def test_what_was_read_is_not_read_again_when_its_end_was_not_written_down(
    books: Shelf, store: Store, places: dict[str, str]
) -> None:
    """Killed between the two: the document is there, and the job says it still waits."""
    run = await left(books)
    await ask(store, run)
    await perform(run, TERMS, settings_in(places))
    before = await rows(store, "SELECT updated_at FROM ml.document")
    async with store.batch() as connection:
        await connection.execute("UPDATE app.job_run SET state = 'waiting', lease_until = NULL")
    assert await perform(run, TERMS, settings_in(places)) == "done"
    (row,) = await runs(store)
    assert row.result == {"outcome": "superseded"}
    assert await rows(store, "SELECT updated_at FROM ml.document") == before
    assert Files(Path(places["APRENDIZ_APP__VAR"]) / "documents").folder.is_dir()


async def test_asking_offers_at_once_and_again_when_it_is_done(
    books: Shelf, store: Store, redis_url: str, prefix: str, places: dict[str, str]
) -> None:
    run = vectors_of(books.shop, books.ingest.embedders.ours)
    queue = Queue(redis_url, prefix)
    for _ in range(2):
        assert await offer(store, queue, run, TERMS)
        assert await offer(store, queue, run, TERMS)
        assert await perform(run, TERMS, settings_in(places)) == "done"
    assert [(row.state, row.attempts) for row in await runs(store)] == [("done", 2)]


async def test_what_no_queue_takes_is_offered_by_the_schedule(books: Shelf, store: Store) -> None:
    run = vectors_of(books.shop, books.ingest.embedders.ours)
    assert not await offer(store, Queue("redis://127.0.0.1:1"), run, TERMS)
    assert await ensure(store, now(), JobSettings(), TERMS) == [run]


async def test_vectors_asked_for_under_other_settings_are_not_made(
    books: Shelf, store: Store, places: dict[str, str]
) -> None:
    await books.put("cambios.md", TEXT)
    run = vectors_of(books.shop, Hashes())
    await ask(store, run)
    with pytest.raises(Exception, match="test-384:384 was asked for"):
        await perform(run, TERMS, settings_in(places))
    (row,) = await runs(store)
    assert row.error.startswith("OtherSettings: test-384:384 was asked for")
    assert await books.answers(QUESTION) == ["cambios.md"]


async def test_a_shop_that_has_grown_large_is_due_for_the_index_until_it_has_it(
    books: Shelf, store: Store, places: dict[str, str]
) -> None:
    await books.by(Hashes()).put("cambios.md", TEXT)
    assert await ensure(store, now(), JobSettings(), TERMS) == []
    grown = "UPDATE ml.corpus SET passages = $1"
    async with store.batch() as connection:
        await connection.execute(grown, LARGE + 1)
    (run,) = await ensure(store, now(), JobSettings(), TERMS)
    assert run == Run(NEIGHBOURS, books.shop, "test-384:384")
    assert await perform(run, TERMS, settings_in(places)) == "done"
    assert await rows(store, "SELECT ann FROM ml.vector UNION ALL SELECT ann FROM ml.corpus") == [
        (True,), (True,),
    ]  # fmt: skip
    assert await ensure(store, now(), JobSettings(), TERMS) == []
    async with store.batch() as connection:
        await connection.execute("UPDATE ml.corpus SET ann = false")
    assert await ensure(store, now(), JobSettings(), TERMS) == [run]
    assert await claim(store, run, TERMS) == 2
