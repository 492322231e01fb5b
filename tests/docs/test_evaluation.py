"""What the page about evaluation shows is what is printed, and its tables are those of the code."""

import doctest
import json
import os
import re
import subprocess
import sys

import pytest

from config.evaluation import EvaluationSettings
from config.golden import Case
from evaluation.gates import gates
from evaluation.laboratory import GOAL, KEPT, MANNERS
from evaluation.metrics import Figures
from services.state import Endpoints
from tests.docs.pages import ROOT, codes, page, rows

PAGE = page("docs/evaluation.md")
SHOWN = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", "".join(PAGE.blocks("console")), re.MULTILINE)


def test_the_examples_are_what_is_printed(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    places = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_MODELS__ORDER": '["offline"]',
    }
    assert len(SHOWN) == 3
    for command, expected in SHOWN:
        done = subprocess.run(
            ["bash", "-c", command.replace(".venv/bin/python", sys.executable)],
            capture_output=True,
            timeout=200,
            check=True,
            cwd=ROOT,
            env={**os.environ, **places},
        )
        got = done.stdout.decode()
        assert doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS), got


def test_every_field_of_a_case_is_told() -> None:
    told = {name for row in rows(PAGE.section("Golden cases")) for name in codes(row[0])}
    assert told == set(Case.model_fields)


@pytest.mark.parametrize("written", PAGE.blocks("json"))
def test_the_case_of_the_page_is_one(written: str) -> None:
    assert Case.model_validate(json.loads(written)).messages


def test_every_gate_is_told_and_no_other() -> None:
    told = [codes(row[0])[0] for row in rows(PAGE.section("Gates"))]
    found = gates(Figures((), None, {}, 0, (0, 0)), EvaluationSettings())
    assert told == [gate.name for gate in found]


def test_the_points_of_the_page_are_those_that_are_given() -> None:
    said = PAGE.section("The laboratory")
    assert all(f"{part:g} " in said for part in (GOAL, KEPT, MANNERS))
    assert GOAL + KEPT + MANNERS == 100
