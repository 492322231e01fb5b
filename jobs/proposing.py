"""The job that proposes a rollout of what trained and passed by itself, or begins it."""

from typing import Final
from uuid import UUID

from config.settings import Settings
from jobs.attempts import Attempt
from learning.answerable import answerable
from learning.controller import Controller
from learning.gating import gate_of
from learning.ordering import AUTOMATIC
from learning.rollout import Refused
from store import registry
from store.session import Store
from store.versions import ModelVersion

AGAIN_S: Final = 3600.0
PROPOSED: Final = "proposed"


async def put_forward(attempt: Attempt, settings: Settings) -> None:
    """A rollout that begins does so in the transaction in which its proposal ends: once."""
    async with attempt.store.reading() as session:
        key = attempt.run.shop, UUID(attempt.run.period)
        version = await session.get_one(ModelVersion, key)
    async with attempt.store.together() as store:
        outcome = await _outcome(store, settings, version)
        async with store.transaction() as session:
            if outcome is None:
                await attempt.rest(session, AGAIN_S)
            else:
                await attempt.end(session, {"outcome": outcome})


async def _outcome(store: Store, settings: Settings, version: ModelVersion) -> str | None:
    """None where another rollout is under way: it is looked at again."""
    gate, knobs = await gate_of(store, version), settings.training
    if not gate.passed or version.state != "candidate":
        return "not passed" if not gate.passed else version.state
    if not knobs.automatic or knobs.approval:
        return PROPOSED
    async with store.reading() as session:
        if await registry.opened(session, version.shop_id):
            return None
    try:
        await answerable(settings, version)
        controller = Controller(store, settings.rollout)
        await controller.start(version, gate, AUTOMATIC, None, forced=False)
    except Refused as error:
        return f"refused: {error.why}"
    return "begun"
