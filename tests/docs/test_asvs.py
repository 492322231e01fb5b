"""The checklist names every chapter and section, and tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import page, rows

PAGE = page("docs/asvs.md")
TESTS = Path(__file__).resolve().parent.parent
SECTIONS = {
    1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5
}  # fmt: skip
"""How many each chapter has, of those that apply."""
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
UNPROVEN = re.compile(r"not met|there is none|none of our own", re.IGNORECASE)
RISKS = "Language models"


def chapters() -> dict[int, str]:
    found = re.findall(r"^## (V(\d+) .+)$", PAGE.prose, re.MULTILINE)
    return {int(number): title for title, number in found}


@cache
def named_in(name: str) -> frozenset[str]:
    """Read, not imported: some of them need a browser."""
    tree = ast.parse((TESTS / name).read_text(encoding="utf-8"))
    return frozenset(
        one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_every_chapter_that_applies_is_there_with_all_its_sections() -> None:
    assert set(chapters()) == set(SECTIONS)
    for number, title in chapters().items():
        told = [row[0].partition(" ")[0] for row in rows(PAGE.section(title))]
        assert told == [f"V{number}.{part}" for part in range(1, SECTIONS[number] + 1)]


def test_every_risk_of_a_language_model_is_there() -> None:
    told = [row[0].partition(" ")[0] for row in rows(PAGE.section(RISKS))]
    assert told == [f"LLM{number:02}" for number in range(1, 11)]


def test_every_named_test_exists() -> None:
    named = set(NAMED.findall(PAGE.text))
    assert len(named) > len(SECTIONS)
    missing = [
        f"{name}::{test}"
        for name, test in named
        if not (TESTS / name).is_file() or test not in named_in(name)
    ]
    assert sorted(missing) == []


@pytest.mark.parametrize("title", [*chapters().values(), RISKS])
def test_what_no_test_proves_says_why(title: str) -> None:
    for section, how, proof in rows(PAGE.section(title)):
        assert NAMED.findall(proof) or UNPROVEN.search(how), section
        assert NAMED.sub("", proof).strip() == "", f"{section} names no test"
