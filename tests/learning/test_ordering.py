"""Trainings are asked for by people, cost what the month has left, and are begun once."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from learning.dataset import Steps
from learning.ordering import month_of
from learning.refusals import JobUnknown, NothingToLearn, OverBudget, TrainingRefused
from learning.trainers.prices import cost, estimated
from store import ml
from store.session import Store
from store.versions import TrainingJob
from tests.builders import MONDAY, a_turn, add_customer, add_history, add_turns
from tests.contracts.trainers import lines
from tests.fixtures.store import add_shop
from tests.learning.training import CURATION, job_of, office, prepared, wanted


async def trainings(store: Store) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(TrainingJob)) or 0


async def set_state(store: Store, **values: object) -> None:
    async with store.transaction() as session:
        await session.execute(update(TrainingJob).values(**values))


async def test_without_a_good_answer_there_is_nothing_to_prepare(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    customer = await add_customer(store, shop, "ana")
    await add_turns(store, [a_turn(shop, "poor", customer, quality_score=3)])
    with pytest.raises(NothingToLearn, match="score or stars of 4 or more"):
        await office(store).prepare(shop, tmp_path, Steps(), settings=CURATION)
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ml.Dataset)) == 0


@pytest.mark.parametrize(
    "good",
    [{"quality_score": 4}, {"quality_score": None, "stars": 4},
     {"quality_score": None, "author": "human", "context": {"verdict": "human"}},
     {"quality_score": 1, "correction": "¡Hola! La polera negra talla M está en la tienda."}],
)  # fmt: skip
async def test_one_good_answer_is_enough_to_prepare(
    store: Store, shop: UUID, tmp_path: Path, good: dict[str, object]
) -> None:
    customer = await add_customer(store, shop, "ana")
    await add_turns(store, [a_turn(shop, "good", customer, **good)])
    built = await office(store).prepare(shop, tmp_path, Steps(), settings=CURATION)
    assert built.rows == 1


async def test_what_curation_leaves_out_wholly_is_explained(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    customer = await add_customer(store, shop, "ana")
    await add_turns(store, [a_turn(shop, "slow", customer, latency_ms=60_000)])
    with pytest.raises(NothingToLearn, match="answered too slowly"):
        await office(store).prepare(shop, tmp_path, Steps(), settings=CURATION)


async def test_good_answers_alone_begin_no_training(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 30)
    await office(store).prepare(shop, tmp_path, Steps(), settings=CURATION)
    assert await trainings(store) == 0


async def test_a_training_needs_a_prepared_dataset(store: Store, shop: UUID) -> None:
    with pytest.raises(TrainingRefused, match="no prepared dataset"):
        await office(store).begin(shop, wanted())


async def test_the_dataset_of_another_shop_is_none(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await prepared(store, shop, tmp_path)
    other = await add_shop(store, "other")
    with pytest.raises(TrainingRefused, match="no prepared dataset"):
        await office(store).begin(other, wanted(dataset=built.id))


async def test_the_same_order_is_one_training_and_another_one_another(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    first, new = await desk.begin(shop, wanted())
    again, known = await desk.begin(shop, wanted())
    other, _ = await desk.begin(shop, wanted(parameters={"epochs": 1}))
    assert (new, known) == (True, False)
    assert first.id == again.id != other.id
    assert first.conversations == 14
    assert first.approved_by == "ana"
    assert first.training_file is not None
    assert Path(first.training_file).is_file()


async def test_what_it_may_cost_follows_from_the_rows_the_epochs_and_the_price() -> None:
    told = lines(10).splitlines()
    once = estimated("openai", told, {"epochs": 1}, 25.0)
    assert estimated("openai", told, {"epochs": 3}, 25.0) == 3 * once
    assert estimated("openai", told, {}, 25.0) == 3 * once
    assert estimated("openai", told, {"epochs": 1}, 50.0) == 2 * once
    assert once == cost(once // 25, 25.0)
    assert estimated("examples", told, {"epochs": 3}, 25.0) == 0


async def test_a_training_beyond_the_month_is_refused_and_leaves_no_row(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    dear = {"gpt-base": 1_000_000.0}
    with pytest.raises(OverBudget, match=r"\$0\.00 of \$20\.00 are spent"):
        await office(store, prices=dear).begin(shop, wanted())
    assert await trainings(store) == 0
    free, _ = await office(store, month_usd=0, prices=dear).begin(
        shop, wanted("examples", "groq:m")
    )
    assert free.estimate_micros == 0


async def test_what_goes_on_is_set_aside_and_what_ended_counts_by_its_cost(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    one, _ = await office(store).begin(shop, wanted())
    desk = office(store, month_usd=one.estimate_micros * 1.5 / 1_000_000)
    second = wanted(parameters={"seed": 2})
    with pytest.raises(OverBudget):
        await desk.begin(shop, second)
    await set_state(store, state="failed")
    assert (await desk.begin(shop, second))[1]
    third = wanted(parameters={"seed": 3})
    await set_state(store, state="succeeded", cost_micros=one.estimate_micros)
    with pytest.raises(OverBudget):
        await desk.begin(shop, third)
    await set_state(store, created_at=month_of(one.created_at) - timedelta(seconds=1))
    assert (await desk.begin(shop, third))[1], "last month's money is no longer counted"


async def test_two_that_ask_at_once_do_not_spend_the_same_money(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    price = (await office(store).begin(shop, wanted(base="gpt-base")))[0].estimate_micros
    await set_state(store, state="failed")
    desk = office(store, month_usd=price * 1.5 / 1_000_000)
    both = [desk.begin(shop, wanted(parameters={"seed": seed})) for seed in (1, 2)]
    told = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["OverBudget", "tuple"]


async def test_what_a_shop_spends_is_not_another_s(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    other = await add_shop(store, "other")
    await prepared(store, shop, tmp_path)
    await prepared(store, other, tmp_path)
    one, _ = await office(store).begin(shop, wanted())
    desk = office(store, month_usd=one.estimate_micros * 1.5 / 1_000_000)
    assert (await desk.begin(other, wanted()))[1]


async def test_what_was_proposed_waits_until_somebody_says_yes(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    job, _ = await desk.begin(shop, wanted(approved=False))
    assert (job.approved_by, job.stage) == (None, "waits for approval")
    approved = await desk.approve(shop, job, "eva")
    assert (approved.approved_by, approved.stage) == ("eva", "")
    assert (await desk.approve(shop, approved, "luz")).approved_by == "eva"


async def test_approving_looks_at_the_money_again(store: Store, shop: UUID, tmp_path: Path) -> None:
    await prepared(store, shop, tmp_path)
    job, _ = await office(store).begin(shop, wanted(approved=False))
    with pytest.raises(OverBudget):
        await office(store, month_usd=0).approve(shop, job, "eva")
    assert (await job_of(store, shop, job.id)).approved_by is None


async def test_what_nobody_approved_is_cancelled_at_once_and_for_good(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    job, _ = await desk.begin(shop, wanted(approved=False))
    assert (await desk.cancel(shop, job)).state == "cancelled"
    with pytest.raises(TrainingRefused, match="cannot be approved"):
        await desk.approve(shop, job, "eva")
    with pytest.raises(TrainingRefused, match="cannot be cancelled"):
        await desk.cancel(shop, job)


async def test_only_what_failed_is_tried_again_and_tried_again_once(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    job, _ = await desk.begin(shop, wanted())
    with pytest.raises(TrainingRefused, match="is pending"):
        await desk.retry(shop, job, "eva")
    await set_state(store, state="failed", error="it broke", provider_job_id="ftjob-1")
    failed = await job_of(store, shop, job.id)
    second, new = await desk.retry(shop, failed, "eva")
    third, again = await desk.retry(shop, failed, "eva")
    assert (new, again) == (True, False)
    assert second.id == third.id != job.id
    assert (second.state, second.provider_job_id, second.error) == ("pending", None, None)
    assert (second.retry_of, second.base_model) == (job.id, job.base_model)


async def test_a_training_is_found_by_the_beginning_of_its_id(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    desk = office(store)
    old, _ = await office(store, lambda: MONDAY).begin(shop, wanted())
    new, _ = await desk.begin(shop, wanted(parameters={"seed": 2}))
    assert (await desk.find(shop, str(old.id)[:10])).id == old.id
    assert (await desk.find(shop, "last")).id == new.id
    with pytest.raises(JobUnknown, match="no id begins so"):
        await desk.find(shop, "zzz")
    with pytest.raises(JobUnknown, match="2 ids begin so"):
        await desk.find(shop, "")
    other = await add_shop(store, "other")
    with pytest.raises(JobUnknown):
        await desk.find(other, str(old.id))
