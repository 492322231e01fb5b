"""Which passwords are refused."""

import pytest

from text.passwords import Weakness, weakness

KNOWN = ("Tienda de Camila", "camila@tienda.cl")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("caballo-grapa-pila", None),
        ("mi perro come zanahoria", None),
        ("8391740284610394", None),
        ("Tr0ub4dor&3xyz", None),
        ("corta-11-ab", "short"),
        ("a" * 12, "easy"),
        ("123456789012", "easy"),
        ("Contraseña1234", "easy"),
        ("Password1234!", "easy"),
        ("qwertyuiop12", "easy"),
        ("Tienda2026!!!", "easy"),
        ("camila.tienda.2026", "easy"),
        ("CÁMILA camila", "easy"),
        ("x" * 201, "long"),
    ],
)
def test_a_password_is_long_and_not_made_of_well_known_words(
    password: str, why: Weakness | None
) -> None:
    assert weakness(password, KNOWN) == why
