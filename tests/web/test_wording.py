"""Code words as a seller reads them."""

from typing import Any

import pytest

from config.packs import load_pack
from evaluation.lexicon import SENSES
from prediction.notes import WHY_ENGLISH, WHY_SPANISH
from web.translating import words
from web.wording import LABELS, LISTS, Clue, clues, say
from web.wording_figures import LISTS as FIGURES
from web.wording_models import LISTS as MODELS
from web.wording_people import LISTS as PEOPLE
from web.wording_risks import LISTS as RISKS


def test_every_label_of_the_scorer_has_words() -> None:
    assert {sense.label for sense in SENSES} | {"mixed", "no_signal"} <= set(LABELS)


def test_no_list_of_words_takes_the_name_of_another() -> None:
    parts = [*MODELS.items(), *PEOPLE.items(), *FIGURES.items(), *RISKS.items()]

    assert [name for name, told in parts if LISTS[name] is not told] == []


def test_a_word_we_do_not_know_is_shown_as_it_is() -> None:
    assert say("asked_for_invoice", "label") == "asked for invoice"
    assert say("algo", "desconocido") == "algo"


@pytest.mark.parametrize("pack", ["ventas", "finanzas", "creditos"])
def test_no_intent_of_ours_is_shown_without_its_accent(pack: str) -> None:
    shown = [say(one.name, "intent") for one in load_pack(pack).intents]
    assert [text for text in shown if text.endswith(("cion", "sion", "antia"))] == []


@pytest.mark.parametrize("pack", ["ventas", "finanzas", "creditos"])
def test_whatever_a_pack_reads_out_of_a_message_has_words(pack: str) -> None:
    read = {*load_pack(pack).words.slots, "mention", "topic", "quantity", "ordinal", "budget"}
    assert {name for name in read if say(name, "slot") == name} == set()


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([{"rule": "praise", "text": "genial", "weight": 2.5}], (Clue("genial", "good"),)),
        ([{"rule": "rejection", "text": "no", "weight": -1}], (Clue("no", "bad"),)),
        ([{"rule": "asks_detail", "weight": 0}], (Clue("asks_detail", "plain"),)),
        ([{"rule": "order", "text": "4dc33dfc", "weight": 1}], (Clue("", "good"),)),
        (
            [{"rule": one, "text": "no me queda claro", "weight": -1} for one in ("doubt", "ask")],
            (Clue("no me queda claro", "bad"),),
        ),
        (["suelto", "", None], (Clue("suelto", "plain"),)),
        ([{"weight": "mucho"}], (Clue("", "plain"),)),
        (None, ()),
        ({}, ()),
    ],
)
def test_evidence_says_which_way_it_moved_the_score(
    evidence: Any,  # noqa: ANN401  whatever a scorer wrote down
    expected: tuple[Clue, ...],
) -> None:
    assert clues(evidence) == expected


def test_why_a_model_was_not_given_a_column_is_said_in_one_way() -> None:
    """The page has the words of the model's card, and in English those of the terminal."""
    english = words("en")
    for code, spanish in WHY_SPANISH.items():
        assert say(code, "risk-left") == spanish
        assert english.say(spanish) == WHY_ENGLISH[code]
