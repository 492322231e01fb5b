"""`rollout`: a new model on its way to everybody, moved, watched and taken back by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from app.console import FAILED, emit, refuse, result, somebody
from app.desk import Desk, known_shop, opened
from app.rollout_views import draw_history, draw_status, step_told, told
from config.settings import Settings
from learning.answerable import Unanswerable, answerable
from learning.controller import Controller
from learning.gating import gate_of
from learning.rollout import OPEN, Move, Refused
from store import registry
from store.app import Shop
from store.audit import Actor
from store.rollouts import Rollout
from store.session import Store
from store.versions import ModelVersion

SHOWN: Final = 20
NONE_YET: Final = "No rollout yet. Begin one with: main.py rollout start VERSION"


@dataclass(frozen=True, slots=True)
class At:
    desk: Desk
    shop: Shop
    controller: Controller

    @property
    def store(self) -> Store:
        return self.desk.store

    async def latest(self) -> Rollout:
        """The newest one, open or not. Refuses where there is none."""
        async with self.store.reading() as session:
            found = await registry.latest(session, self.shop.id)
        if not found:
            refuse("there is no rollout", hint="main.py rollout start VERSION", code=FAILED)
        return found[0]

    async def named(self, rollout: Rollout) -> dict[str, Any]:
        """Its versions by name."""
        async with self.store.reading() as session:
            key = (rollout.shop_id, rollout.version_id)
            version = await session.get_one(ModelVersion, key)
            baseline = None
            if rollout.baseline_id is not None:
                before = (rollout.shop_id, rollout.baseline_id)
                baseline = (await session.get_one(ModelVersion, before)).name
        return {"version": version.name, "baseline": baseline}


@asynccontextmanager
async def at_desk(settings: Settings, key: str) -> AsyncIterator[At]:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        actor = Actor(f"terminal:{somebody()}")
        controller = Controller(
            desk.store, settings.rollout, asks=settings.ratings.csat, actor=actor
        )
        try:
            yield At(desk, shop, controller)
        except Unanswerable:
            raise
        except Refused as error:
            refuse(error.what, error.why, "main.py rollout status", code=FAILED)


async def start(
    settings: Settings, key: str, name: str, percent: int | None, *, force: bool, as_json: bool
) -> None:
    async with at_desk(settings, key) as at:
        version = await _version(at, name)
        await answerable(settings, version)
        gate = await gate_of(at.store, version)
        rollout = await at.controller.start(version, gate, somebody(), percent, forced=force)
        await _tell(at, rollout, as_json=as_json)


async def activate(settings: Settings, key: str, name: str, *, force: bool, as_json: bool) -> None:
    """Who answered everybody before may do so again without new gates."""
    async with at_desk(settings, key) as at:
        version = await _version(at, name)
        await answerable(settings, version)
        gate, known = await gate_of(at.store, version), version.deployed_at is not None
        rollout = await at.controller.start(version, gate, somebody(), 100, forced=force or known)
        await _tell(at, rollout, as_json=as_json)


async def advance(settings: Settings, key: str, percent: int | None, *, as_json: bool) -> None:
    await _moved(
        settings, key, lambda at, one: at.controller.advance(one, somebody(), percent), as_json
    )


async def pause(settings: Settings, key: str, *, paused: bool, as_json: bool) -> None:
    await _moved(
        settings, key, lambda at, one: at.controller.pause(one, somebody(), paused=paused), as_json
    )


async def stop(settings: Settings, key: str, reason: str, *, as_json: bool) -> None:
    why = reason or "stopped by hand"
    await _moved(
        settings, key, lambda at, one: at.controller.end(one, "stopped", somebody(), why), as_json
    )


async def rollback(settings: Settings, key: str, reason: str, *, as_json: bool) -> None:
    why = reason or "taken back by hand"
    await _moved(
        settings,
        key,
        lambda at, one: at.controller.end(one, "rolled_back", somebody(), why),
        as_json,
    )


Step = Callable[[At, Rollout], Awaitable[Move]]


async def _moved(settings: Settings, key: str, step: Step, as_json: bool) -> None:  # noqa: FBT001  the last word
    async with at_desk(settings, key) as at:
        await step(at, await at.latest())
        await _tell(at, await at.latest(), as_json=as_json)


async def status(settings: Settings, key: str, *, as_json: bool) -> None:
    async with at_desk(settings, key) as at:
        async with at.store.reading() as session:
            found = await registry.latest(session, at.shop.id)
        if found:
            await _tell(at, found[0], as_json=as_json)
        elif as_json:
            emit(None)
        else:
            result.print(NONE_YET)


async def history(settings: Settings, key: str, *, as_json: bool) -> None:
    async with at_desk(settings, key) as at:
        async with at.store.reading() as session:
            found = await registry.latest(session, at.shop.id, SHOWN)
            steps = [await registry.steps_of(session, one.shop_id, one.id) for one in found]
        names = [await at.named(one) for one in found]
    rows = [
        {"id": one.id, **name, "state": one.state, "steps": [step_told(step) for step in taken]}
        for one, name, taken in zip(found, names, steps, strict=True)
    ]
    if as_json:
        emit(rows)
    elif rows:
        draw_history(rows)
    else:
        result.print(NONE_YET)


async def _tell(at: At, rollout: Rollout, *, as_json: bool) -> None:
    """Where it stands, and on what."""
    weighed = shadow = None
    if rollout.state == "shadow":
        shadow = await at.controller.shadow(rollout)
    elif rollout.state in OPEN:
        _, weighed = await at.controller.weighed(rollout)
    async with at.store.reading() as session:
        steps = await registry.steps_of(session, rollout.shop_id, rollout.id)
    found = told(rollout, await at.named(rollout), steps[-1], weighed, shadow)
    if as_json:
        emit(found)
    else:
        draw_status(found, at.desk.settings.rollout)


async def _version(at: At, name: str) -> ModelVersion:
    async with at.store.reading() as session:
        found = await registry.version_called(session, at.shop.id, name)
    if found is None:
        why = f"none of {at.shop.key} has it"
        refuse(f"there is no model version {name!r}", why, "main.py models list", code=FAILED)
    return found
