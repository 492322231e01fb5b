"""What is foretold every night, and when somebody asks; nothing is lost or doubled on the way."""

import json
import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from config.cadences import CadenceSettings
from config.manners import HoursSettings
from config.opening import zone_of
from config.settings import JobSettings
from jobs.attempts import Attempt
from jobs.cadences import of_settings
from jobs.cron import Cron
from jobs.predicting import OFS
from jobs.queue import Queue
from jobs.schedule import AttemptLost, Run, Terms, ask, ensure, runs
from jobs.tasks import perform
from services.clock import now
from services.news import key_of
from services.wire import Wire, connect
from store import risk_models
from store.predicting import Of, RiskModel, RiskPrediction
from store.session import Store
from store.work import marks
from tests.fixtures.store import add_shop
from tests.jobs.processes import BRISK, children, environment, settings_of, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.prediction.lending import NOW, TODAY, lend, small, trained

PERIOD = TODAY.isoformat()


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


@pytest.fixture
async def lending(store: Store, shop: UUID) -> UUID:
    await lend(store, shop, small())
    await trained(store, shop, "loan")
    await trained(store, shop, "instalment")
    return shop


async def foretold(store: Store, shop: UUID) -> dict[str, int]:
    async with store.reading() as session:
        query = select(RiskPrediction.kind, func.count()).where(RiskPrediction.shop_id == shop)
        found = await session.execute(query.where(RiskPrediction.current).group_by("kind"))
        return {str(kind): int(count) for kind, count in found}


async def test_every_night_both_kinds_are_foretold_where_models_are_in_use(
    store: Store, lending: UUID, places: dict[str, str]
) -> None:
    other = await add_shop(store, "other")
    await lend(store, other, small(60, 8))
    cadences = of_settings(CadenceSettings(), ZoneInfo("UTC"))
    due = await ensure(store, NOW + timedelta(days=1, hours=1), JobSettings(), Terms(),
                       cadences=cadences)  # fmt: skip
    assert Run("risk", lending, PERIOD) in due
    assert {run.shop for run in due if run.name.startswith("risk")} == {lending}
    assert await perform(Run("risk", lending, PERIOD), BRISK, settings_of(places)) == "done"
    row = next(one for one in await runs(store) if one.name == "risk")
    assert row.result == await foretold(store, lending)
    assert min(row.result.values()) > 50
    assert await foretold(store, other) == {}


async def test_open_pages_hear_when_it_has_ended(
    store: Store, lending: UUID, places: dict[str, str], redis_url: str, prefix: str
) -> None:
    assert await perform_asked(store, Run("risk", lending, PERIOD), places) == "done"
    wire = Wire(connect(redis_url))
    try:
        heard: Any = await wire.redis.xrange(key_of(prefix, lending))
    finally:
        await wire.close()
    assert {json.loads(fields[b"line"])["id"] for _, fields in heard} == {"risk"}


async def test_who_wants_no_nights_gets_none(store: Store, lending: UUID) -> None:
    cadences = of_settings(CadenceSettings(risk=False), ZoneInfo("UTC"))
    later = NOW + timedelta(days=9)
    due = await ensure(store, later, JobSettings(), Terms(), cadences=cadences)
    assert [run for run in due if run.shop == lending and run.name.startswith("risk")] == []


async def test_the_next_attempt_goes_on_where_the_last_one_ended(
    store: Store, lending: UUID, places: dict[str, str]
) -> None:
    """As if its worker had died after the first instalments: nothing is asked of those before."""
    run, settings = Run("risk", lending, PERIOD), settings_of(places)
    await ask(store, run)
    attempt = await Attempt.claim(store, run, Terms(lease_s=0))
    assert attempt is not None
    last = UUID(int=2**127)
    async with store.transaction() as session:
        done = {"loan": 5, "instalment": 7, "of": "instalment", "after": str(last)}
        await attempt.mark(session, done)
    assert await perform(run, BRISK, settings) == "done"
    async with store.reading() as session:
        query = select(RiskPrediction.client_id).where(RiskPrediction.shop_id == lending)
        first = await session.scalar(query.order_by(RiskPrediction.client_id).limit(1))
        counted = await marks(session, lending, "risk", PERIOD)
    found = await foretold(store, lending)
    assert first is not None
    assert first > last
    assert found.keys() == {"instalment"}
    assert counted == {"loan": 5, "instalment": 7 + found["instalment"]}
    with pytest.raises(AttemptLost):
        async with store.transaction() as session:
            await attempt.mark(session, {})


