"""What somebody saves for, in their own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.goals import purpose


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("quiero juntar 500 lucas para vacaciones antes de marzo", "vacaciones"),
        ("meta: viaje al sur, 350 lucas", "viaje al sur"),
        ("ahorrar 2 palos para el pie del depto en 2 años", "pie del depto"),
        ("crear meta de 300 lucas para un notebook nuevo porfa", "notebook"),
        ("juntar 100 lucas para el regalo de mi mamá para navidad", "regalo de mi mamá"),
        ("400 lucas para diciembre", ""),
        ("400 lucas para diciembre para una bici", "bici"),
        ("crear meta", ""),
    ],
)
def test_a_purpose_is_named(text: str, name: str) -> None:
    assert purpose(text) == name


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert len(purpose(text).split()) <= 4
