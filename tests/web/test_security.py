"""Sessions that nobody can make but we, and addresses that never lead away."""

import time

import pytest
from pydantic import SecretStr

from web.security import SESSION_S, Keyring, local

KEYRING = Keyring(SecretStr("ñandú secreto"))


def test_the_key_fits_and_nothing_else_does() -> None:
    assert KEYRING.fits("ñandú secreto")
    assert not KEYRING.fits("ñandu secreto")
    assert not KEYRING.fits("")
    assert not KEYRING.fits("\ud800")


def test_a_session_of_ours_holds_for_a_week() -> None:
    until = KEYRING.until(KEYRING.session())

    assert until is not None
    assert abs(until - time.time() - SESSION_S) < 5


def test_a_new_key_ends_every_session() -> None:
    assert Keyring(SecretStr("otra")).until(KEYRING.session()) is None


def test_a_session_cannot_be_made_longer() -> None:
    until, _, signature = KEYRING.session().partition(".")

    assert KEYRING.until(f"{int(until) + 1}.{signature}") is None


def test_a_session_ends() -> None:
    assert KEYRING.until(KEYRING.session_of(str(int(time.time()) - 1))) is None


@pytest.mark.parametrize("rubbish", ["", ".", "1", "x.y", "1.2.3", "é.é", "9" * 40 + "."])
def test_rubbish_is_no_session(rubbish: str) -> None:
    assert KEYRING.until(rubbish) is None


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/filas?nota=5", "/filas?nota=5"),
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
