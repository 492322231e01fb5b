"""Who answers customers: activated, tried out on some of them, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field

from learning.answerable import answerable
from learning.controller import Controller
from learning.gating import gate_of
from learning.rollout import OPEN
from store import registry
from store.rollouts import Rollout
from store.session import WriteSession
from store.versions import ModelVersion
from web.api.house import House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfMatch, IfNoneMatch, Moment, Note, Shown
from web.api.versions import matches, tagged
from web.identity import actor_of
from web.permissions import Perm
from web.routing import Route

REPLY = "reply"
EVERYBODY = 100
MODEL = "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11"
Task = Annotated[str, Path(pattern=f"^{REPLY}$", max_length=20)]
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=SAYS)]


class Activation(Body):
    """A version that never answered everybody before has to have passed its gates."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": MODEL}]})

    active: UUID
    reason: Note = ""


class Canary(Body):
    """To how many of 100 customers it answers; 0 is in the shadow: it answers nobody."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"model": MODEL, "percent": 10, "reason": "primera prueba"}]
        },
    )

    model: UUID = Field(validation_alias=AliasChoices("model", "version"))
    percent: int = Field(10, ge=0, le=99)
    reason: Note = ""


class Rollback(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "responde mal los precios"}]}
    )

    reason: Reason


class RolloutShown(Shown):
    id: UUID
    model: UUID = Field(validation_alias="version_id")
    baseline: UUID | None = Field(validation_alias="baseline_id")
    state: str
    percent: int
    stage: int
    paused: bool
    began_at: Moment
    stage_at: Moment
    ended_at: Moment | None


class DeploymentShown(Shown):
    """Without an active version the models of the settings answer."""

    task: str
    active: UUID | None
    active_name: str | None
    rollout: RolloutShown | None


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
        matches(await self.standing(task), if_match)
        version = await self.version(given.active)
        return tagged(await self.move(request, version, EVERYBODY, given.reason))

    async def set_canary(
        self, request: Request, task: Task, given: Canary, if_match: IfMatch = None
    ) -> Response:
        """It answers some customers, always the same, under its guards' eyes. Needs If-Match."""
        matches(await self.standing(task), if_match)
        version = await self.version(given.model)
        return tagged(await self.move(request, version, given.percent, given.reason))

    async def stop_canary(self, request: Request, task: Task, if_match: IfMatch = None) -> Response:
        """Nobody gets the candidate any more. Needs If-Match."""
        matches(await self.standing(task), if_match)
        rollout = await self._latest()
        if rollout is None or rollout.state not in OPEN:
            raise Problem("conflict", "No rollout is under way.")
        by, why = by_whom(request), "stopped by the API"
        await self.controller(request).end(rollout, "stopped", by, why)
        return tagged(await self.standing(task))

    async def roll_back(self, request: Request, task: Task, given: Rollback) -> Response:
        """Back to whoever answered before the latest rollout."""
        rollout = await self._latest()
        if rollout is None:
            raise Problem("conflict", "There was no rollout yet.")
        by = by_whom(request)
        await self.controller(request).end(rollout, "rolled_back", by, given.reason)
        return tagged(await self.standing(task), status=201)

    async def move(
        self, request: Request, version: ModelVersion, percent: int, reason: str
    ) -> DeploymentShown:
        """Begins a rollout of it, or moves the one under way. Raises Refused."""
        if version.state not in OPEN:
            await answerable(self.means.settings, version)
        open_, controller = await self._latest(), self.controller(request)
        by = by_whom(request)
        if open_ is not None and open_.state in OPEN and open_.version_id == version.id:
            await controller.advance(open_, by, percent, reason)
        else:
            known = percent == EVERYBODY and version.deployed_at is not None
            gate, begun = await gate_of(self.house.store, version), percent or None
            await controller.start(version, gate, by, begun, forced=known, reason=reason)
        return await self.standing(REPLY)

    async def version_called(self, name: str) -> ModelVersion:
        """By its name, or its id. Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await registry.version_called(session, self.house.shop, name)
        if found is None:
            raise Problem("refused", f"There is no model version {name!r}.")
        return found

    async def standing(self, task: str) -> DeploymentShown:
        house = self.house
        async with house.store.tenant(house.shop) as session:
            active = await registry.active_version(session, house.shop)
            latest = await self._of(session)
        return DeploymentShown(
            task=task,
            active=active.id if active else None,
            active_name=active.name if active else None,
            rollout=RolloutShown.model_validate(latest) if latest else None,
        )

    async def _latest(self) -> Rollout | None:
        async with self.house.store.tenant(self.house.shop) as session:
            return await self._of(session)

    async def _of(self, session: WriteSession) -> Rollout | None:
        found = await registry.latest(session, self.house.shop)
        return found[0] if found else None

    async def version(self, which: UUID) -> ModelVersion:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(ModelVersion, (self.house.shop, which))
        if found is None:
            raise Problem("refused", f"There is no model version {which}.")
        return found
