"""What every trainer promises, wherever it trains."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from learning.trainers.base import OrderRefused, Progress, Trainer
from learning.trainers.opening import OPENERS
from store.session import Store
from tests.contracts.trainers import TRAINERS, World

ENDED = {"succeeded", "failed", "cancelled"}


@pytest.fixture(params=TRAINERS)
async def world(
    request: pytest.FixtureRequest, store: Store, tmp_path: Path
) -> AsyncIterator[World]:
    async with TRAINERS[request.param](store, tmp_path) as world:
        yield world


@pytest.fixture
async def trainer(world: World) -> AsyncIterator[Trainer]:
    trainer = world.opened()
    yield trainer
    await trainer.close()


def test_every_trainer_that_can_be_chosen_keeps_the_contract() -> None:
    assert TRAINERS.keys() == OPENERS.keys()


async def test_an_order_is_trained_once_however_often_it_is_started(
    world: World, trainer: Trainer
) -> None:
    order = await world.order()
    begun = [await trainer.start(order), await trainer.start(order)]
    after = world.opened()
    begun.append(await after.start(order))
    await after.close()
    assert len(set(begun)) == 1
    assert await world.made() == 1


async def test_two_that_start_the_same_order_at_once_train_it_once(
    world: World, trainer: Trainer
) -> None:
    other = world.opened()
    order = await world.order()
    begun = await asyncio.gather(trainer.start(order), other.start(order))
    await other.close()
    assert begun[0] == begun[1]
    assert await world.made() == 1


async def test_two_orders_are_two_trainings(world: World, trainer: Trainer) -> None:
    one, two = await world.order("one"), await world.order("two")
    assert await trainer.start(one) != await trainer.start(two)
    assert await world.made() == 2


async def test_whoever_looks_after_a_restart_sees_the_same(world: World, trainer: Trainer) -> None:
    order = await world.order()
    id_ = await trainer.start(order)
    await world.goes_on(id_)
    await world.succeeds(id_)
    before = await trainer.look(order, id_)
    after = world.opened()
    assert await after.look(order, id_) == before
    await after.close()


async def watched(world: World, trainer: Trainer) -> list[Progress]:
    """Each look asks for what is new since the one before."""
    order, last, seen = await world.order(), 0, []
    id_ = await trainer.start(order)
    for _ in range(3):
        seen.append(await trainer.look(order, id_, last))
        last = max([last, *(one.number for one in seen[-1].told)])
        await world.goes_on(id_)
    await world.succeeds(id_)
    seen.append(await trainer.look(order, id_, last))
    return seen


async def test_progress_never_goes_back_and_ends_at_a_hundred(
    world: World, trainer: Trainer
) -> None:
    percents = [one.percent for one in await watched(world, trainer)]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert all(0 <= percent <= 100 for percent in percents)


async def test_every_line_is_told_once_and_numbered_from_one(
    world: World, trainer: Trainer
) -> None:
    lines = [line for one in await watched(world, trainer) for line in one.told]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert lines
    assert all(line.message and line.at.tzinfo for line in lines)


async def test_what_was_told_before_keeps_its_number(world: World, trainer: Trainer) -> None:
    whole = [line for one in await watched(world, trainer) for line in one.told]
    order = await world.order()
    again = world.opened()
    id_ = await again.start(order)
    assert list((await again.look(order, id_)).told) == whole
    assert list((await again.look(order, id_, 1)).told) == whole[1:]
    assert (await again.look(order, id_, len(whole))).told == ()
    await again.close()


async def test_what_succeeded_names_the_model_that_can_be_asked(
    world: World, trainer: Trainer
) -> None:
    last = (await watched(world, trainer))[-1]
    assert last.state == "succeeded"
    assert last.trained is not None
    assert last.trained.provider
    assert last.trained.model
    assert last.error is None


async def test_cancelling_ends_it_and_cancelling_again_changes_nothing(
    world: World, trainer: Trainer
) -> None:
    order = await world.order()
    id_ = await trainer.start(order)
    await trainer.cancel(order, id_)
    first = await trainer.look(order, id_)
    await trainer.cancel(order, id_)
    assert first.state in ENDED
    assert (await trainer.look(order, id_)).state == first.state


async def test_what_has_ended_stays_as_it_ended(world: World, trainer: Trainer) -> None:
    order = await world.order()
    id_ = await trainer.start(order)
    await world.succeeds(id_)
    await trainer.cancel(order, id_)
    assert (await trainer.look(order, id_)).state == "succeeded"


async def test_what_can_never_be_trained_is_refused_with_a_reason(
    world: World, trainer: Trainer
) -> None:
    with pytest.raises(OrderRefused) as refused:
        await trainer.start(await world.hopeless())
    assert refused.value.what
    assert refused.value.why
    assert refused.value.next
    assert await world.made() == 0


async def test_whatever_breaks_is_said_as_an_error_of_trainers(
    world: World, trainer: Trainer
) -> None:
    order = await world.order()
    id_ = await trainer.start(order)
    other = await world.order("other")
    assert world.breakdowns
    for breakdown in world.breakdowns.values():
        async with breakdown() as kind:
            broken = world.opened()
            with pytest.raises(kind, match=r".+: .+\. .+"):
                await broken.start(other)
            with pytest.raises(kind):
                await broken.look(order, id_)
            await broken.close()
    assert await trainer.start(order) == id_
