"""Who asks for a person, and who only speaks of one."""

from pathlib import Path

import pytest

from text.appeals import wants_person

SAID = [
    line.split("\t", 1)
    for line in Path(__file__).with_name("appeals.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("wanted", "text"), SAID, ids=[text for _, text in SAID])
def test_a_person_is_wanted(wanted: str, text: str) -> None:
    assert wants_person(text) is (wanted == "yes")


def test_there_are_enough_of_both() -> None:
    wishes = [wanted for wanted, _ in SAID]
    assert wishes.count("yes") >= 40
    assert wishes.count("no") >= 40


@pytest.mark.parametrize("text", ["", "?", "👍", "a" * 20_000, "quiero hablar con " * 2_000])
def test_any_text_is_read_at_once(text: str) -> None:
    assert wants_person(text) is False
