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
        ("un millon doscientos mil pesos", "1200000 pesos"),
        ("tres millones quinientos mil", "3500000"),
        ("veintiun millones cincuenta mil quinientos", "21050500"),
        ("1 millon 200 mil", "1200000"),
        ("dos millones de pesos", "2 millones de pesos"),
        ("un millon en 2024", "un millon en 2024"),
        ("diez y quince lucas", "10 y 15 lucas"),
        ("diez y seis lucas", "16 lucas"),
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
