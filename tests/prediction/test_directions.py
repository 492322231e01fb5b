"""What somebody who knows the business says of columns."""

from pathlib import Path

import pytest

from prediction import directions
from prediction.errors import DirectionsUnclear
from prediction.table import Feature


def test_a_file_declares_directions_kinds_and_words(tmp_path: Path) -> None:
    file = tmp_path / "directions.toml"
    file.write_text(
        '[PAY_0]\ndirection = "more"\nwords = "{value} meses tarde"\n[limit]\ndirection = "less"\n'
        '["código postal"]\nkind = "category"\n'
    )
    assert directions.read(file) == {
        "PAY_0": Feature("PAY_0", "number", 1, "{value} meses tarde"),
        "limit": Feature("limit", "number", -1),
        "código postal": Feature("código postal", "category"),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[a", "is no TOML"),
        ("a = 1", "other keys"),
        ("[a]\nweight = 2", "other keys"),
        ('[a]\ndirection = "up"', "'up' is no direction"),
        ('[a]\nkind = "text"', "'text' is no kind"),
        ('[a]\nkind = "category"\ndirection = "more"', "no more and no less"),
        ("[a]\nwords = 3", "words are no text"),
    ],
)
def test_what_it_cannot_say_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "directions.toml"
    file.write_text(text)
    with pytest.raises(DirectionsUnclear, match=words) as caught:
        directions.read(file)
    assert caught.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DirectionsUnclear, match="cannot be read"):
        directions.read(tmp_path / "none.toml")