@pytest.mark.parametrize("of", OFS)
async def test_what_a_model_told_that_is_no_longer_in_use_is_asked_once_more(
    store: Store, lending: UUID, places: dict[str, str], of: Of
) -> None:
    """As if another version had come into use after some instalments."""
    run, last = Run("risk", lending, PERIOD), str(UUID(int=2**127))
    await ask(store, run)
    attempt = await Attempt.claim(store, run, Terms(lease_s=0))
    assert attempt is not None
    await trained(store, lending, of)
    async with store.transaction() as session:
        assert await risk_models.activate(session, lending, of, 2)
        done = {"loan": 5, "instalment": 7, "versions": {"loan": 1, "instalment": 1}}
        await attempt.mark(session, done | {"of": "instalment", "after": last})
    assert await perform(run, BRISK, settings_of(places)) == "done"
    found = await foretold(store, lending)
    async with store.reading() as session:
        counted = await marks(session, lending, "risk", PERIOD)
        mine = RiskPrediction.shop_id == lending, RiskPrediction.kind == of
        versions = set(await session.scalars(select(RiskPrediction.version).where(*mine)))
        first = select(RiskPrediction.client_id).where(*mine).order_by(RiskPrediction.client_id)
        told = await session.scalar(first.limit(1))
    assert versions == {2}
    assert told is not None
    assert told < UUID(last)
    assert counted[of] == found[of]
    if of == "loan":
        assert counted["instalment"] == 7 + found["instalment"]
    else:
        assert counted["loan"] == 5


async def test_a_killed_worker_leaves_nothing_undone_and_nothing_doubled(
    store: Store, lending: UUID, places: dict[str, str], redis_url: str, prefix: str
) -> None:
    await lend(store, lending, small(2_200))
    run = Run("risk", lending, PERIOD)
    await ask(store, run)
    cron = Cron(store, Queue(redis_url, prefix), JobSettings(), BRISK, now)

    async def begun() -> bool:
        await cron.tick()
        async with store.reading() as session:
            return "after" in await marks(session, lending, "risk", PERIOD)

    first = start_worker(places)
    with killed_at_last([first]):
        await until(begun, every=0.02)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    before = await foretold(store, lending)

    async def done() -> bool:
        await cron.tick()
        return any(row.name == "risk" and row.state == "done" for row in await runs(store))

    with killed_at_last([start_worker(places)]):
        await until(done, every=0.3)
    row = next(one for one in await runs(store) if one.name == "risk")
    after = await foretold(store, lending)
    assert row.attempts > 1
    assert row.result == after
    assert sum(before.values()) < sum(after.values())
    async with store.reading() as session:
        total = await session.scalar(select(func.count()).select_from(RiskPrediction))
    assert total == sum(after.values())


async def test_a_model_is_learned_when_somebody_asks_and_its_answers_follow(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await lend(store, shop, small(300))
    assert await perform_asked(store, Run("risk-training", shop, "loan"), places) == "done"
    async with store.reading() as session:
        model = (await session.scalars(select(RiskModel))).one()
    assert (model.kind, model.version, model.active, model.trained_by) == ("loan", 1, True, "job")
    assert model.metrics["auc"]["value"] > 0.5
    here = datetime.now(zone_of(HoursSettings().timezone))
    asked = next(one for one in await runs(store) if one.name == "risk")
    assert (asked.state, asked.period) == ("waiting", f"{here:%Y-%m-%d}")
    assert asked.offered_at is None, "the schedule offers it when it looks next"


async def test_where_there_is_too_little_to_learn_from_the_job_says_so(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    run = Run("risk-training", shop, "instalment")
    assert await perform_asked(store, run, places) == "done"
    row = next(one for one in await runs(store) if one.name == "risk-training")
    assert row.state == "done"
    assert row.result["refused"] == "TooFewRows"


async def test_once_a_week_the_distance_from_what_was_learned_is_measured(
    store: Store, lending: UUID, places: dict[str, str]
) -> None:
    week = "2026-W47"
    assert await perform_asked(store, Run("risk-drift", lending, week), places) == "done"
    async with store.reading() as session:
        model = await risk_models.called(session, lending, "loan")
        assert model is not None
        found = await risk_models.drift(session, lending, model.id)
    assert {row.feature for row in found} >= {"score", "days_late", "rate"}
    assert {row.day.isoformat() for row in found} == {"2026-11-22"}
    told = next(one for one in await runs(store) if one.name == "risk-drift")
    assert told.result["loan"] == pytest.approx(max(row.psi for row in found))


async def perform_asked(store: Store, run: Run, places: dict[str, str]) -> str:
    await ask(store, run)
    return await perform(run, BRISK, settings_of(places))
