"""Addresses that never lead away."""

import pytest

from web.security import local


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/ejemplos?nota=4", "/ejemplos?nota=4"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tfilas", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_after_the_door_one_stays_in_the_house(path: str, kept: str) -> None:
    assert local(path) == kept
