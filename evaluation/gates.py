"""Whether a model is good enough to answer customers: decided on bounds, never on points.

A gate passes when its bound keeps the limit, fails when the other bound shows that it is broken,
and else says how many more cases would decide it.

Whoever evaluates the same version until chance lets it pass has proved nothing. So all evaluations
of it on one golden set share one risk of a false pass: the k-th may take 6/(pi^2 k^2) of it, and
these parts add up to the whole (Bonferroni over attempts, spent one after the other: K. K. G. Lan
and D. L. DeMets, Biometrika 70(3), 1983). Halves would add up too, but the twentieth would ask for
what no number of cases shows.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from config.evaluation import EvaluationSettings
from evaluation.bounds import at_least, at_most, needed
from evaluation.metrics import Counts, Figures
from learning.measuring import Bounded

Verdict: TypeAlias = Literal["passed", "failed", "not_enough"]

SLOW: Final = 0.05
"""A 95th percentile keeps a limit when at most this share is slower."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`value` is what was seen in `cases`, `bound` what it surely is; `more` cases would decide."""

    name: str
    limit: float
    verdict: Verdict
    cases: int
    value: float | None = None
    bound: float | None = None
    more: int | None = None

    def told(self) -> dict[str, Any]:
        return asdict(self)


def confidence_of(attempt: int, overall: float) -> float:
    """How sure the `attempt`-th one has to be, that all together are as sure as `overall`."""
    return 1 - (1 - overall) * 6 / (math.pi * attempt) ** 2


def passable(counts: Counts, knobs: EvaluationSettings, attempt: int) -> bool:
    """Whether so many cases pass where every answer is right. An evaluation that could not pass,
    whatever was answered, has spent nothing; what was answered must not decide that."""
    sure = confidence_of(attempt, knobs.confidence)
    asked = (
        (counts.labelled, 1 - knobs.intent_f1),
        (counts.slots, 1 - knobs.slot_exact),
        (counts.answers, knobs.off_policy),
        (counts.golden, 1 - knobs.correct),
    )
    return all(cases >= (needed(0, 0, limit, sure) or math.inf) for cases, limit in asked)


def gates(figures: Figures, knobs: EvaluationSettings, attempt: int = 1) -> list[Gate]:
    """`more` cases are as many as the next evaluation needs, which may have to be surer."""
    following = attempt + passable(figures.counts, knobs, attempt)
    found, later = (
        _judged(figures, knobs, confidence_of(which, knobs.confidence))
        for which in (attempt, following)
    )
    return [
        replace(gate, more=then.more) if gate.verdict == "not_enough" else gate
        for gate, then in zip(found, later, strict=True)
    ]


def _judged(figures: Figures, knobs: EvaluationSettings, sure: float) -> list[Gate]:
    searched, plain = figures.latencies(searched=True), figures.latencies(searched=False)
    return [
        macro_f1("intent_f1", figures.intent_f1, figures.labelled, knobs.intent_f1, sure),
        at_least_right("slot_exact", figures.slots, knobs.slot_exact, sure),
        at_most_wrong("off_policy", figures.off_policy, knobs.off_policy, sure),
        at_least_right("correct", figures.correct, knobs.correct, sure),
        quick("latency_rag", searched, knobs.latency_rag_s, sure),
        quick("latency", plain, knobs.latency_s, sure),
    ]


def verdict_of(found: Sequence[Gate]) -> Verdict:
    verdicts = {one.verdict for one in found}
    if "failed" in verdicts:
        return "failed"
    return "not_enough" if "not_enough" in verdicts or not found else "passed"


def at_most_wrong(name: str, wrong: tuple[int, int], limit: float, sure: float) -> Gate:
    """`wrong` are the faults, and of how many cases."""
    faults, of = wrong
    if of == 0:
        more = needed(0, 0, limit, sure)
        return Gate(name, limit, "not_enough", 0, more=more)
    bound, more = at_most(faults, of, sure), None
    verdict: Verdict = "passed" if bound <= limit else "not_enough"
    if verdict != "passed" and at_least(faults, of, sure) > limit:
        verdict, bound = "failed", at_least(faults, of, sure)
    if verdict == "not_enough":
        enough = needed(faults, of, limit, sure)
        more = None if enough is None else max(enough - of, 1)
    return Gate(name, limit, verdict, of, _short(faults / of), _short(bound), more)


def at_least_right(name: str, right: tuple[int, int], limit: float, sure: float) -> Gate:
    """`right` are the hits, and of how many cases."""
    hits, of = right
    mirrored = at_most_wrong(name, (of - hits, of), 1 - limit, sure)
    value = None if mirrored.value is None else _short(1 - mirrored.value)
    bound = None if mirrored.bound is None else _short(1 - mirrored.bound)
    return Gate(name, limit, mirrored.verdict, of, value, bound, mirrored.more)


def quick(name: str, times_ms: Sequence[int], limit_s: float, sure: float) -> Gate:
    """A binomial test of the share that is slower: 59 quick answers in a row show it at 95 %.

    `value` and `limit` are seconds at the 95th percentile, `bound` is the share that is slower.
    """
    slow = sum(time > limit_s * 1000 for time in times_ms)
    share = at_most_wrong(name, (slow, len(times_ms)), SLOW, sure)
    seen = percentile(times_ms, 1 - SLOW)
    value = None if seen is None else round(seen / 1000, 3)
    return Gate(name, limit_s, share.verdict, share.cases, value, share.bound, share.more)


def macro_f1(name: str, found: Bounded | None, cases: int, limit: float, sure: float) -> Gate:
    """Bounds of a bootstrap in which copies are drawn together; they close with the root of n.

    What is drawn from a few that are all right is all right: it takes as many cases, copies counted
    once, as would show that no more are wrong than the limit allows."""
    if found is None:
        return Gate(name, limit, "not_enough", cases)
    if found.low >= limit:
        lacking = (needed(0, 0, 1 - limit, sure) or 0) - cases
        if lacking > 0:
            return Gate(name, limit, "not_enough", cases, found.value, found.low, lacking)
        return Gate(name, limit, "passed", cases, found.value, found.low)
    if found.high < limit:
        return Gate(name, limit, "failed", cases, found.value, found.high)
    gap = abs(found.value - limit)
    open_ = found.value - found.low if found.value >= limit else found.high - found.value
    more = math.ceil(cases * ((open_ / gap) ** 2 - 1)) if gap else None
    told = None if more is None else max(more, 1)
    return Gate(name, limit, "not_enough", cases, found.value, found.low, told)


def percentile(times: Sequence[int], share: float) -> float | None:
    """The value that so many do not pass; None of nothing."""
    if not times:
        return None
    ordered = sorted(times)
    return float(ordered[max(math.ceil(share * len(ordered)) - 1, 0)])


def _short(share: float) -> float:
    return round(share, 4)
