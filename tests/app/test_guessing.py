"""Whoever mistypes a value of an option is told which one was meant, and what there is."""

import pytest
import typer

from app.commands import channels
from app.commands_datasets import datasets
from app.commands_eval import evals
from app.commands_ratings import ratings
from app.commands_scoring import rescore
from app.commands_try import tries
from app.guessing import Guessing, told
from tests.app.terminal import typed
from text.guessing import meant, nearest

cli = typer.Typer(cls=Guessing)
for name, part in {
    "channels": channels,
    "dataset": datasets,
    "eval": evals,
    "ratings": ratings,
    "try": tries,
}.items():
    cli.add_typer(part, name=name)
cli.command()(rescore)


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
