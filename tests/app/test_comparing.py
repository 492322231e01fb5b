"""`main.py eval compare`: whose evaluations are laid side by side."""

from typing import Any
from uuid import UUID, uuid4

from app.commands_eval import evals
from store import evaluating
from store.session import Store
from tests.app.packs import version
from tests.app.terminal import typed
from tests.fixtures.store import add_shop

SET = UUID(int=7)


async def judged(store: Store, version_id: UUID | None, *points: float) -> str:
    """An evaluation that came to its end, with so many points for each case."""
    shop, run = await add_shop(store), uuid4()
    begun: dict[str, Any] = {
        "shop_id": shop, "id": run, "set_id": SET, "version_id": version_id, "kind": "golden",
        "split": "test", "fingerprint": "f", "requested_by": "ana",
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"shop_id": shop, "run_id": run, "name": f"case {place}", "case_id": None,
         "passed": got > 0, "points": got, "faults": [], "reply": "", "observed": {},
         "latency_ms": 100, "cost_micros": 0}
        for place, got in enumerate(points)
    ]  # fmt: skip
    async with store.transaction() as session:
        await evaluating.keep_set(session, shop, SET, "ventas")
        await evaluating.begin(session, begun)
        await evaluating.keep_results(session, rows)
        await evaluating.end(session, shop, run, {"verdict": "passed"})
    return str(run)


async def test_current_is_whoever_answers_customers_now(
    terminal: dict[str, str], store: Store
) -> None:
    now, new = [await version(store, name, "offline") for name in ("now", "new")]
    settings = await judged(store, None, 0, 0)
    active, candidate = await judged(store, now.id, 0, 100), await judged(store, new.id, 100, 100)
    before = (await typed(evals, terminal, "compare", "current", "new", "--json")).json
    async with store.transaction() as session:
        session.add(now)
        now.state = "active"
    after = (await typed(evals, terminal, "compare", "current", "new", "--json")).json

    assert [one["second"] for one in (before, after)] == [candidate] * 2
    assert [one["first"] for one in (before, after)] == [settings, active]
    assert [one["points"]["value"] for one in (before, after)] == [100, 50]


async def test_an_active_version_that_was_never_evaluated_is_compared_with_nobody(
    terminal: dict[str, str], store: Store
) -> None:
    """Least of all the models of the settings in its place."""
    await version(store, "now", "offline", state="active")
    candidate = await version(store, "new", "offline")
    await judged(store, None, 0)
    await judged(store, candidate.id, 100)
    done = await typed(evals, terminal, "compare", "current", "new")
    assert done.code == 1
    assert "there is no evaluation 'current'" in done.said
