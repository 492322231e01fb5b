"""Reactions, returns and edits as scores."""

import pytest

from evaluation.signs import asked_again, edited, labelled, reacted, same_question


@pytest.mark.parametrize(
    ("emojis", "score"),
    [
        (["👍"], 4),
        (["👍🏽"], 4),
        (["❤️"], 5),
        (["👎"], 1),
        (["😡"], 1),
        (["😢"], 2),
        (["👍", "👎"], 1),
        (["😂"], None),
        (["😮", ""], None),
        (["no emoji at all"], None),
        ([], None),
    ],
)
def test_a_reaction_is_a_grade_or_nothing(emojis: list[str], score: int | None) -> None:
    assert reacted(emojis).score == score


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("¿Cuánto cuesta la mochila azul?", "cuanto cuesta la mochila azul", True),
        ("¿hacen envíos a regiones?", "hacen envio a regiones??", True),
        ("tienen poleras negras", "tienen poleras blancas", False),
        ("hola", "hola", False),
        ("gracias", "gracias", False),
        ("¿cuándo vence mi cuota?", "¿cuándo abren?", False),
    ],
)
def test_a_question_is_known_again_by_its_words(one: str, other: str, *, same: bool) -> None:
    assert same_question(one, other) is same


def test_who_asks_again_was_not_helped() -> None:
    question = "¿hacen envíos a regiones?"
    assert asked_again(question, ["ok", "pero hacen envíos a regiones?"]).score == 2
    assert asked_again(question, ["¿y en rojo?"]).score is None


def test_a_rejected_answer_is_worse_than_a_corrected_one() -> None:
    assert edited(corrected=True, rejected=False).score == 2
    assert edited(corrected=True, rejected=True).score == 1
    assert edited(corrected=False, rejected=False).score is None


@pytest.mark.parametrize(
    ("scores", "score"),
    [([5], 5), ([4, 5], 4), ([1, 4, 5], 4), ([None], None), ([None, 5], None), ([None, 5, 5], 5)],
)
def test_several_people_meet_in_the_middle(scores: list[int | None], score: int | None) -> None:
    assert labelled(scores).score == score
