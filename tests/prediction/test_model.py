"""A model is data: written down and read again it says the same, to the last digit."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prediction import boosting
from prediction.errors import ColumnMissing, SchemaMismatch
from prediction.model import SCHEMA, Kind, Model, decoded, encoded, factors, probabilities
from prediction.sigmoid import calibrated, platt
from prediction.table import Table
from prediction.training import train
from tests.prediction.cases import AT, FEATURES, borrowers

KINDS: tuple[Kind, ...] = ("scorecard", "boosting")
NUMBER = st.none() | st.floats(-1e6, 1e6)
ROWS = st.lists(
    st.tuples(NUMBER, NUMBER, NUMBER, st.none() | st.sampled_from(["feria", "taxi", "otro"])),
    min_size=1,
    max_size=8,
)
Row = tuple[float | None, float | None, float | None, str | None]


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return {kind: train(borrowers(1200), FEATURES, seed=1, at=AT, kind=kind) for kind in KINDS}


def table_of(rows: list[Row]) -> Table:
    late, savings, debt, trade = zip(*rows, strict=True)
    numbers = {"late_months": late, "savings": savings, "debt": debt}
    return Table(
        {name: np.array(column, np.float64) for name, column in numbers.items()}
        | {"trade": np.array(trade, object)}
    )


@pytest.mark.parametrize("kind", KINDS)
@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_what_was_written_down_says_the_same(
    models: dict[str, Model], kind: str, rows: list[Row]
) -> None:
    model, table = models[kind], table_of(rows)
    again = decoded(json.loads(json.dumps(encoded(model))))
    assert np.abs(probabilities(again, table) - probabilities(model, table)).max() <= 1e-12
    assert factors(again, table) == factors(model, table)


@pytest.mark.parametrize("kind", KINDS)
@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_one_case_alone_is_told_what_it_is_told_among_others(
    models: dict[str, Model], kind: str, rows: list[Row]
) -> None:
    model, table = models[kind], table_of(rows)
    together = probabilities(model, table)
    for place in range(len(table)):
        one = table.rows([place])
        assert abs(float(probabilities(model, one)[0]) - float(together[place])) <= 1e-12
        assert factors(model, one)[0] == factors(model, table)[place]


@pytest.mark.parametrize("kind", KINDS)
@given(rows=ROWS, more=st.floats(0, 1e6))
@settings(max_examples=50, deadline=None)
def test_more_late_months_never_lower_a_risk_and_more_savings_never_raise_it(
    models: dict[str, Model], kind: str, rows: list[Row], more: float
) -> None:
    model, table = models[kind], table_of(rows)
    before = probabilities(model, table)
    for name, way in (("late_months", 1), ("savings", -1)):
        moved = replace(table, features={**table.features, name: table.features[name] + more})
        assert (way * (probabilities(model, moved) - before) >= -1e-12).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_factors_of_a_case_add_up_to_its_probability(
    models: dict[str, Model], kind: str
) -> None:
    model, table = models[kind], borrowers(50, seed=9)
    said = probabilities(model, table)
    rest = {
        round(float(np.log(one / (1 - one))) - sum(factor.effect for factor in why), 6)
        for one, why in zip(said, factors(model, table, len(FEATURES)), strict=True)
    }
    assert len(rest) == 1, "what is left is the base, the same for everybody"


def test_asking_again_parses_nothing(models: dict[str, Model]) -> None:
    trees = models["boosting"]
    again = decoded(json.loads(json.dumps(encoded(trees))))
    probabilities(again, borrowers(2))
    before = boosting.parsed.cache_info().misses
    for _ in range(3):
        probabilities(again, borrowers(2))
        factors(again, borrowers(2))
    probabilities(decoded(encoded(trees)), borrowers(2))
    assert boosting.parsed.cache_info().misses == before


def test_the_strongest_factors_come_first_and_no_more_than_wanted(models: dict[str, Model]) -> None:
    for why in factors(models["boosting"], borrowers(20, seed=3), 2):
        effects = [abs(one.effect) for one in why]
        assert effects == sorted(effects, reverse=True)
        assert 0 < len(why) <= 2


def test_a_value_that_is_not_known_is_none(models: dict[str, Model]) -> None:
    nobody = table_of([(None, None, None, None)])
    for model in models.values():
        assert {one.value for one in factors(model, nobody)[0]} <= {None}
        assert 0 < probabilities(model, nobody)[0] < 1


def test_a_column_that_is_missing_is_named(models: dict[str, Model]) -> None:
    table = borrowers(3)
    fewer = {name: column for name, column in table.features.items() if name != "debt"}
    for model in models.values():
        with pytest.raises(ColumnMissing, match="no column debt"):
            probabilities(model, Table(fewer))


def test_another_schema_is_refused_in_words(models: dict[str, Model]) -> None:
    told = encoded(models["scorecard"]) | {"schema": SCHEMA + 1}
    with pytest.raises(SchemaMismatch, match=f"schema {SCHEMA + 1}; this release reads {SCHEMA}"):
        decoded(told)
    with pytest.raises(SchemaMismatch, match="schema None"):
        decoded({})


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("scorecard", {"features": "none"}),
        ("scorecard", {"body": {"base": 1.0}}),
        ("boosting", {"body": {"trees": "no trees", "names": {"trade": ["taxi"]}}}),
        ("boosting", {"body": {"trees": 7, "names": {}}}),
    ],
)
def test_a_damaged_model_is_refused_and_kills_nobody(
    models: dict[str, Model], kind: str, damage: dict[str, object]
) -> None:
    with pytest.raises(SchemaMismatch, match="damaged"):
        probabilities(decoded(encoded(models[kind]) | damage), borrowers(2))


@given(
    st.lists(st.tuples(st.floats(-8, 8), st.booleans()), min_size=2, max_size=40),
    st.lists(st.floats(-8, 8), min_size=2, max_size=20, unique=True),
)
@settings(deadline=None)
def test_calibrating_keeps_the_order(cases: list[tuple[float, bool]], scores: list[float]) -> None:
    given_, bad = (np.array(column, np.float64) for column in zip(*cases, strict=True))
    ranked = np.sort(np.array(scores))
    assert (np.diff(calibrated(platt(given_, bad), ranked)) >= 0).all()


def test_calibrating_mends_scores_that_promise_too_much() -> None:
    random = np.random.default_rng(5)
    truth = random.normal(-1, 1, 20_000)
    bad = (random.random(20_000) < 1 / (1 + np.exp(-truth))).astype(float)
    found = platt(3 * truth + 1, bad)
    assert abs(found.slope - 1 / 3) < 0.02
    assert abs(found.shift + 1 / 3) < 0.05
