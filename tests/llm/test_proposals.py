"""What a model asks to have done, where it can be read at all."""

from types import SimpleNamespace

import pytest

from llm.chat import proposed


def call(arguments: str | None) -> SimpleNamespace:
    return SimpleNamespace(function=SimpleNamespace(name="note", arguments=arguments))


@pytest.mark.parametrize("arguments", ["{", "[1]", "null", "[" * 100_000])
def test_arguments_that_cannot_be_read_are_no_proposal(arguments: str) -> None:
    """Nor do they keep the readable ones beside them from being made."""
    found = proposed([call(arguments), call('{"amount": 5}'), call(None), SimpleNamespace()])

    assert [(one.name, one.arguments) for one in found] == [
        ("note", {"amount": 5}),
        ("note", {}),
        ("", {}),
    ]
