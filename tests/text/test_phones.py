"""One number under all the spellings that networks and people give it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.phones import matching_key


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (("5215512345678", "525512345678", "+52 1 55 1234 5678"), "525512345678"),
        (("551187654321", "5511987654321", "+55 (11) 98765-4321"), "5511987654321"),
        (("5491123456789", "541123456789", "0054 9 11 2345-6789"), "541123456789"),
        (("56912345678", "+56 9 1234 5678", "0056-9-1234-5678"), "56912345678"),
    ],
)
def test_the_spellings_of_a_number_share_a_key(spellings: tuple[str, ...], key: str) -> None:
    assert {matching_key(one) for one in spellings} == {key}


@pytest.mark.parametrize(
    "number",
    [
        "551132654321",  # a Brazilian landline has no ninth digit
        "55119876543210",  # nor has a number that is too long
        "52155123456",  # Mexico's 1 is a 1 only before ten digits
        "15551234567",
    ],
)
def test_a_number_that_no_country_has_changed_is_its_own_key(number: str) -> None:
    assert matching_key(number) == number


@pytest.mark.parametrize("other", ["", "US.13491208655302741918", "hola", "123456", "1" * 16, "0"])
def test_what_is_no_international_number_has_no_key(other: str) -> None:
    assert matching_key(other) is None


@given(st.text() | st.from_regex(r"\+?(52|54|55)[0-9]{6,13}", fullmatch=True))
def test_a_key_is_its_own_key(text: str) -> None:
    key = matching_key(text)

    assert key is None or matching_key(key) == key
