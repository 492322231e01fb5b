"""What changed between two texts is told word by word."""

import pytest

from text.differences import differences, marked

PAIRS = [
    ("El envío cuesta $3.990 a Arica.", "El envío cuesta $4.990 a Arica."),
    ("", "Hola"),
    ("Hola", ""),
    ("uno dos tres", "tres dos uno"),
    ("con  espacios\ny líneas", "con espacios y líneas"),
    ("igual", "igual"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_both_texts_can_be_read_from_the_differences(before: str, after: str) -> None:
    parts = differences(before, after)
    assert "".join(text for change, text in parts if change != "added") == before
    assert "".join(text for change, text in parts if change != "removed") == after


def test_what_goes_stands_before_what_comes() -> None:
    assert marked(differences(*PAIRS[0])) == "El envío cuesta [-$3.990-]{+$4.990+} a Arica."


def test_nothing_changed_is_one_stretch() -> None:
    assert differences("igual que antes", "igual que antes") == [("same", "igual que antes")]
