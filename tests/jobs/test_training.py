"""Trainings by workers, step by step, and what becomes of those that cannot go on."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from config.settings import JobSettings
from jobs.asking import offer
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.schedule import TRAINING, Run, ask, ensure, hurry, runs
from jobs.tasks import perform
from jobs.training import LOOKS, go_on, training_of
from store.session import Store
from store.versions import TrainingJob
from tests.builders import MONDAY
from tests.jobs.processes import BRISK, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.jobs.training import TERMS, becomes, settings_in, told
from tests.learning.training import job_of, office, prepared, versions, wanted
from tests.servers.finetuning import FineTuningServer
from tests.servers.models import refuses


async def test_a_training_is_due_once_somebody_approved_it(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    job, _ = await desk.begin(shop, wanted(approved=False))
    assert await ensure(store, MONDAY, JobSettings(), TERMS) == []
    await desk.approve(shop, job, "eva")
    assert await ensure(store, MONDAY, JobSettings(), TERMS) == [training_of(shop, job.id)]
    assert await ensure(store, MONDAY, JobSettings(), TERMS) == []


async def test_a_worker_trains_and_serves_others_in_between(
    store: Store, job: TrainingJob, cron: Cron, places: dict[str, str], server: FineTuningServer
) -> None:
    await cron.tick()
    with killed_at_last([start_worker(places)]):
        await until(becomes(store, job, {"running"}, cron), every=0.2)
        await until(_at_rest(store), every=0.02)
        server.steps("ftjob-0001", 30)
        await until(_percent(store, job, cron, 35), every=0.2)
        server.succeeds("ftjob-0001")
        await until(becomes(store, job, {"succeeded"}, cron), every=0.2)
    (version,) = await versions(store, job.shop_id)
    assert version.model.startswith("ft:gpt-base")
    assert await told(store) == [1, 2, 3]


def _at_rest(store: Store) -> Callable[[], Awaitable[bool]]:
    """The worker is free, and the training goes on."""

    async def hold() -> bool:
        return [row.state for row in await runs(store) if row.name == TRAINING] == ["waiting"]

    return hold


def _percent(store: Store, job: TrainingJob, cron: Cron, least: int) -> Callable[[], Any]:
    async def hold() -> bool:
        await cron.tick()
        return (await job_of(store, job.shop_id, job.id)).progress >= least

    return hold


async def test_a_step_that_rests_is_no_failure_and_no_death(
    store: Store, job: TrainingJob, places: dict[str, str]
) -> None:
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    for _ in range(3):
        async with store.batch() as connection:
            await connection.execute("UPDATE app.job_run SET lease_until = NULL")
        assert await perform(run, TERMS, settings_in(places)) == "done"
    (row,) = await runs(store)
    assert (row.state, row.attempts, row.result) == ("waiting", 3, {"before": 3})
    await ensure(store, MONDAY, JobSettings(), replace(TERMS, deaths=2))
    assert [one.state for one in await runs(store)] == ["waiting"]


async def test_an_outage_of_the_provider_is_waited_for(
    store: Store, job: TrainingJob, places: dict[str, str], server: FineTuningServer
) -> None:
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    server.will("jobs", refuses(500, headers={"x-should-retry": "false", "retry-after": "30"}))
    assert await perform(run, TERMS, settings_in(places)) == "done"
    waiting = await job_of(store, job.shop_id, job.id)
    assert (waiting.state, waiting.stage) == ("running", "waiting: OpenAI answers 500")
    await perform_now(store, places, run)
    server.succeeds("ftjob-0001")
    await go_on(store, settings_in(places), run, TERMS)
    assert (await job_of(store, job.shop_id, job.id)).state == "succeeded"


async def perform_now(store: Store, places: dict[str, str], run: Run) -> None:
    async with store.batch() as connection:
        await connection.execute("UPDATE app.job_run SET lease_until = NULL")
    await perform(run, TERMS, settings_in(places))


async def test_a_training_whose_job_was_given_up_says_so(
    store: Store, job: TrainingJob, places: dict[str, str]
) -> None:
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    async with store.batch() as connection:
        await connection.execute(
            "UPDATE app.job_run SET state = 'failed', error = 'ValueError: a fault of ours'"
        )
    await ensure(store, MONDAY, JobSettings(), TERMS)
    row = await job_of(store, job.shop_id, job.id)
    assert (row.state, row.stage) == ("failed", "given up")
    assert "Nobody follows it any more" in (row.error or "")
    assert "a fault of ours" in (row.error or "")


async def test_what_was_cancelled_is_cancelled_by_the_next_step(
    store: Store, job: TrainingJob, places: dict[str, str], server: FineTuningServer
) -> None:
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    await perform(run, TERMS, settings_in(places))
    await office(store).cancel(job.shop_id, await job_of(store, job.shop_id, job.id))
    await perform_now(store, places, run)
    assert (await job_of(store, job.shop_id, job.id)).state == "cancelled"
    assert server.jobs["ftjob-0001"]["status"] == "cancelled"
    assert [row.state for row in await runs(store)] == ["done"]


async def test_the_queue_takes_a_training_that_somebody_waits_for(
    store: Store, job: TrainingJob, redis_url: str, prefix: str, places: dict[str, str]
) -> None:
    run = training_of(job.shop_id, job.id)
    assert await offer(store, Queue(redis_url, prefix), run, replace(BRISK, again_s=60))
    with killed_at_last([start_worker(places, "--burst")]):
        await until(becomes(store, job, {"running"}))


async def test_who_cancels_does_not_wait_until_an_outage_is_over(
    store: Store, job: TrainingJob, places: dict[str, str], server: FineTuningServer
) -> None:
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    server.will("jobs", *[refuses(429, "insufficient_quota")] * 3)
    await perform(run, TERMS, settings_in(places))
    assert await perform(run, TERMS, settings_in(places)) == "not free"
    await office(store).cancel(job.shop_id, job)
    await hurry(store, run)
    assert await perform(run, TERMS, settings_in(places)) == "done"
    assert (await job_of(store, job.shop_id, job.id)).state == "cancelled"


async def test_a_worker_that_others_wait_for_looks_once(
    store: Store, job: TrainingJob, places: dict[str, str], server: FineTuningServer
) -> None:
    run, other = training_of(job.shop_id, job.id), Run("dataset", job.shop_id, "2026-W47")
    await ask(store, run)
    await perform(run, TERMS, settings_in(places))
    alone = server.asked.count("job")
    await ask(store, other)
    await hurry(store, run)
    await perform(run, TERMS, settings_in(places))
    assert (alone, server.asked.count("job") - alone) == (LOOKS, 1)
