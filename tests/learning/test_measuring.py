"""Figures about guesses, and how far a few hundred messages can vouch for them."""

import numpy as np
import pytest

from learning.measuring import Guess, calibration_error, drawn, report

INTENTS = ("envio", "pago")


def guesses(right: int, wrong: int, likely: float = 0.9) -> list[Guess]:
    hits = [Guess(INTENTS[place % 2], INTENTS[place % 2], likely, place) for place in range(right)]
    misses = [Guess("envio", "pago", likely, right + place) for place in range(wrong)]
    return hits + misses


def test_everything_right_is_one_within_bounds_of_one() -> None:
    assert report(guesses(50, 0), INTENTS)["macro_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_bounds_are_wider_with_fewer_messages() -> None:
    few, many = (report(guesses(9 * n, n), INTENTS)["macro_f1"] for n in (5, 100))

    assert few["low"] < few["value"] < few["high"]
    assert few["high"] - few["low"] > 2 * (many["high"] - many["low"])


def test_copies_are_no_evidence_of_their_own() -> None:
    apart = guesses(90, 10)
    copied = [Guess(one.wanted, one.found, 0.9, one.group // 10) for one in apart]
    bounds = [report(rows, INTENTS)["accuracy"] for rows in (apart, copied)]

    assert bounds[1]["high"] - bounds[1]["low"] > bounds[0]["high"] - bounds[0]["low"]


def test_macro_f1_is_that_of_the_book() -> None:
    """envio: 2 right of 3 wanted, 2 found; pago: 2 right of 2 wanted, 3 found."""
    found = report(guesses(4, 1), INTENTS)

    assert found["f1"]["envio"]["value"] == pytest.approx(0.8)
    assert found["f1"]["pago"]["value"] == pytest.approx(0.8)
    assert found["confusion"] == {"envio": {"envio": 2, "pago": 1}, "pago": {"pago": 2}}


def test_what_is_wanted_outside_the_intents_costs_whom_it_is_taken_for() -> None:
    right = guesses(10, 0)
    claimed = [Guess("general", "pago", 0.5, 100 + place) for place in range(10)]

    assert report([*right, *claimed], INTENTS)["f1"]["pago"]["value"] == 0.5


def test_nine_of_ten_at_nine_tenths_is_calibrated() -> None:
    likely, right = np.full(10, 0.9), np.array([1.0] * 9 + [0.0])

    assert calibration_error(likely, right) == pytest.approx(0)
    assert calibration_error(likely, np.zeros(10)) == pytest.approx(0.9)


def test_a_group_is_drawn_as_a_whole() -> None:
    for rows in drawn([7, 7, 7, 3])[:50]:
        seen = rows.tolist()
        assert seen.count(0) == seen.count(1) == seen.count(2)
