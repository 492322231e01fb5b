"""What features add by tables is what LightGBM works out case by case."""

from typing import Any

import numpy as np
import pytest

from prediction import boosting
from prediction.boosting import MANY, Boosted
from prediction.effects import DEEPEST, effects
from prediction.table import Numbers, Table
from tests.prediction.cases import FEATURES, borrowers

BAD, GOOD = 2.0, -1.0


def grown(table: Table) -> Boosted:
    bad = np.asarray(table.target, np.float64)
    return boosting.fit(table, FEATURES, bad, seed=5, trees=60)


def unknown_here_and_there(table: Table) -> Table:
    random, told = np.random.default_rng(2), dict(table.features)
    for name, column in told.items():
        here = random.random(len(table)) < 0.15
        told[name] = column.copy()
        told[name][here] = None if column.dtype == object else np.nan
    return Table(told, table.target)


def one_by_one(boosted: Boosted, table: Table) -> Numbers:
    """So few at a time that LightGBM is asked."""
    some = [table.rows(list(range(at, min(at + 100, len(table))))) for at in range(0, MANY, 100)]
    return np.vstack([boosting.contributions(boosted, one, FEATURES) for one in some])


@pytest.mark.parametrize("learned", [borrowers(1500), unknown_here_and_there(borrowers(1500))])
def test_many_cases_are_told_what_lightgbm_tells_of_each(learned: Table) -> None:
    boosted = grown(learned)
    assert boosting.effects_of(boosted.trees) is not None
    asked = unknown_here_and_there(borrowers(MANY, seed=8))
    together = boosting.contributions(boosted, asked, FEATURES)
    assert np.abs(together - one_by_one(boosted, asked)).max() < 1e-12
    said = boosting.scores(boosted, asked, FEATURES)
    assert np.abs(together.sum(axis=1) - said).max() < 1e-12


def leaf(value: float, count: int) -> dict[str, Any]:
    return {"leaf_value": value, "leaf_count": count}


def split(left: dict[str, Any], right: dict[str, Any], **changed: object) -> dict[str, Any]:
    count = sum(int(one.get("leaf_count", one.get("internal_count", 0))) for one in (left, right))
    return {
        "split_feature": 0, "threshold": 5.0, "decision_type": "<=", "default_left": True,
        "missing_type": "NaN", "internal_count": count, "left_child": left, "right_child": right,
    } | changed  # fmt: skip


def trees(*roots: dict[str, Any]) -> dict[str, Any]:
    return {"max_feature_idx": 20, "tree_info": [{"tree_structure": one} for one in roots]}


def test_one_question_adds_what_its_answer_is_worth() -> None:
    found = effects(trees(split(leaf(GOOD, 30), leaf(BAD, 10)), {"leaf_value": 0.5}))
    assert found is not None
    cases = np.full((3, 21), 0.0)
    cases[:, 0] = 5, 6, np.nan
    told = found.of(cases)
    usual = (30 * GOOD + 10 * BAD) / 40
    assert told[:, 0] == pytest.approx([GOOD - usual, BAD - usual, GOOD - usual])
    assert not told[:, 1:-1].any()
    assert told[:, -1] == pytest.approx([usual + 0.5] * 3)


def chain(length: int) -> dict[str, Any]:
    """Asks so many features one after the other."""
    node = leaf(BAD, 10)
    for place in range(length):
        node = split(leaf(GOOD, 10), node, split_feature=place)
    return node


def test_what_does_not_lend_itself_to_tables_is_left_to_lightgbm() -> None:
    assert effects(trees(chain(DEEPEST))) is not None
    assert effects(trees(chain(DEEPEST + 1))) is None
    assert effects(trees(split(leaf(GOOD, 3), leaf(BAD, 2), missing_type="Zero"))) is None
    assert effects(trees(split(leaf(GOOD, 0), leaf(BAD, 0)))) is None
