"""History is judged again page by page: once, whatever is killed on the way."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from evaluation.rescoring import PAGE, History
from evaluation.scoring import Evidence
from store.session import Store
from tests.builders import MONDAY, a_turn, add_customer, add_turns
from tests.evaluation.talks import Rows, talked
from tests.fixtures.store import add_shop

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 1, 1, tzinfo=UTC)
TWICE = "SELECT training_id FROM ml.score GROUP BY 1 HAVING count(*) > 1"
COUNT = "SELECT count(*) FROM ml.score WHERE shop_id = $1"


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


async def history(store: Store, shop: UUID, count: int) -> None:
    """Rows as they were before anybody judged them."""
    customer = await add_customer(store, shop, "ana")
    await add_turns(
        store,
        [
            a_turn(
                shop, f"t{number}", customer, position=number, quality_score=None,
                follow_up_id=UUID(int=number), user_feedback="me encantó, lo quiero",
                created_at=MONDAY + timedelta(seconds=number), is_successful=False,
            )
            for number in range(1, count + 1)
        ],
    )  # fmt: skip


async def test_every_row_is_judged_once_and_cached(store: Store, shop: UUID, rows: Rows) -> None:
    await history(store, shop, PAGE + 7)
    steps: list[tuple[int, int]] = []
    walk = History(store, shop, step=lambda done, of: steps.append((done, of)))
    done = await walk.rescore("lexicon", NOW)

    assert (done.rows, done.fresh, done.resumed) == (PAGE + 7, PAGE + 7, 0)
    assert steps == [(0, PAGE + 7), (PAGE, PAGE + 7), (PAGE + 7, PAGE + 7)]
    query = "SELECT DISTINCT quality_score, quality_label, is_successful FROM ml.training_data"
    assert await rows.all(query) == [(5, "purchase_intent", True)]
    again = await History(store, shop).rescore("lexicon", NOW)
    assert (again.rows, again.fresh) == (PAGE + 7, 0)


def regretted(text: str) -> Evidence | None:
    return Evidence("complaint", text, -3) if "quiero" in text else None


def praised(text: str) -> Evidence | None:
    return Evidence("praise", text, 3) if "zarpado" in text else None


async def test_what_the_stream_judged_is_left_as_it_is_while_nothing_is_heard_anew(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await talked(store, shop, "gracias")
    before = await rows.all("SELECT * FROM ml.score")
    for signals in ([], [regretted]):
        assert (await History(store, shop, signals).rescore("lexicon", NOW)).fresh == 0
    assert await rows.all("SELECT * FROM ml.score") == before


async def test_a_signal_that_is_new_judges_the_past_once_and_one_that_goes_takes_it_back(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await talked(store, shop, "¡zarpado!", "gracias")
    assert (await rows.cached())["¡zarpado!"] == (None, "no_signal")
    for fresh in (1, 0):
        done = await History(store, shop, [praised]).rescore("lexicon", NOW)
        assert (done.rows, done.fresh) == (2, fresh)
    assert (await rows.cached())["¡zarpado!"] == (5, "praise")
    assert (await History(store, shop).rescore("lexicon", NOW)).fresh == 1
    assert (await rows.cached())["¡zarpado!"] == (None, "no_signal")
    assert await rows.all(TWICE) == []


async def test_a_walk_that_was_cut_off_goes_on_unless_other_signals_are_heard(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await history(store, shop, PAGE + 1)

    def cut_off(done: int, _of: int) -> None:
        if done:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await History(store, shop, step=cut_off).rescore("lexicon", NOW)
    done = await History(store, shop, [regretted]).rescore("lexicon", NOW)
    assert (done.rows, done.fresh, done.resumed) == (PAGE + 1, PAGE + 1, 0)
    assert await rows.all("SELECT DISTINCT quality_score FROM ml.training_data") == [(2,)]
    done = await History(store, shop).rescore("lexicon", NOW)
    assert (done.rows, done.resumed) == (1, PAGE)


async def test_a_sticker_says_nothing_the_second_time_too(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await talked(store, shop, "genial 👍")
    async with store.batch() as connection:
        await connection.execute("DELETE FROM ml.score")
        await connection.execute("UPDATE app.message SET content = 'sticker'")
    await History(store, shop).rescore("lexicon", NOW)
    assert await rows.said_by("lexicon") == [(None, "no_signal")]


async def test_a_shop_without_a_trained_scorer_has_nothing_to_judge_by(
    store: Store, shop: UUID
) -> None:
    await history(store, shop, 3)
    assert (await History(store, shop).rescore("trained", NOW)).rows == 0


async def test_only_the_named_shop_is_judged(store: Store, shop: UUID, rows: Rows) -> None:
    other = await add_shop(store, "other")
    for each in (shop, other):
        await history(store, each, 3)
    await History(store, other).rescore("lexicon", NOW)
    assert await rows.all("SELECT DISTINCT shop_id FROM ml.score") == [(other,)]


async def test_killed_anywhere_it_goes_on_and_no_row_is_judged_twice(
    store: Store, shop: UUID, database_url: str, rows: Rows
) -> None:
    await history(store, shop, 200)
    reached: list[int] = []
    for pages in (3, 2, 4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.evaluation.rescoring_life", database_url, str(shop),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        told = [await process.stdout.readline() for _ in range(pages)]
        process.kill()
        await process.wait()
        reached.append(int(told[-1].split()[0]))
    assert reached == sorted(set(reached))

    done = await History(store, shop).rescore("lexicon", NOW)
    assert done.resumed >= reached[-1] > 0
    assert done.rows + done.resumed == 200
    assert await rows.all(COUNT, shop) == [(200,)]
    assert await rows.all(TWICE) == []
