"""Nobody is told that they attend a chat which they have not taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from web.attending import Attending, Standing, attending

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SILENT = Standing(silent=True)
MINE = Standing(silent=True, by="Ana", owner="1", since=NOW)


def told(standing: Standing) -> Attending:
    return attending(standing, "1", "Ana")


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(silent=False), Attending("bot")),
        (Standing(silent=False, owner="1", since=NOW, asked=LATER), Attending("bot")),
        (replace(SILENT, asked=NOW), Attending("nobody")),
        (MINE, Attending("you")),
        (replace(MINE, by=None), Attending("you")),
        (replace(MINE, owner="2", by="Eva"), Attending("person", "Eva")),
        (SILENT, Attending("person")),
    ],
)
def test_whoever_attends_is_named(standing: Standing, expected: Attending) -> None:
    assert told(standing) == expected


def test_a_chat_of_mine_that_the_bot_asks_help_with_again_waits_for_a_person() -> None:
    """The silence of that day is over long since, and so is my having the word."""
    assert told(replace(MINE, by=None, asked=LATER)) == Attending("nobody")


def test_what_i_have_just_taken_is_mine_before_the_call_is_answered_on_paper() -> None:
    assert told(replace(MINE, by=None, since=LATER, asked=NOW)) == Attending("you")


def test_somebody_who_answers_by_phone_has_the_word_from_then_on() -> None:
    assert told(replace(MINE, by="Eva")) == Attending("person", "Eva")
