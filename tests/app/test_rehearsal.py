"""Customers with habits: their scripts are read strictly, their figures tell what they lived."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.customers import ScriptError
from app.personas import read_personas
from tests.docs.pages import ROOT

CAST = """
[[persona]]
name = "apurada"
title = "Two thoughts, one question"
steps = [
  { say = "hola" },
  { after = 0.2, say = "¿cuánto cuesta la mochila urbana azul?" },
  { expect = "24\\\\.990" },
]
[[persona]]
name = "exigente"
title = "Expects what nobody says"
steps = [{ say = "hola" }, { expect = "esto no lo dice nadie" }]
"""


def rehearsed(env: dict[str, str], cast: Path) -> tuple[int, dict[str, dict[str, float]]]:
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "simulate", "--personas", "2", "--file", cast, "--json"],
        env={**env, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=200,
        check=False,
    )
    told = json.loads(done.stdout)
    return done.returncode, {one["persona"]: one for one in told["personas"]}


def test_every_persona_of_the_example_is_read() -> None:
    names = [persona.name for persona in read_personas()]
    assert len(set(names)) == len(names) >= 8


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("persona = []", "persona"),
        ('[[persona]]\nname = "a"\ntitle = "b"\nsteps = [{ say = "x", tap = "y" }]', "one of"),
        ('[[persona]]\nname = "a"\ntitle = "b"\nsteps = [{ expect = "(" }]', "regular expression"),
        ("[[persona", "cannot be read"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused_with_its_place(
    tmp_path: Path, script: str, said: str
) -> None:
    (tmp_path / "cast.toml").write_text(script)
    with pytest.raises(ScriptError, match=said):
        read_personas(tmp_path / "cast.toml")


def test_each_persona_has_figures_and_a_bad_answer_is_counted(
    env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "cast.toml").write_text(CAST)

    code, figures = rehearsed(env, tmp_path / "cast.toml")

    assert code == 1
    happy, unhappy = figures["apurada"], figures["exigente"]
    assert (happy["answered"], happy["surplus"], happy["wrong"]) == (2, 0, 0)
    assert 0 < happy["p50_s"] < 6
    assert (unhappy["answered"], unhappy["wrong"]) == (0, 2)
