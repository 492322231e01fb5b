"""What a stage's conversations say of its candidate: worse, not worse, or not enough yet. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from config.rollout import FINE, PART, RolloutSettings
from learning.contentment import Contentment, contentment
from learning.delays import later
from learning.delays import variance as variance_of
from learning.sequential import (
    ALPHA,
    OF_OTHERS,
    OF_SCORE,
    Difference,
    Sample,
    difference,
    odds_of_split,
)

SHARES: Final = ("recontact", "handover")
METRICS: Final = ("score", *SHARES, "cost", "delay")
HEARD: Final = "heard"
"""Whether a score is heard of a conversation: stars are voluntary, and so is all that tells it."""
SAMPLED: Final = ("score", *SHARES, "cost", HEARD)
"""Seen in each conversation, with a mean and a variance; delays are answers', and have a p95."""
UNLIKE: Final = 0.05
"""By so much the shares of those who are heard may differ, where the scores are compared."""


class Seen(Enum):
    """`TOO_FEW` conversations of the candidate's have a score, or too few customers had them: no
    step forward may be had of them."""

    TOO_FEW = "too few"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a stage: a sample for each of SAMPLED and METRICS, all its conversations, its
    customers; how often those who were asked how content they are gave one star, two, up to five;
    and its delays in milliseconds, from the shortest to the longest, at equal parts."""

    conversations: int = 0
    customers: int = 0
    samples: Mapping[str, Sample] = field(default_factory=dict)
    stars: Sequence[int] = (0, 0, 0, 0, 0)
    delays: Sequence[float] = ()

    def of(self, metric: str) -> Sample:
        return self.samples.get(metric, Sample())


def side_of(seen: Mapping[str, Any]) -> Side:
    """As it was counted: of each of SAMPLED its `_n`, `_mean` and `_var`, and the delays."""
    if not seen:
        return Side()
    samples = {
        metric: Sample(
            seen[f"{metric}_n"], seen[f"{metric}_mean"] or 0.0, seen[f"{metric}_var"] or 0.0
        )
        for metric in SAMPLED
    }
    delays = tuple(map(float, seen["delays"]))
    spread = variance_of(seen["delay_spread"], seen["delay_answers"])
    samples["delay"] = Sample(seen["delay_n"], delays[round(PART * FINE)], spread)
    return Side(seen["conversations"], seen["customers"], samples, tuple(seen["stars"]), delays)


@dataclass(frozen=True, slots=True)
class Statistics:
    """`asked`: customers are asked how content they are."""

    control: Side = field(default_factory=Side)
    canary: Side = field(default_factory=Side)
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """`harms` are the metrics in which the candidate is shown to be worse; `allowed` is how much
    each may differ before that counts; `split` is how likely the customers' split is. `heard` is
    how much more often the candidate's customers are heard of; `csat` how content they said to be,
    where they are asked."""

    seen: Seen
    conversations: int
    differences: Mapping[str, Difference | None]
    allowed: Mapping[str, float]
    harms: tuple[str, ...]
    not_worse: bool
    split: float
    statistics: Statistics
    heard: Difference | None = None
    csat: Contentment | None = None

    @property
    def content(self) -> bool:
        return self.csat is None or self.csat.shown

    @property
    def alike(self) -> bool:
        """Whether scores are of the same kind of customers on both sides, as far as is shown: a
        candidate that silences those who are not content has the better scores."""
        found = self.heard
        return found is None or (found.low <= UNLIKE and found.high >= -UNLIKE)

    def told(self) -> dict[str, Any]:
        """As a step keeps it, for whoever asks later why."""
        return {
            "conversations": self.conversations,
            "split_p": round(self.split, 6),
            "not_worse": self.not_worse,
            "heard_alike": self.alike,
            "harms": list(self.harms),
            "csat": self.csat and self.csat.told(),
            "metrics": {
                metric: found
                and {
                    "difference": round(found.value, 6),
                    "low": round(found.low, 6),
                    "high": None if found.is_open else round(found.high, 6),
                    "control": self._counted(self.statistics.control, metric),
                    "canary": self._counted(self.statistics.canary, metric),
                }
                for metric, found in self.differences.items()
            },
        }

    def _counted(self, one: Side, metric: str) -> dict[str, float]:
        sample = one.of(metric)
        return {"count": sample.count, "mean": round(sample.mean, 6)}


def weigh(stats: Statistics, percent: int, knobs: RolloutSettings) -> Weighed:
    control, canary = stats.control, stats.canary
    found, allowed = differences(control, canary, knobs.least), allowance(control, knobs)
    shown = difference(control.of("score"), canary.of("score"), ALPHA, knobs.least)
    return Weighed(
        seen=Seen.TOO_FEW if shown is None or canary.customers < knobs.least else Seen.ENOUGH,
        conversations=control.conversations + canary.conversations,
        differences=found,
        allowed=allowed,
        harms=tuple(name for name, one in found.items() if one and _harms(name, one, allowed)),
        not_worse=shown is not None and shown.low > -knobs.worse,
        split=odds_of_split(control.customers, canary.customers, percent),
        statistics=stats,
        heard=difference(control.of(HEARD), canary.of(HEARD), ALPHA, knobs.least),
        csat=contentment(canary.stars, knobs.csat, knobs.least)
        if stats.asked and knobs.csat
        else None,
    )


def differences(control: Side, canary: Side, least: int) -> dict[str, Difference | None]:
    """Of each metric, with its part of the risk."""
    found = {
        metric: difference(control.of(metric), canary.of(metric), risk_of(metric), least)
        for metric in METRICS
    }
    delay = later(control.of("delay"), canary.of("delay"), canary.delays, OF_OTHERS, least)
    return found | {"delay": delay}


def risk_of(metric: str) -> float:
    return OF_SCORE if metric == "score" else OF_OTHERS


def allowance(control: Side, knobs: RolloutSettings) -> dict[str, float]:
    """By how much the candidate may be worse in each metric: points, shares, micros, ms."""
    return {
        "score": 0.0,
        "recontact": 0.0,
        "handover": knobs.handover,
        "cost": max(knobs.cost_share * control.of("cost").mean, knobs.cost_usd * 1_000_000),
        "delay": max(knobs.latency_share * control.of("delay").mean, knobs.latency_ms),
    }


def _harms(metric: str, found: Difference, allowed: Mapping[str, float]) -> bool:
    """A low score is bad; everything else is bad when it is high."""
    if metric == "score":
        return found.high < -allowed[metric]
    return found.low > allowed[metric]
