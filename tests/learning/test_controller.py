"""The controller reads what was seen and takes each step once, whoever else tries."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from learning.controller import Gate
from learning.rollout import Refused
from store.base import StoreRefused
from store.rollouts import RolloutStep
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.store import add_shop
from tests.learning.served import PASSED, Stage, Talked

HOUR = timedelta(hours=1)


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


async def states(stage: Stage) -> dict[str, str]:
    async with stage.store.reading() as session:
        return {one.name: one.state for one in await session.scalars(select(ModelVersion))}


def both(conversations: int, good: int, bad: int) -> list[Talked]:
    """Of the control as many with a `good` score as of the canary with a `bad` one."""
    return [
        turn
        for number in range(conversations)
        for turn in (
            Talked(2 * number, variant="control", scored=good - number % 2),
            Talked(2 * number + 1, variant="canary", scored=bad - number % 2),
        )
    ]


async def test_a_worse_one_is_taken_back_and_a_better_one_promoted(stage: Stage) -> None:
    await stage.start()
    await stage.talked(*both(80, good=5, bad=3))

    move = await stage.controller.step(stage.shop)

    assert move is not None
    assert (move.to, move.reason) == ("rolled_back", "worse in score")
    assert move.evidence["metrics"]["score"]["canary"] == {"count": 80, "mean": 2.5}
    assert await states(stage) == {"tienda-v2": "withdrawn"}

    await stage.start(name="tienda-v3")
    await stage.talked(*both(80, good=4, bad=5))
    await stage.controller.step(stage.shop)

    assert await states(stage) == {"tienda-v2": "withdrawn", "tienda-v3": "active"}


def bad(count: int) -> list[Talked]:
    return [Talked(n, checks=("replaced:price",), variant="canary") for n in range(count)]


async def test_of_many_controllers_one_takes_the_step(stage: Stage) -> None:
    await stage.start()
    await stage.talked(*bad(3))

    moves = await asyncio.gather(*(stage.controller.guard(stage.shop) for _ in range(8)))

    assert len([move for move in moves if move is not None]) == 1
    assert await stage.controller.guard(stage.shop) is None


async def test_a_step_that_is_broken_off_changes_nothing(stage: Stage) -> None:
    """Its last write is refused after all the others: none of them stays."""
    rollout = await stage.start()
    taken = RolloutStep(
        shop_id=stage.shop, rollout_id=rollout.id, number=2, to_state="canary", from_percent=0,
        percent=50, reason="", by="", at=stage.clock(),
    )  # fmt: skip
    async with stage.store.transaction() as session:
        session.add(taken)

    with pytest.raises(StoreRefused):
        await stage.controller.advance(rollout, "ana", 100)

    now = await stage.rollout()
    assert (now.state, now.percent, now.number) == ("canary", 50, 1)
    assert await states(stage) == {"tienda-v2": "canary"}


async def test_the_rails_watch_over_a_promoted_one_for_a_day(stage: Stage) -> None:
    await stage.start(name="tienda-v1", percent=100)
    stage.clock.at += HOUR
    await stage.start(percent=100)
    await stage.talked(*bad(3))
    assert await states(stage) == {"tienda-v1": "retired", "tienda-v2": "active"}

    move = await stage.controller.guard(stage.shop)

    assert move is not None
    assert await states(stage) == {"tienda-v1": "active", "tienda-v2": "withdrawn"}
    stage.clock.at += timedelta(hours=25)
    assert await stage.controller.current(stage.shop) is None


async def test_what_a_conversation_is(stage: Stage) -> None:
    """Nine turns are six conversations, of which four were of one side and one model."""
    await stage.start()
    apart = timedelta(hours=7)
    await stage.talked(
        Talked(1, variant="canary", scored=5, cost=10),
        Talked(1, HOUR, variant="canary", scored=3, cost=30),
        Talked(1, HOUR + apart, variant="canary", scored=None),
        Talked(2, variant="control", scored=4),
        Talked(3, variant="control"),
        Talked(3, HOUR, variant="canary"),
        Talked(4, variant="canary", fallback=True),
        Talked(5, variant="control", scored=2),
        Talked(5, HOUR, variant="control", scored=None),
    )
    _, found = await stage.controller.weighed(await stage.rollout())

    control, canary = found.statistics.control, found.statistics.canary
    assert (control.conversations, canary.conversations) == (2, 2)
    assert (control.customers, canary.customers) == (3, 3)
    assert (canary.of("score").count, canary.of("score").mean) == (1, 4.0)
    assert (control.of("score").count, control.of("score").mean) == (2, 3.0)
    assert canary.of("cost").mean == 20.0


async def test_who_is_back_within_three_days_was_not_helped(stage: Stage) -> None:
    await stage.start()
    await stage.talked(
        Talked(1, variant="canary", back_after=timedelta(hours=20)),
        Talked(2, variant="canary", back_after=timedelta(hours=90)),
        Talked(3, variant="canary", back_after=timedelta(hours=1)),
        Talked(4, variant="canary"),
    )
    _, soon = await stage.controller.weighed(await stage.rollout())
    stage.clock.at += timedelta(hours=80)
    _, later = await stage.controller.weighed(await stage.rollout())

    assert (soon.statistics.canary.of("recontact").count) == 1
    recontact = later.statistics.canary.of("recontact")
    assert (recontact.count, recontact.mean) == (4, 0.25)


async def test_who_says_nothing_is_not_heard_of_once_the_conversation_is_over(
    stage: Stage,
) -> None:
    await stage.start()
    await stage.talked(
        Talked(1, variant="canary", scored=5),
        Talked(2, variant="canary", scored=None),
        Talked(3, variant="canary", scored=None),
    )
    _, during = await stage.controller.weighed(await stage.rollout())
    stage.clock.at += timedelta(hours=7)
    _, after = await stage.controller.weighed(await stage.rollout())

    assert during.statistics.canary.of("heard").count == 0
    heard = after.statistics.canary.of("heard")
    assert (heard.count, round(heard.mean, 3)) == (3, 0.333)


async def test_insults_take_a_candidate_back(stage: Stage) -> None:
    await stage.start()
    await stage.talked(
        *(Talked(number, variant="canary", checks=("replaced:insult",)) for number in range(2))
    )
    move = await stage.controller.guard(stage.shop)

    assert move is not None
    assert move.reason == "guard rail: insults: 2 of 2 answers"


async def test_a_rollout_may_have_limits_of_its_own(stage: Stage) -> None:
    rollout = await stage.start(percent=50)
    await stage.talked(*bad(3))
    await stage.controller.advance(rollout, "ana", 50, "", {"invented": 4})
    assert await stage.controller.guard(stage.shop) is None

    await stage.controller.advance(await stage.rollout(), "ana", 50)
    kept = await stage.rollout()
    assert (kept.gate["passed"], kept.gate["guards"]) == (True, {"invented": 4})
    assert await stage.controller.guard(stage.shop) is None

    await stage.controller.advance(kept, "ana", 50, "", {})
    move = await stage.controller.guard(stage.shop)
    assert move is not None
    assert move.reason == "guard rail: invented amounts: 3 of 3 answers"


async def test_each_stage_counts_anew(stage: Stage) -> None:
    rollout = await stage.start(percent=10)
    await stage.talked(*both(10, good=5, bad=5))
    await stage.controller.advance(rollout, "ana", None)

    _, found = await stage.controller.weighed(await stage.rollout())

    assert found.conversations == 0
    assert (await stage.rollout()).stage == 2


async def test_two_shops_roll_out_apart(stage: Stage) -> None:
    other = Stage(stage.store, await add_shop(stage.store, "other"), stage.clock)
    await stage.start()
    await other.start()
    await stage.talked(*bad(3))

    assert await other.controller.guard(other.shop) is None
    assert await stage.controller.guard(stage.shop) is not None
    assert (await other.rollout()).state == "canary"


async def test_of_many_who_begin_one_does(stage: Stage) -> None:
    versions = [await stage.version(f"v{number}") for number in range(4)]

    begun = await asyncio.gather(
        *(stage.controller.start(one, PASSED, "ana", None, forced=False) for one in versions),
        return_exceptions=True,
    )

    assert len([one for one in begun if isinstance(one, Refused)]) == 3


async def test_by_hand_nobody_overtakes_the_controller(stage: Stage) -> None:
    rollout = await stage.start()
    await stage.talked(*(Talked(number, checks=("replaced:leak",)) for number in range(9)))
    await stage.controller.guard(stage.shop)

    with pytest.raises(Refused, match="a step of its own"):
        await stage.controller.advance(rollout, "ana", 100)

    assert await states(stage) == {"tienda-v2": "withdrawn"}


async def test_without_gates_it_waits_at_the_last_step(stage: Stage) -> None:
    version = await stage.version()
    failed = Gate(passed=False, why="failed")
    await stage.controller.start(version, failed, "ana", 50, forced=True)
    await stage.talked(*both(80, good=4, bad=5))

    assert await stage.controller.step(stage.shop) is None
