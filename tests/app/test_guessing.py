"""Whoever mistypes a value of an option is told which one was meant, and what there is."""

import pytest

from app.guessing import told
from main import cli
from tests.app.terminal import typed
from text.guessing import meant, nearest


@pytest.mark.parametrize(
    ("words", "asked", "there"),
    [
        ("dataset build --format opnai", "did you mean openai?", "sharegpt"),
        ("dataset validate x.jsonl --for olama", "did you mean ollama?", "openai-dpo"),
        ("channels add telegrm", "did you mean telegram?", "whatsapp_cloud"),
        ("try normalise --channel whatsap", "did you mean whatsapp_cloud?", "telegram"),
        ("eval run --set tets", "Did you mean test?", "dev"),
        ("ratings pending --by newset", "Did you mean newest?", "worst"),
        ("rescore --scorer lexicn", "did you mean lexicon?", "trained"),
    ],
)
async def test_a_mistyped_value_is_answered_with_the_one_that_was_meant(
    words: str, asked: str, there: str
) -> None:
    ended = await typed(cli, {}, *words.split())

    assert (ended.code, ended.out) == (2, "")
    said = " ".join(ended.said.replace("│", " ").split())
    assert asked in said
    assert there in said


async def test_what_is_like_nothing_is_only_told_what_there_is() -> None:
    ended = await typed(cli, {}, "dataset", "build", "--format", "zzz")

    assert ended.code == 2
    assert "did you mean" not in ended.said
    assert "one of openai" in ended.said


def test_a_word_is_known_however_it_is_written() -> None:
    assert nearest(" JSONL ", ["json", "jsonl"]) == "jsonl"
    assert meant("shp", ["shop"], "app.") == "did you mean app.shop?"
    assert meant("xyz", ["shop"]) == ""


def test_other_complaints_of_a_command_stay_as_they_are() -> None:
    assert told("0 is not in the range x>=1.") == "0 is not in the range x>=1."
    assert told("Value error, 'tets' is not one of 'dev', 'test'.") == (
        "'tets' is not one of dev, test. Did you mean test?"
    )
