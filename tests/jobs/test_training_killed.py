"""Whatever is killed, a training is trained once."""

import os
import signal

import pytest

from jobs.cron import Cron
from jobs.schedule import ask
from jobs.tasks import perform
from jobs.training import training_of
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from tests.jobs.processes import children, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.jobs.training import TERMS, becomes, count, settings_in, told
from tests.learning.training import job_of
from tests.servers.finetuning import FineTuningServer
from tests.servers.models import Turned


@pytest.mark.parametrize("route", ["jobs", "upload", "file", "create", "job", "events"])
async def test_a_worker_killed_in_any_phase_is_followed_by_one_that_trains_nothing_twice(
    store: Store, job: TrainingJob, cron: Cron, places: dict[str, str], server: FineTuningServer,
    route: str,
) -> None:  # fmt: skip
    server.will(route, Turned(hang_s=0.6))
    await cron.tick()
    first = start_worker(places)

    async def asked() -> bool:
        await cron.tick()
        return route in server.asked

    with killed_at_last([first]):
        await until(asked, every=0.005)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    assert (await job_of(store, job.shop_id, job.id)).state == "running"
    with killed_at_last([start_worker(places)]):

        async def listed() -> bool:
            await cron.tick()
            row = await job_of(store, job.shop_id, job.id)
            return row.provider_job_id is not None

        await until(listed, every=0.3)
        server.succeeds("ftjob-0001")
        await until(becomes(store, job, {"succeeded"}, cron), every=0.3)
    assert list(server.jobs) == ["ftjob-0001"]
    assert await count(store, ModelVersion) == 1
    assert await told(store) == [1, 2]


async def test_a_worker_killed_between_the_model_and_its_row_registers_it_once(
    store: Store, job: TrainingJob, cron: Cron, places: dict[str, str], server: FineTuningServer
) -> None:
    settings = settings_in(places)
    run = training_of(job.shop_id, job.id)
    await ask(store, run)
    assert await perform(run, TERMS, settings) == "done"
    server.succeeds("ftjob-0001")
    server.will("checkpoints", Turned(hang_s=0.6))
    first = start_worker(places)

    async def asked() -> bool:
        await cron.tick()
        return "checkpoints" in server.asked

    with killed_at_last([first]):
        await until(asked, every=0.005)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    with killed_at_last([start_worker(places)]):
        await until(becomes(store, job, {"succeeded"}, cron), every=0.3)
    assert await count(store, ModelVersion) == 1
