"""How a candidate comes to answer everybody, or goes back. Pure: every transition is decided here.

shadow ──▶ canary 10 % ──▶ canary 50 % ──▶ promoted
   └────────────┴──────────────┴──────▶ rolled_back | inconclusive | stopped
                                  promoted ──▶ rolled_back
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from config.rollout import RolloutSettings
from learning.guards import Trip, Window, tripped
from learning.judging import Seen, Statistics, Weighed, weigh
from learning.sequential import at_least

State: TypeAlias = Literal[
    "shadow", "canary", "promoted", "rolled_back", "inconclusive", "stopped"
]  # fmt: skip
Variant: TypeAlias = Literal["control", "canary"]
OPEN: Final[frozenset[str]] = frozenset({"shadow", "canary"})
BECOMES: Final[Mapping[str, str]] = {
    "shadow": "shadow", "canary": "canary", "promoted": "active", "rolled_back": "withdrawn",
    "inconclusive": "candidate", "stopped": "candidate",
}  # fmt: skip
"""What a rollout's state makes of its version."""
ALL: Final = 100
MICROS: Final = 1_000_000
BUCKETS: Final = 10_000
UNLIKELY_SPLIT: Final = 0.001
UNLIKELY_FAULTS: Final = 0.05
SHADOW_FAULTS: Final = 0.05
"""A shadow whose answers are wrong more often than this stays one."""


class Refused(Exception):
    """A transition that nobody may make: `what` and `why`."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rollout is. `stage` counts its percentages, each with statistics of its own; `number`
    counts all its steps. `gated`: the candidate passed its offline gates."""

    state: State
    percent: int
    stage: int
    number: int
    paused: bool
    gated: bool
    began_at: datetime
    stage_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """`guards` are limits of its own from now on; None leaves those it has."""

    to: State
    percent: int
    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    paused: bool = False
    guards: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What the answers were like that nobody saw."""

    answers: int = 0
    failed: int = 0
    faulty: int = 0
    slow: int = 0
    invented: int = 0
    leaked: int = 0
    rude: int = 0
    cost_micros: int = 0

    @property
    def window(self) -> Window:
        return Window(
            self.answers, self.failed, self.slow, self.invented, self.leaked, self.rude
        )  # fmt: skip


def bucket(salt: str, customer: UUID) -> int:
    """Of 10,000; the same in every process, for as long as the salt is the rollout's."""
    digest = hmac.digest(salt.encode(), customer.bytes, "sha256")
    return int.from_bytes(digest[:8], "big") % BUCKETS


def side(salt: str, customer: UUID, percent: int) -> Variant:
    """Who gets the canary at 10 % gets it at 50 % too."""
    return "canary" if bucket(salt, customer) < percent * BUCKETS // ALL else "control"


def sampled(salt: str, reply: UUID, part: float) -> bool:
    """Whether a turn is one of those that the shadow answers too."""
    return bucket(salt, reply) < part * BUCKETS


def following(percent: int, steps: tuple[int, ...]) -> int:
    return next((step for step in (*steps, ALL) if step > percent), ALL)


def begun(percent: int | None, *, gated: bool, forced: bool, why: str) -> Move:
    """The first step: in the shadow, or by hand at a percentage. Raises Refused."""
    if not gated and not forced:
        raise Refused("the rollout was not started", f"the offline gates are not passed: {why}")
    if percent is None:
        return Move("shadow", 0, "started in the shadow")
    return moved_to(percent, "started by hand")


def moved_to(percent: int, reason: str) -> Move:
    """Raises Refused."""
    if not 1 <= percent <= ALL:
        raise Refused("nothing was changed", f"{percent} % is not between 1 and 100")
    return Move("promoted" if percent == ALL else "canary", percent, reason)


def limited(at: Standing, guards: Mapping[str, float], reason: str) -> Move:
    """Other limits, wherever it is: nobody who gets the candidate changes. Raises Refused."""
    if at.state not in OPEN:
        raise Refused("nothing was changed", f"the rollout is {at.state}")
    why = reason or "its limits were set by hand"
    return Move(at.state, at.percent, why, paused=at.paused, guards=guards)


def ended(at: Standing, to: State, reason: str) -> Move:
    """By hand. Raises Refused."""
    if at.state not in OPEN and not (at.state == "promoted" and to == "rolled_back"):
        raise Refused("nothing was changed", f"the rollout is {at.state}")
    return Move(to, 0, reason)


