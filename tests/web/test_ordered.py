"""What is typed of a new training, as it is read."""

import pytest

from web.ordered import options


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("epochs=3\n\n rate = 0.1\nname=x", {"epochs": 3, "rate": 0.1, "name": "x"}),
        ("", {}), ("epochs", None), ("a b=1", None), ("=1", None),
    ],
)  # fmt: skip
def test_parameters_are_one_a_line(text: str, found: dict[str, object] | None) -> None:
    assert options(text) == found
