"""The page about datasets says what the code does, and what it shows is what is printed."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from learning.exporting import FORMATS
from learning.manifest import REASONS
from services.state import Endpoints
from store.session import Store
from tests.builders import a_turn, add_customer, add_history, add_turns
from tests.docs.pages import ROOT, codes, page, rows

PAGE = page("docs/datasets.md")


def test_every_reason_is_listed() -> None:
    told = {codes(name)[0]: what for name, what in rows(PAGE.section("What is left out"))}
    assert told == REASONS


def test_every_format_is_listed() -> None:
    told = [codes(name)[0] for name, _ in rows(PAGE.section("The files"))[4:]]
    assert told == list(FORMATS)


@pytest.fixture
async def history(store: Store, shop: UUID) -> None:
    await add_history(store, shop, 20, customers=20)
    customer = await add_customer(store, shop, "critic")
    await add_turns(store, [a_turn(shop, "bad", customer, quality_score=1)])


def test_what_the_page_shows_is_what_is_printed(
    history: None, database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path
) -> None:
    """Two of twenty lines are for validation, and two for the test."""
    places = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "COLUMNS": "400",
    }
    text = "".join(PAGE.blocks("console")).replace("OUT", str(tmp_path))
    shown = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    assert len(shown) == 2
    for command, expected in shown:
        done = subprocess.run(
            ["bash", "-c", command.replace(".venv/bin/python", sys.executable)],
            check=False, capture_output=True, timeout=200, cwd=ROOT,
            env={**os.environ, **places},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        got = done.stdout.decode()
        assert doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS), got
