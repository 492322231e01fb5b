"""Whether a passage is told instead of the business's own answer, beside it, or not at all."""

import pytest

from llm.base import Source
from llm.standing import telling

RETURNS = Source("answer", "devolucion", "Devoluciones", "Tienes 10 días para devolver tu compra.")
WHERE = Source("answer", "ubicacion", "Ubicación", "Estamos en Los Aromos 1250.")
SAVING = Source("answer", "consejo", "Consejos", "Anota los gastos hormiga.")


def passage(*says: str, near: bool, coverage: float = 0.8) -> Source:
    data = {"excerpt": "Algo.", "coverage": coverage, "near": near, "says": says}
    return Source("passage", "p", "Un documento", "Algo.", data)


@pytest.mark.parametrize("near", [True, False])
def test_what_a_document_adds_is_told_beside_an_answer_to_the_same(near: bool) -> None:  # noqa: FBT001
    found = [RETURNS, passage("audifon", "devolv", near=near)]
    assert telling("¿puedo devolver los audífonos?", RETURNS.text, found) == "both"


def test_a_passage_with_the_words_and_another_meaning_takes_no_answer_s_place() -> None:
    found = [WHERE, passage("qued", "tiend", near=False, coverage=1.0)]
    assert telling("¿dónde queda la tienda?", WHERE.text, found) == "own"


def test_a_passage_that_means_the_same_takes_the_place_of_an_answer_beside_the_point() -> None:
    found = [SAVING, passage("emergent", "vacacion", near=True)]
    assert telling("¿uso el fondo de emergencia para vacaciones?", SAVING.text, found) == "passage"


def test_of_several_answers_one_beside_the_point_needs_a_passage_that_means_the_same() -> None:
    said, question = f"{RETURNS.text} {WHERE.text}", "¿puedo devolver los audífonos?"
    for near, how in ((True, "both"), (False, "own")):
        found = [RETURNS, WHERE, passage("audifon", near=near)]
        assert telling(question, said, found) == how


def test_where_nothing_is_told_of_it_a_passage_that_says_much_of_it_is() -> None:
    assert telling("¿se lava?", "", [passage("lav", near=False)]) == "passage"


def test_a_passage_that_adds_nothing_or_says_little_is_not_told() -> None:
    question = "¿puedo devolver los audífonos?"
    assert telling(question, RETURNS.text, [RETURNS]) == "own"
    assert telling(question, RETURNS.text, [RETURNS, passage("devolv", near=True)]) == "own"
    little = passage("audifon", near=True, coverage=0.4)
    assert telling(question, RETURNS.text, [RETURNS, little]) == "own"
