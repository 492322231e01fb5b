"""Moves rollouts on: reads what was seen, lets the rules decide, writes each step whole.

Any number of processes may do so: a step is one transaction, and of two who take the same step the
second changes nothing. Who is killed in the middle has changed nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog

from config.rollout import RolloutSettings
from learning.course import course
from learning.guards import Look, looks
from learning.judging import Statistics, Weighed, side_of
from learning.rollout import (
    OPEN,
    Move,
    Refused,
    Shadowed,
    State,
    after_shadow,
    begun,
    ended,
    following,
    judged,
    limited,
    moved_to,
    watched,
)
from learning.sequential import Difference
from learning.standing import becoming, standing, within
from services.clock import Clock, now
from store import observing, registry, shadows
from store.audit import Actor
from store.registry import Change
from store.rollouts import Rollout
from store.session import Store
from store.versions import ModelVersion

log = structlog.get_logger()
ITSELF: Final = "the controller"
ALONE: Final = Actor("controller")
CARRIES: Final = OPEN | {"promoted"}
"""States in which there are customers to be counted."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What the offline gates said of a version; `why` in words. `guards` are limits that its
    rollout alone has, by the names of the settings."""

    passed: bool
    why: str
    run: str = ""
    guards: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Controller:
    """`asks`: the shop asks its customers how content they are; `actor` is whom the audit names."""

    store: Store
    knobs: RolloutSettings = field(default_factory=RolloutSettings)
    clock: Clock = now
    asks: bool = False
    actor: Actor = ALONE

    def acting(self, actor: Actor) -> "Controller":
        return replace(self, actor=actor)

    async def current(self, shop: UUID) -> Rollout | None:
        since = self.clock() - timedelta(hours=self.knobs.watch_h)
        async with self.store.reading() as session:
            return await registry.current(session, shop, since)

    async def guard(self, shop: UUID) -> Move | None:
        """Looks at the last answers, and takes a candidate back at once; what it did."""
        rollout = await self.current(shop)
        if rollout is None:
            return None
        at, seen, knobs = (
            standing(rollout),
            await self.windows(rollout),
            within(self.knobs, rollout),
        )
        moves = (watched(at, *look, knobs) for look in seen)
        return await self._moved(rollout, next(filter(None, moves), None))

    async def windows(self, rollout: Rollout) -> tuple[Look, Look]:
        """The last minutes; and as far back as the candidate's last answers reach."""
        knobs, key = within(self.knobs, rollout), (rollout.shop_id, rollout.id, rollout.stage)
        since = max(rollout.stage_at, self.clock() - timedelta(seconds=knobs.window_s))
        async with self.store.lookup() as connection:
            seen = await observing.window(
                connection, key, since, knobs.window_answers, knobs.slow_ms
            )
        return looks(seen)

    async def course(self, rollout: Rollout) -> list[Difference]:
        """How the difference of the scores and its bounds have moved since the stage began."""
        key, pause = (
            (rollout.shop_id, rollout.id, rollout.stage),
            timedelta(hours=self.knobs.pause_h),
        )
        async with self.store.lookup() as connection:
            scores = await observing.scores(connection, key, pause, self.knobs.most)
        return course(scores, self.knobs.least)

    async def step(self, shop: UUID) -> Move | None:
        """Looks at everything since the stage began; what it did."""
        rollout = await self.current(shop)
        if rollout is None or rollout.state not in OPEN:
            return None
        at = standing(rollout)
        if at.state == "shadow":
            shown = await self.shadow(rollout)
            knobs = within(self.knobs, rollout)
            return await self._moved(rollout, after_shadow(at, shown, knobs, self.clock()))
        move, _ = await self.weighed(rollout)
        return await self._moved(rollout, move)

    async def shadow(self, rollout: Rollout) -> Shadowed:
        async with self.store.lookup() as connection:
            slow_ms = within(self.knobs, rollout).slow_ms
            seen = await shadows.shadowed(connection, rollout.shop_id, rollout.id, slow_ms)
        return Shadowed(**seen)

    async def weighed(self, rollout: Rollout) -> tuple[Move | None, Weighed]:
        knobs = within(self.knobs, rollout)
        async with self.store.lookup() as connection:
            seen = await observing.conversations(
                connection,
                (rollout.shop_id, rollout.id, rollout.stage),
                timedelta(hours=knobs.pause_h),
                timedelta(hours=knobs.recontact_h),
                self.clock(),
            )
        stats = Statistics(
            side_of(seen.get("control", {})), side_of(seen.get("canary", {})), self.asks
        )
        return judged(standing(rollout), stats, knobs, self.clock())

    async def start(
        self,
        version: ModelVersion,
        gate: Gate,
        by: str,
        percent: int | None,
        *,
        forced: bool,
        reason: str = "",
    ) -> Rollout:
        """`reason` is what a person says of it. Raises Refused."""
        if version.state in {"active", "shadow", "canary"}:
            raise Refused("the rollout was not started", f"{version.name} is {version.state}")
        move = begun(percent, gated=gate.passed, forced=forced, why=gate.why)
        move = replace(move, reason=reason or move.reason)
        shop = version.shop_id
        id_ = uuid5(version.id, f"rollout {self.clock().isoformat()}")
        async with self.store.transaction() as session:
            await registry.alone(session, shop)
            if await registry.opened(session, shop):
                raise Refused("the rollout was not started", "another one is under way")
            active = await registry.active_version(session, shop)
            before = active.id if active else None
            made = Rollout(
                shop_id=shop, id=id_, version_id=version.id, baseline_id=before, salt=id_.hex,
                state=move.to, gate=asdict(gate),
            )  # fmt: skip
            becomes = becoming(move.to, made, before)
            change = self._change(1, move, by, becomes, restage=False)
            await registry.begin(session, made, change)
        return made

    async def advance(
        self,
        rollout: Rollout,
        by: str,
        percent: int | None,
        reason: str = "",
        guards: Mapping[str, float] | None = None,
    ) -> Move:
        """Without `guards` it keeps those it has. Raises Refused."""
        if rollout.state not in OPEN:
            raise Refused("nothing was changed", f"the rollout is {rollout.state}")
        wanted = following(rollout.percent, self.knobs.steps) if percent is None else percent
        why = reason or f"to {wanted} % by hand"
        return await self._by_hand(rollout, replace(moved_to(wanted, why), guards=guards), by)

    async def limit(
        self, rollout: Rollout, by: str, guards: Mapping[str, float], reason: str = ""
    ) -> Move:
        """Other limits of its own, in the shadow too. Raises Refused."""
        return await self._by_hand(rollout, limited(standing(rollout), guards, reason), by)

    async def end(self, rollout: Rollout, to: State, by: str, reason: str) -> Move:
        """Raises Refused."""
        return await self._by_hand(rollout, ended(standing(rollout), to, reason), by)

    async def pause(self, rollout: Rollout, by: str, *, paused: bool) -> Move:
        """While it is paused nobody gets the candidate; afterwards it is counted anew."""
        at = standing(rollout)
        if at.state not in OPEN or at.paused == paused:
            word = "paused already" if at.paused else "not paused"
            raise Refused("nothing was changed", word if at.state in OPEN else at.state)
        reason = "paused by hand" if paused else "resumed by hand"
        return await self._by_hand(rollout, Move(at.state, at.percent, reason, paused=paused), by)

    async def _by_hand(self, rollout: Rollout, move: Move, by: str) -> Move:
        if await self._moved(rollout, move, by) is None:
            raise Refused("nothing was changed", "the rollout took a step of its own meanwhile")
        return move

    async def _moved(self, rollout: Rollout, move: Move | None, by: str = ITSELF) -> Move | None:
        """None where nothing was to be done, or somebody else did it first."""
        if move is None:
            return None
        restage = move.to == "promoted" or move.paused != rollout.paused
        restage = move.to in CARRIES and (restage or move.percent != rollout.percent)
        async with self.store.transaction() as session:
            active = await registry.active_version(session, rollout.shop_id)
            becomes = becoming(move.to, rollout, active.id if active else None)
            change = self._change(rollout.number + 1, move, by, becomes, restage=restage)
            if not await registry.move(session, rollout, change):
                return None
        log.info(
            "rollout.moved", rollout=str(rollout.id), to=move.to, percent=move.percent,
            reason=move.reason, by=by,
        )  # fmt: skip
        return move

    def _change(
        self, number: int, move: Move, by: str, becomes: Mapping[UUID, str], *, restage: bool
    ) -> Change:
        return Change(
            number, move.to, move.percent, move.paused, move.reason, move.evidence, by,
            self.actor, self.clock(), restage, becomes, move.guards,
        )  # fmt: skip
