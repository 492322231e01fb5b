"""Who complains, and who only asks what would be."""

from pathlib import Path

import pytest

from text.complaints import complains

SAID = [
    line.split("\t", 1)
    for line in Path(__file__).with_name("complaints.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("wanted", "text"), SAID, ids=[text for _, text in SAID])
def test_a_complaint_is_told_from_a_question(wanted: str, text: str) -> None:
    assert complains(text) is (wanted == "yes")


def test_there_are_enough_of_both() -> None:
    found = [wanted for wanted, _ in SAID]
    assert found.count("yes") >= 40
    assert found.count("no") >= 40


@pytest.mark.parametrize("text", ["", "😡", "a" * 20_000, "pagué y no " * 2_000])
def test_any_text_is_read_at_once(text: str) -> None:
    assert complains(text) is False
