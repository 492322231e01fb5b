"""Gates decide on bounds: passed, failed, or so many cases more."""

import pytest

from evaluation.gates import Gate, at_least_right, at_most_wrong, macro_f1, quick, verdict_of
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
