"""Whoever fills in a number knows of what."""

import re
from pathlib import Path

from config.settings import ROOT
from evaluation.alert_rules import RULES
from web.wording import LISTS

INPUT = re.compile(r'<input\b(?=[^>]*(?:type="number"|inputmode="(?:numeric|decimal)"))[^>]*>')
NAMED = re.compile(r'id="([^"]+)"')
UNIT = re.compile(r"\(|, días|, en %")


def test_every_number_field_says_its_unit() -> None:
    asked = [
        (path.name, _label(path, found))
        for path in sorted((ROOT / "web" / "templates").glob("*.html"))
        for found in INPUT.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(asked) > 8
    assert [one for one in asked if not UNIT.search(one[1])] == []


def test_every_limit_of_a_rule_has_a_unit() -> None:
    assert LISTS["unit"].keys() == RULES.keys()


def _label(path: Path, found: re.Match[str]) -> str:
    """By its name, or around it."""
    text, name = path.read_text(encoding="utf-8"), NAMED.search(found[0])
    if name is not None:
        return text.partition(f'<label for="{name[1]}">')[2].partition("</label>")[0]
    return text[: found.start()].rpartition("<label")[2]
