"""One way to train: by the number of cases, on what was before, measured on what came later."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prediction.errors import (
    BadDates,
    BoosterMissing,
    NothingToLearn,
    OneClass,
    RiskError,
    TooFewRows,
)
from prediction.model import Model, encoded, probabilities
from prediction.splits import folds_of, split_of
from prediction.table import Table
from prediction.training import STEPS, train
from tests.conftest import ROOT
from tests.prediction.cases import AT, FEATURES, borrowers

ABSENT = "sys.modules['lightgbm'] = None"
BROKEN = """
class Broken:
    def find_spec(self, name, *_):
        if name == "lightgbm":
            raise OSError("libgomp.so.1: cannot open shared object file")
sys.meta_path.insert(0, Broken())
"""
WITHOUT = """
import json
from pathlib import Path
from prediction.errors import BoosterMissing
from prediction.model import decoded, probabilities
from prediction.training import train
from tests.prediction.cases import AT, FEATURES, borrowers
model = train(borrowers(1200), FEATURES, seed=1, at=AT)
print(model.kind, model.notes[0].english)
trees = decoded(json.loads(Path(sys.argv[1]).read_text()))
for ask in (
    lambda: train(borrowers(1200), FEATURES, seed=1, at=AT, kind="boosting"),
    lambda: probabilities(trees, borrowers(1)),
):
    try:
        ask()
    except BoosterMissing as error:
        print(error)
"""


@pytest.fixture(scope="module")
def small() -> Model:
    return train(borrowers(600), FEATURES, seed=1, at=AT)


@pytest.fixture(scope="module")
def large() -> Model:
    return train(borrowers(3000, days=200), FEATURES, seed=1, at=AT)


def test_few_cases_make_a_scorecard_and_many_make_trees(small: Model, large: Model) -> None:
    assert small.kind == "scorecard"
    assert large.kind == "boosting"


def test_both_find_who_does_not_pay_among_those_they_never_saw(small: Model, large: Model) -> None:
    for model in (small, large):
        assert model.metrics.auc.value > 0.7
        assert model.metrics.auc.low < model.metrics.auc.value < model.metrics.auc.high
        assert model.metrics.cases == model.counts.held_out


def test_the_same_cases_and_seed_give_the_same_model(small: Model) -> None:
    again = train(borrowers(600), FEATURES, seed=1, at=AT)
    assert encoded(again) == encoded(small)
    trees = [train(borrowers(1000), FEATURES, seed=2, at=AT, kind="boosting") for _ in range(2)]
    assert encoded(trees[0]) == encoded(trees[1])


def test_what_is_measured_came_after_all_that_was_learned(large: Model) -> None:
    table = borrowers(3000, days=200)
    assert table.dates is not None
    assert large.period.cut == large.metrics.first
    before = table.dates < np.datetime64(large.period.cut)
    assert large.counts.trained == before.sum()
    assert 0.25 < large.counts.held_out / len(table) < 0.35


def test_no_day_stands_on_both_sides() -> None:
    table = borrowers(500, days=7)
    assert table.dates is not None
    assert table.target is not None
    split = split_of(table, table.target, 0)
    assert not set(table.dates[split.learned].tolist()) & set(table.dates[split.held].tolist())


def test_an_outcome_known_only_later_teaches_nothing() -> None:
    table = borrowers(2000, days=100)
    assert table.dates is not None
    model = train(replace(table, known=table.dates + 30), FEATURES, seed=1, at=AT, kind="scorecard")
    cut = np.datetime64(model.period.cut)
    assert model.counts.trained == (table.dates + 30 < cut).sum()
    assert model.counts.purged == ((table.dates < cut) & (table.dates + 30 >= cut)).sum() > 0
    assert [note.about for note in model.notes] == ["purged"]


def test_a_group_stands_in_one_fold_alone_and_both_classes_in_each() -> None:
    table = borrowers(900)
    assert table.target is not None
    groups = np.repeat(np.arange(300), 3)
    for held in folds_of(table.target, groups, seed=4):
        assert not set(groups[held].tolist()) & set(groups[~held].tolist())
        assert 0 < table.target[held].sum() < held.sum()


def test_without_days_a_third_is_drawn_with_its_share_of_both_classes() -> None:
    table = borrowers(1000)
    assert table.target is not None
    split = split_of(table, table.target, 0)
    assert abs(split.held.mean() - 0.3) < 0.01
    assert abs(table.target[split.held].mean() - table.target.mean()) < 0.01


def test_every_step_is_told() -> None:
    told: list[tuple[int, int]] = []
    for kind in ("scorecard", "boosting"):
        told.clear()
        train(
            borrowers(300), FEATURES, seed=1, at=AT, kind=kind, tell=lambda *one: told.append(one)
        )
        assert told == [(step, STEPS) for step in range(1, STEPS + 1)]


@pytest.mark.parametrize(
    ("how", "words"), [(ABSENT, "is not installed"), (BROKEN, "cannot be loaded (libgomp")]
)
def test_without_lightgbm_many_cases_make_a_scorecard_that_says_so(
    how: str, words: str, large: Model, tmp_path: Path
) -> None:
    (tmp_path / "model.json").write_text(json.dumps(encoded(large)))
    command = [sys.executable, "-c", f"import sys\n{how}{WITHOUT}", str(tmp_path / "model.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=200)
    trained, grown, asked = done.stdout.decode().splitlines()
    assert trained.startswith("scorecard LightGBM")
    assert grown.startswith("No trees can be grown here")
    assert asked.startswith("This model needs boosted trees")
    for told in (trained, grown, asked):
        assert words in told
        assert "requirements-risk.txt" in told


def everybody(table: Table, outcome: int) -> Table:
    return replace(table, target=np.full(len(table), outcome, np.int8))


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        (borrowers(60), TooFewRows, "60 cases"),
        (everybody(borrowers(300), 1), OneClass, "all 300 cases went bad"),
        (everybody(borrowers(300), 0), OneClass, "all 300 cases went well"),
        (borrowers(300, days=1), BadDates, "All cases are of 2025-01-01"),
        (replace(borrowers(300), target=None), TooFewRows, "no case has an outcome"),
    ],
)
def test_what_cannot_be_learned_is_refused_in_words(
    table: Table, error: type[RiskError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        train(table, FEATURES, seed=1, at=AT)
    assert caught.value.hint


def test_without_a_column_there_is_nothing_to_learn_from() -> None:
    with pytest.raises(NothingToLearn, match="no column is left"):
        train(borrowers(300), (), seed=1, at=AT)


def test_a_later_part_in_which_everybody_paid_is_refused() -> None:
    table = borrowers(400, days=50)
    assert table.target is not None
    assert table.dates is not None
    late = table.dates > np.datetime64("2025-01-30")
    with pytest.raises(TooFewRows, match="too little to measure on"):
        train(replace(table, target=np.where(late, 0, table.target)), FEATURES, seed=1, at=AT)


def test_a_note_stands_in_what_is_written_down(large: Model) -> None:
    assert json.loads(json.dumps(encoded(large)))["notes"] == []
    assert issubclass(BoosterMissing, RiskError)
    assert len(probabilities(large, borrowers(5))) == 5
