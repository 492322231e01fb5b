from datetime import timedelta
from uuid import UUID

from config.settings import JobSettings
from jobs.schedule import Terms, claim, ensure, fail, finish, runs
from store.session import Store
from tests.builders import MONDAY, add_history

TERMS = Terms(backoff_s=0)


async def test_every_missed_week_since_the_first_row_is_due_once(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 1)
    later = MONDAY + timedelta(weeks=3)
    due = await ensure(store, later, JobSettings(), TERMS)
    assert [run.period for run in due] == ["2026-W47", "2026-W48", "2026-W49"]
    assert await ensure(store, later, JobSettings(), TERMS) == []
    run = due[0]
    attempt = await claim(store, run, TERMS)
    assert attempt == 1
    assert await claim(store, run, TERMS) is None
    async with store.transaction() as session:
        await finish(session, run, attempt, {"rows": 0})
    assert await claim(store, run, TERMS) is None
    assert await fail(store, run, attempt, "late", TERMS) is None
    assert [(row.shop, row.period, row.state) for row in await runs(store)][-1] == (
        "demo", "2026-W47", "done",
    )  # fmt: skip
