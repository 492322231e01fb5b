"""The tables of the lexicon hold together."""

import pytest

from evaluation import lexicon
from evaluation.complaints import HOSTILE
from evaluation.idioms import IDIOMS
from evaluation.matching import CLASSES, compiled, longest
from evaluation.neutral import NEUTRAL
from evaluation.phrases import FRIENDLY
from text.folding import fold


def test_a_sense_speaks_for_the_side_of_its_score() -> None:
    for sense in lexicon.SENSES:
        assert 1 <= sense.score <= 5
        assert (sense.weight > 0) == (sense.score > 3)
        assert (sense.weight < 0) == (sense.score < 3)


def test_what_is_denied_changes_side() -> None:
    for sense, denied in lexicon.NEGATED.items():
        assert sense.weight * denied.weight <= 0


@pytest.mark.parametrize("table", [FRIENDLY, HOSTILE, IDIOMS, NEUTRAL])
def test_every_phrase_has_a_sense_that_is_weighed(table: dict[lexicon.Sense, str]) -> None:
    assert set(table) <= set(lexicon.SENSES)


def test_single_words_are_written_as_texts_are_folded() -> None:
    tables = [lexicon.NEGATORS, lexicon.STRENGTHENERS, lexicon.FILLERS, lexicon.ASSENT]
    for word in frozenset().union(*tables, lexicon.SPELLINGS):
        assert fold(word) == word


def test_the_longest_phrase_wins_and_alternatives_are_tried() -> None:
    tree = compiled({lexicon.PRAISE: "me gusta | me gusta/encanta mucho"})

    assert longest(tree, ["me", "gusta", "mucho", "hoy"], 0) == (3, lexicon.PRAISE)
    assert longest(tree, ["me", "gusta", "poco"], 0) == (2, lexicon.PRAISE)
    assert longest(tree, ["me", "cansa"], 0) == (0, None)


def test_a_phrase_may_leave_out_a_word_or_name_a_class_or_a_number() -> None:
    tree = compiled({lexicon.PURCHASE: "me/- LO llevo | quiero #"})

    assert longest(tree, ["lo", "llevo"], 0) == (2, lexicon.PURCHASE)
    assert longest(tree, ["me", "las", "llevo"], 0) == (3, lexicon.PURCHASE)
    assert longest(tree, ["quiero", "12"], 0) == (2, lexicon.PURCHASE)
    assert "lo" in CLASSES["LO"].split()


def test_of_two_tables_the_first_decides() -> None:
    tree = compiled({lexicon.TROUBLE: "sale"}, {lexicon.AGREEMENT: "sale"})

    assert longest(tree, ["sale"], 0) == (1, lexicon.TROUBLE)
