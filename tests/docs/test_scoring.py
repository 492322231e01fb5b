"""The page about scores ranks who judges as the code does, and its example prints what it says."""

import doctest
import subprocess
import sys

from config.scoring import ScoringSettings
from evaluation.combining import SCORERS, SURE
from evaluation.teaching import SURE as OPINION
from evaluation.training import LEAST_FROZEN
from jobs.schedule import SCORES_EVERY_H
from tests.docs.pages import ROOT, codes, page, rows

PAGE = page("docs/scoring.md")


def test_the_table_ranks_the_scorers_as_they_are_heard() -> None:
    told = [codes(row[1])[0] for row in rows(PAGE.prose)]
    assert told == list(SCORERS)


def test_its_figures_are_those_of_the_code() -> None:
    text = " ".join(PAGE.prose.split())
    assert SCORES_EVERY_H == 6
    assert "every six hours" in text
    assert f"sure ({SURE})" in text
    assert f"opinions of {OPINION}" in text
    assert f"{LEAST_FROZEN} of them at least" in text
    assert f"at {ScoringSettings().labels} labels" in PAGE.text
    assert ScoringSettings().audit == 0.05


def test_its_example_prints_what_it_says() -> None:
    (console,) = PAGE.blocks("console")
    command, _, expected = console.removeprefix("$ ").partition("\n")
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python", sys.executable)],
        capture_output=True, timeout=200, check=True, cwd=ROOT,
    )  # fmt: skip
    got = done.stdout.decode()
    assert doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS), got
