"""A model that invents prices, stock and gifts: nothing of it reaches a customer."""

import re
from pathlib import Path

import pytest

from handlers.reading import Understanding
from handlers.requests import known_to
from knowledge.verify import verify
from tests.handlers.replying import PACK, PARSER
from tests.llm.talking import INDEX

HERE = Path(__file__).parent
QUESTION = "¿cuánto cuesta la mochila urbana azul?"
KNOWN = known_to(Understanding(PACK, PARSER).read(QUESTION, INDEX), PACK)
TRUE = {"24.990", "24990", "14"}
HELLO = "Hola, gracias por escribir. "


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


def test_the_set_is_large_enough_to_mean_something() -> None:
    inventions = lines("inventions.txt")
    assert len(set(inventions)) == len(inventions) >= 90
    assert len(lines("honest.txt")) >= 25


@pytest.mark.parametrize("said", lines("inventions.txt"))
def test_nothing_invented_is_left_of_a_reply(said: str) -> None:
    checked = verify(HELLO + said, KNOWN)
    assert checked.verdict != "ok"
    left = (checked.text or "").replace(HELLO.strip(), "")
    assert said not in left
    assert set(re.findall(r"\d[\d.]*\d|\d", left)) <= TRUE


@pytest.mark.parametrize("said", lines("inventions.txt"))
def test_an_invention_alone_is_never_sent(said: str) -> None:
    checked = verify(said, KNOWN)
    assert checked.text is None or KNOWN.unsupported(checked.text) is None
    assert checked.text != said


@pytest.mark.parametrize("said", lines("honest.txt"))
def test_what_is_true_survives(said: str) -> None:
    assert verify(said, KNOWN).text == said
