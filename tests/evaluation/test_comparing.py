"""Two evaluations side by side: a difference, and whether it is sure."""

from evaluation.comparing import paired


def test_a_clear_difference_is_sure() -> None:
    first = {f"case{n}": 0.0 for n in range(40)}
    second = {name: 100.0 if n % 4 else 0.0 for n, name in enumerate(first)}
    gap = paired(first, second)
    assert gap is not None
    assert (gap.cases, gap.better, gap.worse, gap.sure) == (40, 30, 0, "more")
    assert gap.mean.low < 75 < gap.mean.high
    back = paired(second, first)
    assert back is not None
    assert back.sure == "less"


def test_a_small_one_among_few_is_not() -> None:
    first = {"a": 0.0, "b": 100.0, "c": 100.0, "d": 0.0}
    gap = paired(first, first | {"a": 100.0, "b": 0.0})
    assert gap is not None
    assert gap.sure == ""
    assert gap.told()["value"] == 0.0


def test_only_cases_that_both_had_are_compared() -> None:
    gap = paired({"a": 1.0, "b": 1.0}, {"b": 3.0, "c": 9.0})
    assert gap is not None
    assert (gap.cases, gap.mean.value) == (1, 2.0)
    assert paired({"a": 1.0}, {"b": 1.0}) is None
