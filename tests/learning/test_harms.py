"""Who is handed over to a person, and how long answers take, take a candidate back too."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from sqlalchemy import select

from learning.judging import Weighed
from learning.rollout import Refused
from store import registry
from store.audit import AuditEvent
from store.dealings import HandOver
from store.rollouts import Rollout, RolloutStep
from store.session import Store
from tests.fixtures.rows import a_row
from tests.fixtures.store import add_shop
from tests.learning.served import Stage, Talked

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OVER = timedelta(hours=7)


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


async def handed(stage: Stage, customer: int, after: timedelta) -> None:
    rollout = await stage.rollout()
    chat, at = uuid5(stage.customer(customer), "chat"), rollout.stage_at + after
    row = a_row(HandOver.__table__, stage.shop) | {  # type: ignore[arg-type]
        "id": uuid5(chat, at.isoformat()), "conversation_id": chat, "at": at,
    }  # fmt: skip
    async with stage.store.transaction() as session:
        session.add(HandOver(**row))


async def weighed(stage: Stage) -> Weighed:
    return (await stage.controller.weighed(await stage.rollout()))[1]


async def test_who_asks_for_a_person_in_a_conversation_was_handed_over(stage: Stage) -> None:
    await stage.start()
    await stage.talked(
        *(Talked(n, variant="canary") for n in range(4)),
        Talked(0, MINUTE + 9 * HOUR, variant="canary"),
        Talked(7, variant="control"),
    )
    await handed(stage, 0, 2 * MINUTE)
    await handed(stage, 1, 20 * HOUR)
    await handed(stage, 2, timedelta(seconds=30) - MINUTE)
    assert (await weighed(stage)).statistics.canary.of("handover").count == 0
    stage.clock.at += 30 * HOUR

    found = await weighed(stage)

    seen = found.statistics.canary.of("handover")
    assert (seen.count, seen.mean) == (5, 0.2)
    assert found.statistics.control.of("handover").mean == 0.0


async def test_a_candidate_that_calls_people_more_often_is_taken_back_with_the_reason(
    stage: Stage,
) -> None:
    await stage.start()
    await stage.talked(
        *(
            Talked(n, variant=("control", "canary")[n % 2], scored=4 - n // 2 % 3)
            for n in range(160)
        )
    )
    for customer in range(1, 120, 2):
        await handed(stage, customer, 2 * MINUTE)
    assert await stage.controller.step(stage.shop) is None, "they still talk"
    stage.clock.at += OVER

    move = await stage.controller.step(stage.shop)

    assert move is not None
    assert (move.to, move.reason) == ("rolled_back", "worse in handover")
    seen = move.evidence["metrics"]["handover"]
    assert seen["canary"] == {"count": 80, "mean": 0.75}
    assert 0.02 < seen["low"] < 0.75 < seen["high"]
    async with stage.store.reading() as session:
        said = (await session.scalars(select(AuditEvent).order_by(AuditEvent.number))).all()[-1]
        step = (await session.scalars(select(RolloutStep).order_by(RolloutStep.number))).all()[-1]
    assert said.after is not None
    assert (said.action, said.after["reason"]) == ("rollout.rolled_back", "worse in handover")
    assert step.evidence["harms"] == ["handover"]


async def slow(stage: Stage, canary_ms: int) -> None:
    """Answers of 500 to 995 ms of the others', within the limit of the rails."""
    await stage.talked(
        *(Talked(n, variant="control", latency_ms=500 + 5 * (n % 100)) for n in range(300)),
        *(Talked(n, variant="canary", latency_ms=canary_ms + 5 * (n % 100))
          for n in range(1_000, 1_100)),
    )  # fmt: skip


async def test_a_later_p95_takes_it_back_though_no_answer_is_slow(stage: Stage) -> None:
    await stage.start()
    await slow(stage, canary_ms=1_500)

    assert await stage.controller.guard(stage.shop) is None
    move = await stage.controller.step(stage.shop)

    assert move is not None
    assert (move.to, move.reason) == ("rolled_back", "worse in delay")
    seen = move.evidence["metrics"]["delay"]
    assert (seen["control"], seen["canary"]["mean"]) == ({"count": 300, "mean": 970.0}, 1970.0)
    assert (seen["difference"], seen["high"]) == (1000.0, None)
    assert 300 < seen["low"] < 1_000


async def test_a_little_later_is_allowed_and_so_is_what_the_rollout_says(stage: Stage) -> None:
    rollout = await stage.start()
    await stage.controller.limit(rollout, "ana", {"latency_ms": 2_000})
    await slow(stage, canary_ms=1_500)

    assert (await weighed(stage)).harms == ()
    assert (await weighed(stage)).allowed["delay"] == 2_000
    await stage.controller.limit(await stage.rollout(), "ana", {})
    assert (await weighed(stage)).harms == ("delay",)


async def test_one_in_the_shadow_gets_other_limits_and_stays_there(stage: Stage) -> None:
    rollout = await stage.start(percent=None)
    await stage.controller.pause(rollout, "ana", paused=True)
    before = await stage.rollout()

    await stage.controller.limit(before, "ana", {"errors": 0.2}, "de noche falla más")

    after = await stage.rollout()
    kept: dict[str, Any] = {"state": "shadow", "percent": 0, "paused": True, "stage": before.stage}
    assert {name: getattr(after, name) for name in kept} == kept
    assert after.gate["guards"] == {"errors": 0.2}
    await stage.controller.end(after, "stopped", "ana", "ya")
    with pytest.raises(Refused, match="the rollout is stopped"):
        await stage.controller.limit(await _latest(stage), "ana", {})


async def _latest(stage: Stage) -> Rollout:
    async with stage.store.reading() as session:
        return (await registry.latest(session, stage.shop))[0]