def watched(at: Standing, control: Window, canary: Window, knobs: RolloutSettings) -> Move | None:
    """Whether the last minutes take it back at once. Faults of a shadow harm nobody, and end it."""
    if at.state not in {"canary", "promoted"} or at.paused:
        return None
    trip = tripped(control, canary, knobs)
    return _back(trip) if trip else None


def _back(trip: Trip) -> Move:
    evidence = {"rail": trip.rail, "hits": trip.hits, "answers": trip.answers}
    return Move("rolled_back", 0, f"guard rail: {trip}", evidence)


def after_shadow(
    at: Standing, seen: Shadowed, knobs: RolloutSettings, now: datetime
) -> Move | None:
    """Back where its answers are bad, on when there are enough of them, and over when no more can
    be had."""
    if at.state != "shadow" or at.paused:
        return None
    if trip := tripped(Window(), seen.window, knobs):
        return _back(trip)
    wrong, evidence = seen.failed + seen.faulty, {"answers": seen.answers, "faulty": seen.faulty}
    if at_least(wrong, seen.answers, SHADOW_FAULTS) < UNLIKELY_FAULTS:
        return Move("rolled_back", 0, f"{wrong} of {seen.answers} shadow answers failed", evidence)
    return _out_of_the_shadow(at, seen, knobs, now) if knobs.automatic else None


def _out_of_the_shadow(
    at: Standing, seen: Shadowed, knobs: RolloutSettings, now: datetime
) -> Move | None:
    """With all its answers, or without them where no more can be had."""
    wrong = seen.failed + seen.faulty
    evidence = {"answers": seen.answers, "faulty": seen.faulty, "cost_micros": seen.cost_micros}
    if seen.answers >= knobs.shadow_answers:
        reason = f"{seen.answers} shadow answers, {wrong} of them wrong"
        return Move("canary", following(0, knobs.steps), reason, evidence)
    had = f"after {seen.answers} of {knobs.shadow_answers} shadow answers"
    if seen.cost_micros >= knobs.shadow_usd * MICROS:
        return Move("inconclusive", 0, f"its {knobs.shadow_usd:g} USD were spent {had}", evidence)
    if _late(at, knobs, now):
        return Move("inconclusive", 0, f"its {knobs.days:g} days were over {had}", evidence)
    return None


def judged(
    at: Standing, stats: Statistics, knobs: RolloutSettings, now: datetime
) -> tuple[Move | None, Weighed]:
    """What the customers of this stage decide, and the figures it rests on."""
    found = weigh(stats, at.percent, knobs)
    if at.state != "canary" or at.paused:
        return None, found
    if found.harms:
        named = ", ".join(found.harms)
        return Move("rolled_back", 0, f"worse in {named}", found.told()), found
    if not knobs.automatic:
        return None, found
    move = _forward(at, found, knobs)
    if move is None and (found.conversations >= knobs.most or _late(at, knobs, now)):
        reason = f"{_undecided(at, found)} in {found.conversations} conversations"
        move = Move("inconclusive", 0, reason, found.told())
    return move, found


def _late(at: Standing, knobs: RolloutSettings, now: datetime) -> bool:
    return now - at.began_at >= timedelta(days=knobs.days)


def _undecided(at: Standing, found: Weighed) -> str:
    if found.split < UNLIKELY_SPLIT:
        return "customers were not split as they should be"
    if not found.alike:
        return "one side's customers are heard of more often, so scores are not compared,"
    if found.not_worse and not at.gated:
        return "its offline gates are not passed, whatever was shown"
    if found.not_worse and found.csat and not found.csat.shown:
        if found.csat.missed:
            return f"its customers give fewer than {found.csat.limit:g} stars"
        return f"{found.csat.lacking} answers more were lacking to show {found.csat.limit:g} stars"
    return "nothing was shown"


def _forward(at: Standing, found: Weighed, knobs: RolloutSettings) -> Move | None:
    """The last step needs proof: not worse, gates passed, customers content, and split as they
    should be."""
    if found.seen is not Seen.ENOUGH or found.split < UNLIKELY_SPLIT:
        return None
    percent = following(at.percent, knobs.steps)
    if percent < ALL:
        reason = f"no harm in {found.conversations} conversations at {at.percent} %"
        return Move("canary", percent, reason, found.told())
    if not (at.gated and found.not_worse and found.alike and found.content):
        return None
    reason = f"not worse by {knobs.worse} in {found.conversations} conversations"
    return Move("promoted", ALL, reason, found.told())
