"""Words in chats that nobody knows."""

from datetime import timedelta
from uuid import UUID

import pytest

from knowledge.glossary import NO_TERMS
from knowledge.mining import Said, mine, was_lost
from knowledge.suggesting import known_words
from tests.builders import MONDAY
from tests.llm.talking import INDEX, PACK

KNOWN = known_words(PACK, INDEX, NO_TERMS)


def said(conversation: int, text: str, *, lost: bool | None = True) -> Said:
    return Said(UUID(int=conversation), text, MONDAY + timedelta(hours=conversation), lost)


def test_a_word_that_is_unknown_frequent_and_lost_is_found_with_its_messages() -> None:
    turns = [
        said(1, "Hola, ¿tienen cartucheras?"),
        said(2, "busco una cartuchera para mi hija"),
        said(3, "cartuchera con cierre?"),
        said(4, "cuánto cuesta la mochila azul", lost=False),
        said(5, "gracias, muy amable", lost=False),
    ]

    (found,) = mine(turns, KNOWN)

    assert (found.word, found.conversations, found.lost) == ("cartuchera", 3, 1.0)
    assert found.messages == (
        "cartuchera con cierre?",
        "busco una cartuchera para mi hija",
        "Hola, ¿tienen cartucheras?",
    )
    assert (found.first, found.last) == (
        MONDAY + timedelta(hours=1),
        MONDAY + timedelta(hours=3),
    )


@pytest.mark.parametrize(
    "texts",
    [
        ["tienen mochilas?"] * 3,
        ["la mochla azul"] * 3,
        ["hola quiero comprar, gracias"] * 3,
        ["me llamo [NAME_1] y vivo en [ADDRESS_2]"] * 3,
        ["mira https://tienda.example/cartuchera"] * 3,
        ["el sku 12345678"] * 3,
        ["ojo"] * 3,
    ],
    ids=["sold", "misspelled", "ordinary", "masked", "a link", "digits", "short"],
)
def test_what_is_known_masked_or_no_word_is_not_suggested(texts: list[str]) -> None:
    assert mine([said(place, text) for place, text in enumerate(texts)], KNOWN) == []


def test_one_talkative_customer_is_not_a_habit() -> None:
    assert mine([said(1, "cartuchera") for _ in range(9)], KNOWN) == []
    assert len(mine([said(1, "cartuchera"), said(2, "cartuchera")], KNOWN, least=2)) == 1


def test_a_word_that_was_answered_as_well_as_others_needs_no_help() -> None:
    turns = [said(place, "cartuchera", lost=place == 0) for place in range(4)]
    turns += [said(place, "mochila", lost=place % 2 == 0) for place in range(10, 20)]

    assert mine(turns, KNOWN) == []


def test_what_nobody_judged_is_no_evidence() -> None:
    assert mine([said(place, "cartuchera", lost=None) for place in range(5)], KNOWN) == []


def test_an_answer_is_lost_by_its_score_or_for_want_of_understanding() -> None:
    assert was_lost(1, 0.9, about_product=True) is True
    assert was_lost(2, 0.0, about_product=False) is True
    assert was_lost(5, 0.0, about_product=False) is False
    assert was_lost(None, 0.0, about_product=False) is True
    assert was_lost(None, 0.0, about_product=True) is None
    assert was_lost(None, 0.7, about_product=False) is None
