"""How a new model comes to answer everybody: what is watched, for how long, within which bounds."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from config.manners import Section

PART: Final = 0.95
"""The quantile by which delays are told."""
FINE: Final = 200
"""Delays are known at so many equal parts of the answers, and at both ends."""


def _growing(steps: tuple[int, ...]) -> tuple[int, ...]:
    if not steps or list(steps) != sorted(set(steps)) or not 0 < steps[0] <= steps[-1] < 100:  # noqa: PLR2004  percent
        raise ValueError("steps grow, from 1 to 99")
    return steps


class RolloutSettings(Section):
    """Where `automatic`, a rollout takes its steps by itself; else it waits for `rollout advance`.

    In the shadow a candidate answers a `shadow_share` of turns, `shadow_answers` in all, for
    `shadow_usd` at most. A step needs `least` conversations of the candidate's; it ends undecided
    after `most` conversations or `days`. Its score may be worse by less than `worse`, and its
    conversations dearer by `cost_share` of what the others cost or by `cost_usd`, if that is more.

    A conversation ends with `pause_h` hours of silence; who is back within `recontact_h` hours
    was not helped. Where customers are asked how content they are, the candidate's have to give
    `csat` stars at least. Of the last `window_s`, or of its last `window_answers`, if those are
    more, `leaks` leaking answers, or `invented` amounts that are more than a share of `off_policy`,
    or more than a share of `errors`, or of `slow` ones (over `slow_ms`), take it back at once;
    `watch_h` hours after its end too.
    """

    automatic: bool = True
    every_s: float = Field(default=2.0, gt=0)
    shadow_share: float = Field(default=0.2, ge=0, le=1)
    shadow_answers: int = Field(default=50, ge=1)
    shadow_usd: float = Field(default=1.0, ge=0)
    shadow_at_once: int = Field(default=2, ge=1)
    steps: Annotated[tuple[int, ...], AfterValidator(_growing)] = (10, 50)
    least: int = Field(default=30, ge=2)
    most: int = Field(default=6000, ge=100)
    days: float = Field(default=28.0, gt=0)
    worse: float = Field(default=0.1, gt=0)
    cost_share: float = Field(default=0.2, ge=0)
    cost_usd: float = Field(default=0.002, ge=0)
    handover: float = Field(default=0.02, ge=0, lt=1)
    latency_share: float = Field(default=0.2, ge=0)
    latency_ms: int = Field(default=300, ge=0)
    pause_h: float = Field(default=6.0, gt=0)
    recontact_h: float = Field(default=72.0, gt=0)
    csat: float = Field(default=4.5, ge=0, lt=5)
    window_s: float = Field(default=600.0, gt=0)
    window_answers: int = Field(default=50, ge=1)
    leaks: int = Field(default=1, ge=1)
    invented: int = Field(default=2, ge=1)
    off_policy: float = Field(default=0.015, gt=0, lt=1)
    errors: float = Field(default=0.05, gt=0, lt=1)
    slow_ms: int = Field(default=3500, ge=1)
    slow: float = Field(default=0.05, gt=0, lt=1)
    watch_h: float = Field(default=24.0, ge=0)
