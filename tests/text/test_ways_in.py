"""Who reads a chat of the shop must not get into a customer's own page by it."""

import pytest

from text.ways_in import opens, shut

SECRET = "0f" * 21 + "a"


@pytest.mark.parametrize("home", ["", "http://127.0.0.1:8765", "https://tienda.cl"])
def test_a_way_in_loses_its_secret_and_nothing_else(home: str) -> None:
    text = f"Aquí están tus datos: {home}/mis-datos/{SECRET}\nNo lo compartas."
    assert opens(text)
    assert shut(text) == f"Aquí están tus datos: {home}/mis-datos/…\nNo lo compartas."
    assert not opens(shut(text))


@pytest.mark.parametrize("text", ["", "mis datos", "/mis-datos", "/mis-datos/hola", SECRET])
def test_what_opens_nothing_stays_as_it_is(text: str) -> None:
    assert not opens(text)
    assert shut(text) == text
