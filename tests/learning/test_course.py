"""A confidence sequence over time is, at its end, the one that the rollout decides by."""

import numpy as np

from learning.course import POINTS, course
from learning.sequential import ALPHA, Sample, difference


def drawn(count: int) -> list[tuple[str, float]]:
    dice = np.random.default_rng(7)
    sides, scores = dice.choice(["control", "canary"], count), dice.integers(1, 6, count)
    return [(str(side), float(score)) for side, score in zip(sides, scores, strict=True)]


def sample(scores: list[tuple[str, float]], side: str) -> Sample:
    mine = [score for name, score in scores if name == side]
    mean = sum(mine) / len(mine)
    spread = sum((one - mean) ** 2 for one in mine) / (len(mine) - 1)
    return Sample(len(mine), mean, spread)


def test_its_last_point_is_what_all_conversations_say() -> None:
    scores = drawn(777)
    last = course(scores, 30)[-1]
    wanted = difference(sample(scores, "control"), sample(scores, "canary"), ALPHA, 30)

    assert wanted is not None
    assert last.count == 777
    assert abs(last.value - wanted.value) < 1e-9
    assert abs(last.low - wanted.low) < 1e-9


def test_it_has_few_points_whatever_it_is_of() -> None:
    assert len(course(drawn(6000), 30)) <= POINTS + 1


def test_it_begins_when_both_sides_have_enough() -> None:
    scores = drawn(200)
    assert course(scores[:20], 30) == []
    assert min(one.count for one in course(scores, 30)) >= 60
