"""A training step by step: what the row says at each, and that a step may be taken twice."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from config.settings import Settings
from learning.following import Follower
from learning.refusals import JobUnknown
from learning.trainers.base import Trainer
from learning.trainers.opening import open_trainer
from store.session import Store
from store.versions import ModelVersion, TrainingEvent, TrainingJob
from tests.fixtures.store import add_shop
from tests.learning.training import follower, job_of, office, prepared, versions, wanted
from tests.servers.finetuning import FineTuningServer, finetuning_server
from tests.servers.models import Turned, refuses


@pytest.fixture
async def server() -> AsyncIterator[FineTuningServer]:
    async with finetuning_server() as server:
        yield server


@pytest.fixture
async def job(store: Store, shop: UUID, tmp_path: Path) -> TrainingJob:
    await prepared(store, shop, tmp_path)
    found, _ = await office(store).begin(shop, wanted())
    return found


@pytest.fixture
def follow(store: Store, server: FineTuningServer, tmp_path: Path) -> Follower:
    return follower(store, server, tmp_path)


async def told(store: Store) -> list[int]:
    async with store.reading() as session:
        return list(await session.scalars(select(TrainingEvent.number).order_by("number")))


async def test_a_training_is_told_from_its_beginning_to_its_model(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    assert await follow.step(shop, job.id) == 0.1
    begun = await job_of(store, shop, job.id)
    assert (begun.state, begun.stage, begun.progress) == ("running", "validating_files", 5)
    assert (begun.provider_job_id, begun.conversations) == ("ftjob-0001", 14)
    assert begun.started_at is not None
    server.steps("ftjob-0001", 10, 50)
    await follow.step(shop, job.id)
    half = await job_of(store, shop, job.id)
    assert (half.progress, await told(store)) == (52, [1, 2, 3])
    server.succeeds("ftjob-0001", tokens=9_000)
    assert await follow.step(shop, job.id) is None
    done = await job_of(store, shop, job.id)
    assert (done.state, done.progress, done.cost_micros) == ("succeeded", 100, 27_000)
    assert done.finished_at is not None
    (version,) = await versions(store, shop)
    assert (version.job_id, version.dataset_id) == (job.id, job.dataset_id)
    assert (version.state, version.provider) == ("candidate", "openai")
    assert version.model.startswith("ft:gpt-base:org:openai-")
    assert await told(store) == [1, 2, 3, 4]


async def test_a_step_taken_again_changes_nothing(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    """As after a kill between what the provider did and our commit."""
    await follow.step(shop, job.id)
    server.succeeds("ftjob-0001")
    await follow.step(shop, job.id)
    before = await job_of(store, shop, job.id)
    async with store.transaction() as session:
        lost = {"state": "running", "provider_job_id": None, "progress": 5}
        await session.execute(update(TrainingJob).values(**lost))
    await follow.step(shop, job.id)
    after = await job_of(store, shop, job.id)
    assert (after.state, after.provider_job_id) == (before.state, before.provider_job_id)
    assert len(server.jobs) == 1
    assert len(await versions(store, shop)) == 1
    assert await told(store) == [1, 2]
    assert await follow.step(shop, job.id) is None


async def test_progress_in_the_row_never_goes_back(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    await follow.step(shop, job.id)
    server.steps("ftjob-0001", 80)
    await follow.step(shop, job.id)
    server.jobs["ftjob-0001"]["status"] = "queued"
    await follow.step(shop, job.id)
    assert (await job_of(store, shop, job.id)).progress == 78


async def test_an_outage_is_waited_for_as_long_as_the_provider_says(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    server.will("create", refuses(429, headers={"retry-after": "40"}))
    assert await follow.step(shop, job.id) == 40
    waiting = await job_of(store, shop, job.id)
    assert (waiting.state, waiting.stage) == ("running", "waiting: OpenAI answers 429")
    assert await follow.step(shop, job.id) == 0.1
    going = await job_of(store, shop, job.id)
    assert (going.stage, going.error) == ("validating_files", None)
    assert len(server.jobs) == 1


@pytest.mark.parametrize(
    "end",
    [
        (refuses(403, "unavailable", message="Fine-tuning is unavailable"), "closed",
         "trains no longer for this account"),
        (refuses(404, message="The model does not exist"), "refused", "base model"),
        (refuses(401, "invalid_api_key"), "misconfigured", "Give a key"),
    ],
)  # fmt: skip
async def test_who_will_not_train_ends_it_with_an_explanation(
    store: Store,
    server: FineTuningServer,
    follow: Follower,
    job: TrainingJob,
    end: tuple[Turned, str, str],
) -> None:
    answer, stage, why = end
    server.will("create", answer)
    assert await follow.step(job.shop_id, job.id) is None
    ended = await job_of(store, job.shop_id, job.id)
    assert (ended.state, ended.stage) == ("failed", stage)
    assert why in (ended.error or "")
    assert await versions(store, job.shop_id) == []


async def test_a_wrong_key_does_not_give_up_what_is_trained_already(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    await follow.step(shop, job.id)
    server.will("job", refuses(401, "invalid_api_key"))
    assert await follow.step(shop, job.id) == 60
    assert (await job_of(store, shop, job.id)).state == "running"
    server.succeeds("ftjob-0001")
    await follow.step(shop, job.id)
    assert (await job_of(store, shop, job.id)).state == "succeeded"


async def test_what_the_provider_says_of_a_failure_stands_in_the_row(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    await follow.step(shop, job.id)
    server.fails("ftjob-0001", "too few examples")
    assert await follow.step(shop, job.id) is None
    ended = await job_of(store, shop, job.id)
    assert ended.state == "failed"
    assert "too few examples" in (ended.error or "")


async def test_cancelling_before_the_first_step_asks_nobody(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    await office(store).cancel(shop, job)
    assert await follow.step(shop, job.id) is None
    assert (await job_of(store, shop, job.id)).state == "cancelled"
    assert server.asked == []


async def test_cancelling_on_the_way_cancels_it_there(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob
) -> None:
    await follow.step(shop, job.id)
    await office(store).cancel(shop, job)
    assert await follow.step(shop, job.id) is None
    assert (await job_of(store, shop, job.id)).state == "cancelled"
    assert server.jobs["ftjob-0001"]["status"] == "cancelled"


async def test_two_shops_train_each_their_own(
    store: Store, shop: UUID, server: FineTuningServer, follow: Follower, job: TrainingJob,
    tmp_path: Path,
) -> None:  # fmt: skip
    other = await add_shop(store, "other")
    await prepared(store, other, tmp_path)
    theirs, _ = await office(store).begin(other, wanted())
    await follow.step(shop, job.id)
    await follow.step(other, theirs.id)
    server.succeeds("ftjob-0001")
    await follow.step(shop, job.id)
    await follow.step(other, theirs.id)
    assert len(await versions(store, shop)) == 1
    assert await versions(store, other) == []
    with pytest.raises(JobUnknown):
        await follow.step(other, job.id)


async def test_a_trainer_that_cannot_be_opened_ends_it(
    store: Store, shop: UUID, job: TrainingJob, tmp_path: Path
) -> None:
    def opened(name: str, base: str) -> Trainer:
        return open_trainer(name, Settings(), store, base)

    assert await Follower(store, opened, tmp_path).step(shop, job.id) is None
    ended = await job_of(store, shop, job.id)
    assert (ended.state, ended.stage) == ("failed", "misconfigured")


async def test_whoever_lost_the_training_writes_nothing(
    store: Store, shop: UUID, server: FineTuningServer, job: TrainingJob, tmp_path: Path
) -> None:
    class Lost(Exception): ...

    async def lost(_session: object) -> None:
        raise Lost

    plain = follower(store, server, tmp_path)
    fenced = Follower(store, plain.opened, tmp_path, guard=lost)
    with pytest.raises(Lost):
        await fenced.step(shop, job.id)
    assert server.asked == []
    async with store.reading() as session:
        assert list(await session.scalars(select(ModelVersion))) == []
    assert (await job_of(store, shop, job.id)).state == "pending"
