"""Personal data leave a text, and nothing else does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.privacy import scrub

FRAGMENTS = st.sampled_from(
    [
        "mi rut es ", "12.345.678-5", "12345678-5", "[RUT_1]", "[TEL_1] ", "soy ", "Juan ", "arroba ",
        "@", "gmail.com", " punto ", "+56 9 1234 5678", "cuenta ", "0102", "4111 1111 1111 1111", "$",
        "24.990", " ", "-", ".", "pedido ", "me llamo ", "Pérez", "\x00", "]", "[", "V-", "k", "nit ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(FRAGMENTS, max_size=12).map("".join))


@given(TEXTS)
def test_scrubbing_never_fails_and_a_second_time_changes_nothing(text: str) -> None:
    once = scrub(text)

    assert scrub(once.text).text == once.text


@given(TEXTS)
def test_spans_are_places_in_the_original_in_order_and_apart(text: str) -> None:
    end = 0
    for found in scrub(text).found:
        assert end <= found.span[0] < found.span[1] <= len(text)
        end = found.span[1]


@pytest.mark.parametrize(
    "unit", ["1 ", "1", "a@", "1.1-", "me llamo ", "rut ", "es91 ", "a arroba "]
)
def test_a_hostile_text_is_read_in_linear_time(unit: str) -> None:
    hostile = (unit * 4000)[:4000]
    started = time.perf_counter()
    scrub(hostile)

    assert time.perf_counter() - started < 0.2
