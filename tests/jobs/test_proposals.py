"""What is proposed by itself, where that is wished, and which models are watched."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from config.providers import OpenAISettings
from config.settings import JobSettings, Settings
from evaluation.alert_rules import RULES
from evaluation.alerts import Watch, step
from evaluation.seen import Seen
from evaluation.watching import look
from jobs.cadences import EXPIRY, daily_expiry
from jobs.schedule import PROPOSAL, TRAINING, Run, ask, ensure, runs
from jobs.tasks import perform
from jobs.training import training_of
from learning.ordering import AUTOMATIC, Wanted
from services.clock import now
from store import trainings
from store.session import Store
from store.versions import TrainingJob
from tests.builders import MONDAY, add_history
from tests.fixtures.store import add_shop
from tests.jobs.training import TERMS, count, settings_in
from tests.learning.training import job_of, office, versions
from tests.servers.finetuning import FineTuningServer, a_model


async def a_week(store: Store, shop: UUID, places: dict[str, str]) -> None:
    """The week's dataset, as its job builds it."""
    await add_history(store, shop, 14)
    run = Run("dataset", shop, "2026-W47")
    await ask(store, run)
    await perform(run, TERMS, settings_in(places))


NEXT = MONDAY + timedelta(weeks=1)


async def proposed(store: Store, places: dict[str, str], **knobs: Any) -> dict[str, Any]:  # noqa: ANN401  settings
    """What came of asking whether the week is worth a training."""
    due = await ensure(store, NEXT, JobSettings(), TERMS, automatic=True)
    (run,) = [one for one in due if one.name == PROPOSAL]
    defaults = {"automatic": True, "threshold": 10, "trainer": "openai", "base_model": "gpt-base"}
    await perform(run, TERMS, settings_in(places, **defaults | knobs))
    (row,) = [one for one in await runs(store) if one.name == PROPOSAL]
    return dict(row.result)


async def test_nothing_is_proposed_where_nobody_wished_it(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_week(store, shop, places)
    due = await ensure(store, NEXT, JobSettings(), TERMS)
    assert [one.name for one in due if one.name != "dataset"] == []


async def test_a_week_with_enough_that_is_new_is_proposed_and_waits_for_a_person(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_week(store, shop, places)
    told = await proposed(store, places)
    assert (told["outcome"], told["new"]) == ("proposed", 14)
    job = await job_of(store, shop, UUID(told["job"]))
    assert (job.requested_by, job.approved_by, job.state) == (AUTOMATIC, None, "pending")
    due = await ensure(store, NEXT, JobSettings(), TERMS, automatic=True)
    assert [one for one in due if one.name in {TRAINING, PROPOSAL}] == []


async def test_without_the_step_of_approval_it_is_begun(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    await a_week(store, shop, places)
    told = await proposed(store, places, approval=False)
    assert told["outcome"] == "begun"
    due = await ensure(store, NEXT, JobSettings(), TERMS, automatic=True)
    assert training_of(shop, UUID(told["job"])) in due


@pytest.mark.parametrize(
    ("knobs", "outcome"),
    [
        ({"threshold": 15}, "too few"),
        ({"month_usd": 0.000001}, "refused"),
        ({"automatic": False}, "off"),
        ({"trainer": "openai", "base_model": None}, "no base model"),
    ],
)
async def test_a_week_is_not_worth_a_training_and_says_why(
    store: Store, shop: UUID, places: dict[str, str], knobs: dict[str, Any], outcome: str
) -> None:
    await a_week(store, shop, places)
    assert (await proposed(store, places, **knobs))["outcome"] == outcome
    assert await count(store, TrainingJob) == 0


async def test_what_was_trained_on_before_is_not_new(
    store: Store, shop: UUID, places: dict[str, str], tmp_path: Path
) -> None:
    await a_week(store, shop, places)
    async with store.reading() as session:
        dataset = await trainings.prepared(session, shop)
    assert dataset is not None
    await office(store).begin(shop, Wanted("examples", "groq:m", "ana", dataset.id))
    assert (await proposed(store, places))["new"] == 0


async def test_another_shop_is_another_proposal(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    other = await add_shop(store, "other")
    for one in (shop, other):
        await a_week(store, one, places)
    due = await ensure(store, NEXT, JobSettings(), TERMS, automatic=True)
    assert {one.shop for one in due if one.name == PROPOSAL} == {shop, other}


async def a_version(store: Store, shop: UUID, model: str, state: str = "active") -> None:
    row = {"shop_id": shop, "id": UUID(int=len(model)), "name": model, "provider": "openai",
           "base_model": "gpt-base", "model": model, "state": state}  # fmt: skip
    async with store.transaction() as session:
        await trainings.register(session, row)


async def asked(store: Store, settings: Settings, moment: datetime) -> list[Run]:
    cadences = daily_expiry(settings.openai)
    return await ensure(store, moment, JobSettings(), TERMS, cadences=cadences)


async def test_the_ends_of_models_are_asked_for_once_a_day_and_kept(
    store: Store, shop: UUID, places: dict[str, str], server: FineTuningServer
) -> None:
    soon = f"{now() + timedelta(days=9):%Y-%m-%d}"
    server.models = [a_model("gpt-base", soon), a_model("ft:mine", "2199-01-01"), a_model("x")]
    await add_history(store, shop, 1)
    await a_version(store, shop, "ft:mine")
    settings, tomorrow = settings_in(places), MONDAY + timedelta(days=1)
    (run,) = await asked(store, settings, tomorrow)
    assert run == Run(EXPIRY, shop, f"{MONDAY:%Y-%m-%d}")
    await perform(run, TERMS, settings)
    (row,) = await runs(store)
    assert row.result == {"outcome": "asked", "soon": ["ft:mine"]}
    (version,) = await versions(store, shop)
    assert version.expires_at == datetime.fromisoformat(soon).replace(tzinfo=UTC)
    assert await asked(store, settings, tomorrow) == []
    assert len(await asked(store, settings, tomorrow + timedelta(days=1))) == 1


async def test_the_models_of_the_settings_are_watched_and_the_shop_is_told(
    store: Store, shop: UUID, places: dict[str, str], server: FineTuningServer
) -> None:
    soon = f"{now() + timedelta(days=9):%Y-%m-%d}"
    server.models = [a_model("gpt-6-luna", soon), a_model("gpt-transcribe", soon)]
    await add_history(store, shop, 1)
    (run,) = await asked(store, settings_in(places), MONDAY + timedelta(days=1))
    await perform(run, TERMS, settings_in(places))
    (row,) = await runs(store)
    assert row.result == {"outcome": "asked", "soon": ["gpt-6-luna", "gpt-transcribe"]}
    async with store.batch() as connection:
        rule, later = RULES["expiry"], now() + timedelta(hours=1)
        (point,) = await look(connection, shop, rule, [later], Seen())
        (quiet,) = await look(connection, shop, rule, [later + timedelta(days=4)], Seen())
    assert (point.value, point.broken) == (2, True)
    assert quiet.value is None
    assert step(rule, Watch(), point) == (Watch("firing"), "fired")


async def test_without_a_key_nobody_asks(store: Store, shop: UUID, places: dict[str, str]) -> None:
    await add_history(store, shop, 1)
    await a_version(store, shop, "ft:mine")
    settings = settings_in(places).model_copy(update={"openai": OpenAISettings()})
    assert await asked(store, settings, MONDAY + timedelta(days=1)) == []
