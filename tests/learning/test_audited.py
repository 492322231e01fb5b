"""Every step of a rollout stands in the audit, in the transaction that takes it."""

from datetime import timedelta

import pytest

from learning.controller import Gate
from learning.rollout import Refused
from store.audit import Actor, AuditEvent, Wanted, check, events
from store.base import StoreRefused
from store.rollouts import RolloutStep
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.served import Stage, Talked

EVA = Actor("person:eva", "ip", "request")


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


async def told(stage: Stage) -> list[AuditEvent]:
    """The oldest first."""
    async with stage.store.tenant(stage.shop) as session:
        found = await events(session, stage.shop, Wanted())
        assert (await check(session, stage.shop)).broken is None
    return list(reversed(found))


async def test_what_the_rules_do_is_written_down_like_what_a_person_does(stage: Stage) -> None:
    version = await stage.version()
    by_hand = stage.controller.acting(EVA)
    rollout = await by_hand.start(version, Gate(passed=False, why="x"), "Eva", 50, forced=True)
    await stage.talked(*(Talked(n, variant="canary", fallback=True) for n in range(4)))
    stage.clock.at += timedelta(minutes=2)
    await stage.controller.guard(stage.shop)

    begun, back = await told(stage)

    assert (begun.actor, begun.action, begun.object, begun.ip_hash, begun.request_id) == (
        "person:eva", "rollout.begun", f"rollout:{rollout.id}", "ip", "request",
    )  # fmt: skip
    assert begun.before is None
    assert begun.after == {
        "model": "tienda-v2", "state": "canary", "percent": 50, "paused": False,
        "reason": "started by hand", "forced": True,
    }  # fmt: skip
    assert (back.actor, back.action, back.at) == (
        "controller", "rollout.rolled_back", stage.clock.at,
    )  # fmt: skip
    assert back.before == {
        "model": "tienda-v2", "state": "canary", "percent": 50, "paused": False,
    }  # fmt: skip
    assert back.after is not None
    assert back.after["reason"] == "guard rail: errors: 4 of 4 answers"


async def test_each_kind_of_step_has_its_name(stage: Stage) -> None:
    rollout = await stage.start(percent=None)
    controller = stage.controller.acting(EVA)
    await controller.advance(rollout, "Eva", None, "probemos")
    await controller.pause(await stage.rollout(), "Eva", paused=True)
    await controller.pause(await stage.rollout(), "Eva", paused=False)
    await controller.advance(await stage.rollout(), "Eva", 100)
    await controller.end(await stage.rollout(), "rolled_back", "Eva", "peor")
    await controller.start(
        await stage.version("tienda-v3"), Gate(passed=True, why=""), "Eva", None, forced=False
    )
    await controller.end(await stage.rollout(), "stopped", "Eva", "basta")

    found = await told(stage)

    assert [one.action.partition(".")[2] for one in found] == [
        "begun", "moved", "paused", "resumed", "promoted", "rolled_back", "begun", "stopped",
    ]  # fmt: skip
    assert (found[1].after or {})["reason"] == "probemos"
    assert [one.actor for one in found] == ["controller", *["person:eva"] * 7]


async def test_a_step_that_was_not_taken_is_not_told(stage: Stage) -> None:
    """Somebody else was first; or its rows are refused after all."""
    rollout = await stage.start()
    await stage.controller.pause(rollout, "ana", paused=True)
    with pytest.raises(Refused):
        await stage.controller.advance(rollout, "luis", 50)
    now = await stage.rollout()
    taken = RolloutStep(
        shop_id=stage.shop, rollout_id=rollout.id, number=3, to_state="canary", from_percent=0,
        percent=50, reason="", by="", at=stage.clock(),
    )  # fmt: skip
    async with stage.store.transaction() as session:
        session.add(taken)
    with pytest.raises(StoreRefused):
        await stage.controller.end(now, "stopped", "luis", "basta")

    assert [one.action for one in await told(stage)] == ["rollout.begun", "rollout.paused"]
