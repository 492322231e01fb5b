"""Which passwords are refused."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from text.passwords import Weakness, weakness

ROOT = Path(__file__).parents[2]
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
        ("mickeymouse12", "easy"),
        ("leavemealone", "easy"),
        ("Sonyericsson", "easy"),
        ("1qazxsw23edc", "easy"),
        ("l3avemealone!", "easy"),
        ("gatito lindo y feo", None),
        ("x" * 201, "long"),
    ],
)
def test_a_password_is_long_and_not_made_of_well_known_words(
    password: str, why: Weakness | None
) -> None:
    assert weakness(password, KNOWN) == why


def test_the_longest_one_is_looked_at_in_a_moment() -> None:
    began = time.process_time()
    assert weakness("aB3$efgh" * 25, KNOWN) in {None, "easy"}
    assert time.process_time() - began < 2


def test_the_lists_are_read_when_somebody_chooses_a_password() -> None:
    asked = "import sys, app.pages, text.passwords; print('zxcvbn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
