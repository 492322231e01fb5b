"""Tokens are estimated without a vocabulary."""

from hypothesis import given
from hypothesis import strategies as st

from text.tokens import budgeted, estimate


def test_words_digits_and_signs_cost_what_they_weigh() -> None:
    assert estimate("hola") == 1
    assert estimate("conversaciones") == 3
    assert estimate("123456") == 2
    assert estimate("¡hola!") == 3
    assert estimate("") == 0


@given(st.text())
def test_the_budget_is_never_below_the_estimate(text: str) -> None:
    assert estimate(text) <= budgeted(text) <= 1 + estimate(text) * 1.1
