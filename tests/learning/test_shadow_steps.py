"""When a candidate leaves the shadow: for its first customers, back, or without a verdict."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from config.rollout import RolloutSettings
from learning.rollout import Shadowed, Standing, after_shadow
from store import shadows
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.store import add_shop
from tests.learning.served import PASSED, Stage

KNOBS = RolloutSettings()
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = BEGAN + timedelta(days=3)
SHADOW = Standing("shadow", 0, 1, 1, False, True, BEGAN, BEGAN)  # noqa: FBT003  paused, gated


@pytest.mark.parametrize(
    ("found", "to"),
    [
        (Shadowed(answers=49), None),
        (Shadowed(answers=50), "canary"),
        (Shadowed(answers=50, faulty=4), "canary"),
        (Shadowed(answers=50, faulty=12), "rolled_back"),
        (Shadowed(answers=2, failed=2), "rolled_back"),
        (Shadowed(answers=10, invented=4), "rolled_back"),
        (Shadowed(answers=10, leaked=1), "rolled_back"),
    ],
)
def test_a_shadow_is_left_with_enough_good_answers(found: Shadowed, to: str | None) -> None:
    move = after_shadow(SHADOW, found, KNOBS, LATER)

    assert (move.to if move else None) == to
    slowly = KNOBS.model_copy(update={"automatic": False})
    by_itself = after_shadow(SHADOW, found, slowly, LATER)
    assert (by_itself.to if by_itself else None) == (to if to == "rolled_back" else None)
    assert after_shadow(replace(SHADOW, paused=True), found, KNOBS, LATER) is None


@pytest.mark.parametrize(
    ("found", "now", "why"),
    [
        (Shadowed(answers=49, cost_micros=999_999), LATER, None),
        (Shadowed(answers=12, cost_micros=1_000_000), LATER,
         "its 1 USD were spent after 12 of 50 shadow answers"),
        (Shadowed(answers=3), BEGAN + timedelta(days=28),
         "its 28 days were over after 3 of 50 shadow answers"),
    ],
)  # fmt: skip
def test_a_shadow_without_money_or_time_for_its_answers_ends(
    found: Shadowed, now: datetime, why: str | None
) -> None:
    slowly = KNOBS.model_copy(update={"automatic": False})

    move = after_shadow(SHADOW, found, KNOBS, now)

    assert (move.to, move.reason) == ("inconclusive", why) if move else why is None
    assert after_shadow(SHADOW, found, slowly, now) is None
    assert after_shadow(replace(SHADOW, paused=True), found, KNOBS, now) is None


async def test_its_money_is_what_its_answers_cost_and_its_version_may_try_again(
    store: Store,
) -> None:
    stage = Stage(store, await add_shop(store))
    rollout = await stage.start(percent=None)
    for cost in (600_000, 400_000):
        assert await stage.controller.step(stage.shop) is None
        key = (stage.shop, uuid4(), rollout.id, rollout.version_id, uuid4())
        async with store.batch() as connection:
            row = (*key, "Hola", "ok", '["ok"]', None, 9, 9, 100, cost, stage.clock())
            await shadows.keep(connection, row)

    move = await stage.controller.step(stage.shop)
    async with store.reading() as session:
        version = await session.get_one(ModelVersion, (stage.shop, rollout.version_id))
    stage.clock.at += timedelta(days=1)
    again = await stage.controller.start(version, PASSED, "ana", 10, forced=False)

    assert move is not None
    assert move.reason == "its 1 USD were spent after 2 of 50 shadow answers"
    assert (again.version_id, again.state) == (rollout.version_id, "canary")
