"""Who answers customers: activated, tried out on some of them, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from learning.answerable import answerable
from learning.controller import Controller
from learning.gating import gate_of
from learning.rollout import OPEN
from learning.standing import within
from store import registry
from store.rollouts import Rollout
from store.versions import ModelVersion
from web.api.house import House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.rolling import (
    Activation,
    Canary,
    DeploymentShown,
    Guards,
    Rollback,
    RolloutShown,
    Wish,
)
from web.api.shapes import IfMatch, IfNoneMatch
from web.api.versions import matches, tagged
from web.identity import actor_of
from web.permissions import Perm
from web.routing import Route

Task = Literal["reply"]
REPLY: Final = "reply"
EVERYBODY = 100
UNGATED: Final = (
    "Its offline gates are not passed: {why}. Have it evaluated (POST /api/v1/evaluations), or take"
    " it upon yourself with force and a reason."
)


@dataclass(frozen=True, slots=True)
class Deployments:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, one, shape = self.house.route, "/deployments/{task}", DeploymentShown
        write, canary = Perm.MODEL_ACTIVATE, f"{one}/canary"
        back = self.roll_back
        return [
            route("GET", one, self.get_deployment, Perm.MODEL_READ, shape),
            route("PUT", one, self.activate_model, write, shape),
            route("PUT", canary, self.set_canary, write, shape),
            route("DELETE", canary, self.stop_canary, write, shape),
            route("POST", f"{one}/rollbacks", back, write, shape, status_code=201),
        ]

    def controller(self, request: Request) -> Controller:
        house, settings = self.house, self.means.settings
        return Controller(
            house.store, settings.rollout, house.clock, asks=settings.ratings.csat,
            actor=actor_of(request),
        )  # fmt: skip

    async def get_deployment(self, task: Task, if_none_match: IfNoneMatch = None) -> Response:
        """Who answers now, and the latest rollout; with its ETag."""
        return tagged(await self.standing(task), if_none_match)

    async def activate_model(
        self, request: Request, task: Task, given: Activation, if_match: IfMatch = None
    ) -> Response:
        """It answers everybody from now on. Needs If-Match."""
        before = await self._matched(task, if_match)
        version = await self.version(given.active)
        return tagged(await self._move(request, version, EVERYBODY, Wish.of(given), before))

    async def set_canary(
        self, request: Request, task: Task, given: Canary, if_match: IfMatch = None
    ) -> Response:
        """It answers some customers, always the same, under its guards' eyes. Needs If-Match."""
        before = await self._matched(task, if_match)
        version = await self.version(given.model)
        wish = Wish.of(given, given.guards.told() if given.guards is not None else None)
        return tagged(await self._move(request, version, given.percent, wish, before))

    async def stop_canary(self, request: Request, task: Task, if_match: IfMatch = None) -> Response:
        """Nobody gets the candidate any more. Needs If-Match."""
        rollout = await self._matched(task, if_match)
        if rollout is None or rollout.state not in OPEN:
            raise Problem("conflict", "No rollout is under way.")
        by, why = by_whom(request), "stopped by the API"
        await self.controller(request).end(rollout, "stopped", by, why)
        return tagged(await self.standing(task))

    async def roll_back(self, request: Request, task: Task, given: Rollback) -> Response:
        """Back to whoever answered before the latest rollout."""
        _, rollout = await self._now(task)
        if rollout is None:
            raise Problem("conflict", "There was no rollout yet.")
        by = by_whom(request)
        await self.controller(request).end(rollout, "rolled_back", by, given.reason)
        return tagged(await self.standing(task), status=201)

    async def move(
        self, request: Request, version: ModelVersion, percent: int, wish: "Wish"
    ) -> DeploymentShown:
        """As if If-Match were `*`. Raises Refused, or Problem."""
        _, rollout = await self._now(REPLY)
        return await self._move(request, version, percent, wish, rollout)

    async def _move(
        self,
        request: Request,
        version: ModelVersion,
        percent: int,
        wish: "Wish",
        rollout: Rollout | None,
    ) -> DeploymentShown:
        """Begins a rollout of it, or moves `rollout` if that is under way and nobody moved it
        since it was read. Raises Refused, or Problem."""
        if version.state not in OPEN:
            await answerable(self.means.settings, version)
        controller, by = self.controller(request), by_whom(request)
        if rollout is not None and rollout.state in OPEN and rollout.version_id == version.id:
            await self._on(controller, rollout, by, (percent, wish))
        else:
            known = percent == EVERYBODY and version.deployed_at is not None
            gate, begun = await gate_of(self.house.store, version), percent or None
            gate, forced = replace(gate, guards=wish.guards or {}), known or wish.force
            if not (gate.passed or forced):
                raise Problem("conflict", UNGATED.format(why=gate.why))
            await controller.start(version, gate, by, begun, forced=forced, reason=wish.reason)
        return await self.standing(REPLY)

    async def _on(
        self, controller: Controller, rollout: Rollout, by: str, to: tuple[int, Wish]
    ) -> None:
        """One in the shadow stays there at 0 %, with other limits if some are wished."""
        percent, wish = to
        if percent or rollout.state != "shadow":
            await controller.advance(rollout, by, percent, wish.reason, wish.guards)
        elif wish.guards is not None:
            await controller.limit(rollout, by, wish.guards, wish.reason)

    async def version_called(self, name: str) -> ModelVersion:
        """By its name, or its id. Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await registry.version_called(session, self.house.shop, name)
        if found is None:
            raise Problem("refused", f"There is no model version {name!r}.")
        return found

    async def standing(self, task: str) -> DeploymentShown:
        return (await self._now(task))[0]

    async def _matched(self, task: str, if_match: str | None) -> Rollout | None:
        """The very one of which the caller speaks. Raises Problem."""
        told, rollout = await self._now(task)
        matches(told, if_match)
        return rollout

    async def _now(self, task: str) -> tuple[DeploymentShown, Rollout | None]:
        house = self.house
        async with house.store.tenant(house.shop) as session:
            active = await registry.active_version(session, house.shop)
            found = await registry.latest(session, house.shop)
        latest = found[0] if found else None
        told = DeploymentShown(
            task=task,
            active=active.id if active else None,
            active_name=active.name if active else None,
            rollout=self._told(latest) if latest else None,
        )
        return told, latest

    def _told(self, row: Rollout) -> RolloutShown:
        knobs = within(self.means.settings.rollout, row)
        names = RolloutShown.model_fields.keys() - {"model", "baseline", "guards", "forced"}
        return RolloutShown(
            **{name: getattr(row, name) for name in names},
            model=row.version_id,
            baseline=row.baseline_id,
            guards={name: getattr(knobs, name) for name in Guards.model_fields},
            forced=not row.gate.get("passed"),
        )

    async def version(self, which: UUID, code: str = "refused") -> ModelVersion:
        """Raises Problem: by its `code`, for it may stand in the address or in the body."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(ModelVersion, (self.house.shop, which))
        if found is None:
            raise Problem(code, f"There is no model version {which}.")
        return found
