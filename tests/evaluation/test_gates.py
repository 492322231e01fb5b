"""Gates decide on bounds: passed, failed, or so many cases more."""

from functools import cache

import numpy as np
import pytest

from config.evaluation import EvaluationSettings
from evaluation.assessing import Answered, Judged
from evaluation.bounds import needed
from evaluation.gates import (
    Gate,
    at_least_right,
    at_most_wrong,
    confidence_of,
    gates,
    macro_f1,
    passable,
    quick,
    verdict_of,
)
from evaluation.metrics import Figures, Row
from learning.measuring import Bounded


@pytest.mark.parametrize(
    ("wrong", "verdict", "more"),
    [
        ((0, 199), "passed", None),
        ((0, 60), "not_enough", 139),
        ((1, 60), "not_enough", 255),
        ((6, 60), "failed", None),
        ((0, 0), "not_enough", 199),
    ],
)
def test_a_share_of_faults(wrong: tuple[int, int], verdict: str, more: int | None) -> None:
    gate = at_most_wrong("off_policy", wrong, 0.015, 0.95)
    assert (gate.verdict, gate.more) == (verdict, more)


def test_a_figure_that_looks_good_is_not_enough() -> None:
    """95 of 100 are right, and 85 or so might be."""
    gate = at_least_right("slot_exact", (19, 20), 0.90, 0.95)
    assert gate.verdict == "not_enough"
    assert gate.value == 0.95
    assert gate.bound is not None
    assert gate.bound < 0.80
    assert at_least_right("slot_exact", (190, 200), 0.90, 0.95).verdict == "passed"
    assert at_least_right("slot_exact", (100, 200), 0.90, 0.95).verdict == "failed"


@pytest.mark.parametrize(
    ("times", "verdict", "more"),
    [
        ([900] * 59, "passed", None),
        ([900] * 58, "not_enough", 1),
        ([900] * 50 + [9000] * 20, "failed", None),
        ([], "not_enough", 59),
    ],
)
def test_speed_is_a_binomial_test(times: list[int], verdict: str, more: int | None) -> None:
    gate = quick("latency", times, 2.2, 0.95)
    assert (gate.verdict, gate.more) == (verdict, more)


def test_the_seconds_that_are_told_are_those_of_the_percentile() -> None:
    gate = quick("latency", [1000] * 99 + [9000], 2.2, 0.95)
    assert gate.value == 1.0


@pytest.mark.parametrize(
    ("found", "verdict", "more"),
    [
        (Bounded(0.95, 0.93, 0.97), "passed", None),
        (Bounded(0.80, 0.75, 0.85), "failed", None),
        (Bounded(0.94, 0.90, 0.97), "not_enough", 301),
        (Bounded(0.92, 0.90, 0.94), "not_enough", None),
        (None, "not_enough", None),
    ],
)
def test_macro_f1(found: Bounded | None, verdict: str, more: int | None) -> None:
    gate = macro_f1("intent_f1", found, 100, 0.92, 0.95)
    assert (gate.verdict, gate.more) == (verdict, more)


@pytest.mark.parametrize(
    ("cases", "verdict", "more"),
    [(3, "not_enough", 33), (35, "not_enough", 1), (36, "passed", None)],
)
def test_a_few_that_are_all_right_pass_nothing(cases: int, verdict: str, more: int | None) -> None:
    """A bootstrap of them knows no other outcome."""
    gate = macro_f1("intent_f1", Bounded(1.0, 1.0, 1.0), cases, 0.92, 0.95)
    assert (gate.verdict, gate.more) == (verdict, more)


def test_one_failure_fails_them_all_and_one_gap_leaves_them_open() -> None:
    passed, failed, open_ = (Gate("x", 1, verdict, 1) for verdict in
                             ("passed", "failed", "not_enough"))  # fmt: skip
    assert verdict_of([passed, open_, failed]) == "failed"
    assert verdict_of([passed, open_]) == "not_enough"
    assert verdict_of([passed]) == "passed"
    assert verdict_of([]) == "not_enough"


def test_all_evaluations_of_a_version_share_one_risk() -> None:
    risks = [1 - confidence_of(attempt, 0.95) for attempt in range(1, 10_000)]
    assert risks == sorted(risks, reverse=True)
    assert 0.0499 < sum(risks) < 0.05


MOST = 0.015
BORDER = 0.0151
"""A model that is only just not good enough: what is hardest to tell from a good one."""


@cache
def passes(faults: int, sure: float) -> bool:
    return at_most_wrong("off_policy", (faults, 600), MOST, sure).verdict == "passed"


@pytest.mark.parametrize(("spends", "least", "most"), [(True, 0.01, 0.05), (False, 0.3, 1.0)])
def test_insisting_does_not_make_a_bad_model_pass(
    spends: bool,  # noqa: FBT001  given by the table
    least: float,
    most: float,
) -> None:
    """Somebody evaluates twenty times, or until it passes: two thousand such people. Where nothing
    is spent, a third of them have their way and more."""
    sure = [confidence_of(attempt, 0.95) if spends else 0.95 for attempt in range(1, 21)]
    seen = np.random.default_rng(7).binomial(600, BORDER, (2_000, 20))
    lucky = [any(map(passes, map(int, faults), sure)) for faults in seen]
    assert least < sum(lucky) / len(lucky) < most


def figures(answers: int, golden: int, wrong: int = 0) -> Figures:
    """Everything else is right."""
    quickly = Answered(said=("sí",), searched=True, latency_ms=300)
    rows = tuple(
        Row(str(place), place < golden, quickly, Judged(("rude",) if place < wrong else ()))
        for place in range(answers)
    )
    return Figures(rows, Bounded(1.0, 1.0, 1.0), {}, 300, (300, 300))


def test_an_evaluation_that_could_not_pass_has_spent_nothing() -> None:
    """What was answered decides nothing: a bad one that could have passed is spent."""
    knobs = EvaluationSettings()
    assert passable(figures(232, 20).counts, knobs, 1)
    assert passable(figures(232, 20, wrong=20).counts, knobs, 1)
    assert not passable(figures(231, 20).counts, knobs, 1)
    assert not passable(figures(232, 20).counts, knobs, 2)
    assert not passable(figures(232, 15).counts, knobs, 1)


def test_how_many_more_cases_is_told_for_the_evaluation_that_comes_next() -> None:
    """After one that could have passed, the next needs more of them."""
    knobs = EvaluationSettings()
    short = {gate.name: gate.more for gate in gates(figures(200, 20), knobs)}
    assert short["off_policy"] == 32
    spent = {gate.name: gate.more for gate in gates(figures(240, 20, wrong=1), knobs)}
    assert spent["off_policy"] == (needed(1, 240, MOST, confidence_of(2, 0.95)) or 0) - 240
