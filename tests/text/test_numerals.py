"""Numbers that are written in words."""

import pytest

from text.numerals import figures


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("veinte mil pesos", "20000 pesos"),
        ("diecinueve mil novecientos noventa", "19990"),
        ("treinta y cinco lucas", "35 lucas"),
        ("ciento veinte mil", "120000"),
        ("mil quinientos", "1500"),
        ("mil pesos", "1000 pesos"),
        ("dos mates", "2 mates"),
        ("quince por ciento", "15 por ciento"),
        ("5 mil pesos", "5 mil pesos"),
        ("mil gracias", "mil gracias"),
        ("una o uno", "una o uno"),
        ("", ""),
    ],
)
def test_words_become_figures(said: str, written: str) -> None:
    assert figures(said) == written
