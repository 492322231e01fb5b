"""Insults are heard however they are spelled, and what a shop sells is none."""

import pytest

from config.insults import insults
from text.rudeness import rude


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Eres un IDIOTA.", ["idiota"]),
        ("¡idiooooota!", ["idiota"]),
        ("Vete a la… mierda", ["vete a la mierda", "mierda"]),
        ("Sabemos dónde vives", ["sabemos donde vives"]),
        ("No te vas a arrepentir: va a pesar poco en la espalda", []),
        ("La disputa por el computador", []),
        ("Tiene forro polar y trae un pinche para el pelo", []),
    ],
)
def test_an_insult_is_a_whole_word_however_it_is_written(text: str, found: list[str]) -> None:
    assert sorted(rude(text, insults())) == sorted(found)


def test_what_is_the_name_of_a_ware_is_no_insult_beside_it() -> None:
    game = "Juego de mesa Cabrón"

    assert rude("El juego Cabrón cuesta $9.990", insults(), [game]) == []
    assert rude("El juego Cabrón cuesta $9.990, idiota", insults(), [game]) == ["idiota"]
    assert rude("El juego Cabrón cuesta $9.990", insults()) == ["cabron"]
