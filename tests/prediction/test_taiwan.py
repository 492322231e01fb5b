"""Thirty thousand people who owed on a card (Yeh and Lien, 2009): what the models must reach."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prediction import directions, reading, sheets
from prediction.model import Model, decoded, encoded, factors, probabilities
from prediction.reading import Prepared, Wish
from prediction.table import Table
from prediction.training import train
from tests.conftest import ROOT
from tests.prediction.cases import AT

pytestmark = pytest.mark.timeout(300)  # thirty seconds of work, perhaps on a busy machine
TARGET = "default.payment.next.month"


@pytest.fixture(scope="module")
def given(shared_data: Path) -> Prepared:
    known = directions.read(ROOT / "examples/risk/credit-taiwan.toml")
    sheet = sheets.read(shared_data / "credit-taiwan" / "UCI_Credit_Card.csv")
    return reading.prepared(sheet, Wish(TARGET, directions=known))


@pytest.fixture(scope="module")
def model(given: Prepared) -> Model:
    return train(given.table, given.features, seed=0, at=AT)


def test_what_a_person_is_and_who_it_is_were_left_out(given: Prepared) -> None:
    assert {one.column: one.why for one in given.left_out} == {
        "ID": "identifies",
        "SEX": "protected",
        "MARRIAGE": "protected",
        "AGE": "protected",
    }


def test_trees_tell_apart_as_well_as_others_do_and_can_be_believed(model: Model) -> None:
    assert model.kind == "boosting"
    assert 8_900 < model.metrics.cases < 9_100
    assert model.metrics.auc.value >= 0.770
    assert model.metrics.ece <= 0.015


def test_a_scorecard_is_close_behind(given: Prepared) -> None:
    found = train(given.table, given.features, seed=0, at=AT, kind="scorecard")
    assert found.metrics.auc.value >= 0.755
    assert found.metrics.ece <= 0.025


def moved(table: Table, name: str, by: float) -> Table:
    return replace(table, features={**table.features, name: table.features[name] + by})


def test_more_of_what_is_risky_never_lowers_a_risk(given: Prepared, model: Model) -> None:
    table = given.table.rows(np.arange(0, 30_000, 15))
    before = probabilities(model, table)
    directed = [one for one in given.features if one.direction]
    assert len(directed) == 13
    for one in directed:
        for by in (1.0, 1_000.0):
            after = probabilities(model, moved(table, one.name, by))
            assert (one.direction * (after - before) >= -1e-12).all(), one.name


def test_factors_add_up_and_survive_being_written_down(given: Prepared, model: Model) -> None:
    table = given.table.rows(np.arange(200))
    again = decoded(encoded(model))
    assert factors(again, table) == factors(model, table)
    said = probabilities(model, table)
    sums = [sum(one.effect for one in why) for why in factors(model, table, 20)]
    base = np.log(said / (1 - said)) - np.array(sums)
    assert base.max() - base.min() < 1e-6
