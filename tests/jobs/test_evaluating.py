"""An evaluation as a job: it is asked for, done once, and its verdict stands in its row."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from config.settings import Settings
from jobs.evaluating import LAB, Asked, EvaluationFailed, asked_in
from jobs.schedule import EVALUATION, Run, Terms, ask, runs
from jobs.tasks import perform
from services.clock import now
from store.app import Shop
from store.audit import AuditEvent
from store.evaluations import EvalRun
from store.session import Store
from tests.app.packs import small_pack
from tests.jobs.processes import environment, settings_of


def test_what_is_asked_for_stands_in_its_period() -> None:
    asked = Asked("dev", "ventas", "cand-1")
    run = asked.run(UUID(int=1), now(), by="Eva")
    assert (asked_in(run.period), "Eva" in run.period) == (asked, False)
    assert asked.options == ["--set", "dev", "--pack", "ventas", "--version", "cand-1"]
    assert (Asked("test").command, Asked("test").options) == (["eval", "run"], ["--set", "test"])
    lab = Asked(LAB, version="cand-1")
    assert (lab.command, lab.options) == (["eval", "lab"], ["--version", "cand-1"])


@pytest.fixture
async def prepared(store: Store, shop: UUID, tmp_path: Path) -> Run:
    """A shop with a small pack, and an evaluation that somebody asked for."""
    async with store.transaction() as session:
        here = update(Shop).where(Shop.id == shop)
        await session.execute(here.values(pack=str(small_pack(tmp_path / "pack"))))
    run = Asked("test").run(shop, now(), by="Eva Díaz")
    await ask(store, run)
    return run


@pytest.fixture
def settings(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> Settings:
    return settings_of(environment(database_url, redis_url, prefix, tmp_path / "out"))


async def test_a_worker_has_simulated_customers_live_through_the_pipeline(
    prepared: Run,
    store: Store,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("APRENDIZ_MODELS__ORDER", '["offline"]')
    run = Asked(LAB, str(tmp_path / "pack")).run(prepared.shop, now(), by="Ana Soto")
    await ask(store, run)

    assert await perform(run, Terms(), settings) == "done"

    (row,) = [one for one in await runs(store) if one.period == run.period]
    assert (row.result["set"], row.result["score"]) == ("lab", 85)
    async with store.reading() as session:
        kept = (await session.scalars(select(EvalRun))).one()
    assert (str(kept.id), kept.kind) == (row.result["run"], "laboratory")
    assert kept.requested_by == "Ana Soto"


async def test_a_worker_evaluates_and_writes_the_verdict_down(
    prepared: Run, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APRENDIZ_APP__SHOP", "another")
    monkeypatch.setenv("APRENDIZ_MODELS__ORDER", '["offline"]')

    assert await perform(prepared, Terms(), settings) == "done"

    (row,) = [one for one in await runs(store) if one.name == EVALUATION]
    assert (row.state, row.result["verdict"], row.result["set"]) == ("done", "not_enough", "test")
    async with store.reading() as session:
        kept = (await session.scalars(select(EvalRun))).one()
    assert (str(kept.id), kept.state) == (row.result["run"], "done")
    assert (row.asked_by, kept.requested_by) == ("Eva Díaz", "Eva Díaz")
    assert await deeds(store) == [], "who asked was written down when they did"
    assert await perform(prepared, Terms(), settings) == "not free"


async def deeds(store: Store) -> list[str]:
    async with store.reading() as session:
        return list(await session.scalars(select(AuditEvent.action)))


async def test_one_that_cannot_be_done_says_why(
    store: Store, shop: UUID, settings: Settings
) -> None:
    run = Asked("test", version="nobody").run(shop, now(), by="Eva")
    await ask(store, run)
    with pytest.raises(EvaluationFailed, match="there is no model version 'nobody'"):
        await perform(run, Terms(), settings)
    (row,) = [one for one in await runs(store) if one.name == EVALUATION]
    assert "nobody" in row.error
