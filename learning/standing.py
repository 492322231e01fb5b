"""Where a rollout's row stands, and what its steps make of versions. Pure."""

from typing import Any
from uuid import UUID

from config.rollout import RolloutSettings
from learning.rollout import BECOMES, Standing, State
from store.rollouts import Rollout


def guards_of(rollout: Rollout) -> dict[str, float]:
    """Limits that are its own."""
    return dict(rollout.gate.get("guards") or {})


def within(knobs: RolloutSettings, rollout: Rollout) -> RolloutSettings:
    """The settings, with its own limits."""
    return knobs.model_copy(update=guards_of(rollout))


def standing(rollout: Rollout) -> Standing:
    gated = bool(rollout.gate.get("passed"))
    state: Any = rollout.state
    return Standing(
        state, rollout.percent, rollout.stage, rollout.number, rollout.paused, gated,
        rollout.began_at, rollout.stage_at,
    )  # fmt: skip


def becoming(to: State, rollout: Rollout, active: UUID | None) -> dict[UUID, str]:
    """A version that is promoted takes the active one's place; one that is taken back afterwards
    gives it back."""
    version, states = rollout.version_id, dict[UUID, str]()
    if to == "promoted" and active is not None and active != version:
        states[active] = "retired"
    if rollout.state == "promoted" and rollout.baseline_id is not None and active == version:
        states[rollout.baseline_id] = "active"
    return states | {version: BECOMES[to]}
