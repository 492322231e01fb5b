"""A training that began by itself goes on by itself: evaluated, and put forward, once each."""

import os
import signal
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from config.packs import load_pack
from config.settings import JobSettings
from jobs.cron import Cron
from jobs.deploying import deployment_of
from jobs.evaluating import asked_in
from jobs.queue import Queue
from jobs.schedule import DEPLOYMENT, EVALUATION, PUT_FORWARD, Run, ask, ensure, runs
from jobs.tasks import perform
from learning.controller import Controller
from learning.ordering import AUTOMATIC
from learning.registering import ModelInUse, retire
from services.clock import now
from store import registry, trainings, watching
from store.rollouts import Rollout
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from store.work import JobRun
from tests.flow.rollouts import PASSED
from tests.jobs.processes import BRISK, children, held, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.jobs.training import TERMS, count, settings_in
from tests.learning.training import job_of, office
from tests.web.scenes import add_run

BY_ITSELF = {"automatic": True}
WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass('ml.rollout_step')
"""


@dataclass(frozen=True)
class School:
    store: Store
    shop: UUID

    async def version(self, provider: str = "openai", by: str = AUTOMATIC) -> ModelVersion:
        """What came of the training, which has just succeeded."""
        async with self.store.transaction() as session:
            await session.execute(
                update(TrainingJob).values(state="succeeded", finished_at=now(), requested_by=by)
            )
            job = await session.scalar(select(TrainingJob))
            assert job is not None
            row = {
                "shop_id": self.shop, "id": UUID(int=7), "name": "v7", "provider": provider,
                "base_model": "b", "model": "ft:7", "job_id": job.id,
            }  # fmt: skip
            await trainings.register(session, row)
            return await session.get_one(ModelVersion, (self.shop, UUID(int=7)))

    async def passed(self, version: ModelVersion) -> None:
        """Its evaluation was asked for and is done: no worker does it again; nothing in it
        failed."""
        await self.due(EVALUATION)
        run = await add_run(self.store, self.shop, load_pack("ventas"), version, [], wrong=0)
        async with self.store.transaction() as session:
            moved = text("UPDATE ml.eval_run SET verdict = 'passed' WHERE id = :run")
            await session.execute(moved, {"run": run})
            finished = update(JobRun).where(JobRun.name == EVALUATION)
            await session.execute(finished.values(state="done", finished_at=now()))

    async def due(self, name: str, *, automatic: bool = True) -> list[Run]:
        found = await ensure(self.store, now(), JobSettings(), BRISK, automatic=automatic)
        return [one for one in found if one.name == name]

    async def rows(self, name: str) -> list[Any]:
        return [one for one in await runs(self.store) if one.name == name]

    async def awaiting(self) -> int:
        async with self.store.lookup() as connection:
            return await watching.awaiting(connection, self.shop, now())


@pytest.fixture
async def school(store: Store, shop: UUID, job: TrainingJob) -> School:
    return School(store, shop)


async def test_what_was_trained_by_itself_is_evaluated_once(school: School) -> None:
    await school.version()
    assert await school.due(EVALUATION, automatic=False) == []
    (run,) = await school.due(EVALUATION)
    asked = asked_in(run.period)
    assert (asked.split, asked.pack, asked.version) == ("test", "", "v7")
    await school.due(EVALUATION)
    (row,) = await school.rows(EVALUATION)
    assert row.asked_by == AUTOMATIC


async def test_what_a_person_asked_for_waits_for_a_person(school: School) -> None:
    await school.version(by="ana")
    assert await school.due(EVALUATION) == []


async def test_a_model_of_this_machine_is_evaluated_when_its_server_has_it(
    school: School, store: Store
) -> None:
    version = await school.version("ollama")
    assert await school.due(EVALUATION) == []
    await ask(store, deployment_of(school.shop, version.id))
    assert await school.due(EVALUATION) == []
    async with store.transaction() as session:
        put = update(JobRun).where(JobRun.name == DEPLOYMENT)
        await session.execute(put.values(state="done"))
    assert len(await school.due(EVALUATION)) == 1


async def test_what_has_passed_is_proposed_and_somebody_in_charge_is_told(
    school: School, store: Store, places: dict[str, str]
) -> None:
    version = await school.version()
    await school.passed(version)
    (run,) = await school.due(PUT_FORWARD)
    assert await school.awaiting() == 0
    assert await perform(run, TERMS, settings_in(places, **BY_ITSELF)) == "done"
    (row,) = await school.rows(PUT_FORWARD)
    assert row.result == {"outcome": "proposed"}
    assert await count(store, Rollout) == 0
    assert await school.awaiting() == 1

    await Controller(store).start(version, PASSED, "ana", None, forced=False)
    assert await school.awaiting() == 0
    assert await school.due(PUT_FORWARD) == []


async def test_what_was_proposed_can_be_declined(
    school: School, store: Store, places: dict[str, str]
) -> None:
    version = await school.version()
    await school.passed(version)
    (run,) = await school.due(PUT_FORWARD)
    await perform(run, TERMS, settings_in(places, **BY_ITSELF))
    assert await school.awaiting() == 1
    gone = await retire(store, school.shop, version.id, "responde muy largo")
    assert (gone.state, gone.notes.splitlines()[-1]) == ("retired", "responde muy largo")
    assert await school.awaiting() == 0
    with pytest.raises(ModelInUse):
        await retire(store, school.shop, version.id, "otra vez")


async def test_a_training_that_waits_for_its_approval_counts_too(
    school: School, store: Store, job: TrainingJob
) -> None:
    assert await school.awaiting() == 0
    async with store.transaction() as session:
        await session.execute(update(TrainingJob).values(approved_by=None))
    assert await school.awaiting() == 1
    await office(store).approve(school.shop, await job_of(store, school.shop, job.id), "ana")
    assert await school.awaiting() == 0


async def test_without_approval_it_begins_in_the_shadow(
    school: School, store: Store, places: dict[str, str]
) -> None:
    version = await school.version()
    await school.passed(version)
    (run,) = await school.due(PUT_FORWARD)
    await perform(run, TERMS, settings_in(places, approval=False, **BY_ITSELF))
    (row,) = await school.rows(PUT_FORWARD)
    assert row.result == {"outcome": "begun"}
    async with store.reading() as session:
        (rollout,) = await registry.latest(session, school.shop)
        (step,) = await registry.steps_of(session, school.shop, rollout.id)
    assert (rollout.state, rollout.version_id, step.by) == ("shadow", version.id, AUTOMATIC)
    assert await school.awaiting() == 0


async def test_another_rollout_under_way_is_waited_for(
    school: School, store: Store, places: dict[str, str]
) -> None:
    version = await school.version()
    await school.passed(version)
    (run,) = await school.due(PUT_FORWARD)
    other = {"shop_id": school.shop, "id": UUID(int=8), "name": "v8", "provider": "openai",
             "base_model": "b", "model": "gpt"}  # fmt: skip
    async with store.transaction() as session:
        await trainings.register(session, other)
        found = await session.get_one(ModelVersion, (school.shop, UUID(int=8)))
    await Controller(store).start(found, PASSED, "ana", 10, forced=False)
    await perform(run, TERMS, settings_in(places, approval=False, **BY_ITSELF))
    (row,) = await school.rows(PUT_FORWARD)
    assert row.state == "waiting"
    assert await count(store, Rollout) == 1


async def test_killed_over_its_beginning_it_begins_once(
    school: School, store: Store, places: dict[str, str]
) -> None:
    version = await school.version()
    await school.passed(version)
    there = places | {
        "APRENDIZ_TRAINING__AUTOMATIC": "true",
        "APRENDIZ_TRAINING__APPROVAL": "false",
    }
    queue = Queue(places["APRENDIZ_REDIS_URL"], places["APRENDIZ_REDIS__PREFIX"])
    (run,) = await school.due(PUT_FORWARD)
    cron = Cron(store, queue, JobSettings(), BRISK, now)
    queue.offer([run], BRISK)
    first = start_worker(there)

    async def stuck() -> bool:
        await cron.tick()
        async with store.reading() as session:
            return bool(await session.scalar(text(WAITING)))

    with killed_at_last([first]):
        async with held(store, "ml.rollout_step"):
            await until(stuck, within=150)
            for pid in [first.pid, *children(first.pid)]:
                os.kill(pid, signal.SIGKILL)
    with killed_at_last([start_worker(there)]):

        async def ended() -> bool:
            await cron.tick()
            return bool((await school.rows(PUT_FORWARD))[0].state == "done")

        await until(ended, within=150)
    (row,) = await school.rows(PUT_FORWARD)
    assert (row.result, await count(store, Rollout)) == ({"outcome": "begun"}, 1)
