"""Who is heard first when several judge the same reply, and what only tempers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.combining import (
    DISPUTED,
    EDIT,
    HAND_OVER,
    HUMAN,
    JUDGE,
    LEXICON,
    ORDER,
    REACTION,
    RECONTACT,
    REFUSED,
    SCORERS,
    SILENCE,
    TRAINED,
    combined,
)
from evaluation.scoring import NO_SIGNAL, Evidence, Judgement
from evaluation.signs import SILENT


def of(
    score: int | None, confidence: float = 0.6, *, label: str = "said", sold: bool = False
) -> Judgement:
    clue = Evidence(label, str(score), float((score or 3) - 3))
    return Judgement(score, label, confidence, sold, (clue,))


@pytest.mark.parametrize(
    ("voices", "score", "by"),
    [
        ({HUMAN: of(2), ORDER: of(5), JUDGE: of(4), LEXICON: of(5)}, 2, HUMAN),
        ({EDIT: of(1), ORDER: of(5), LEXICON: of(5)}, 1, EDIT),
        ({ORDER: of(5), JUDGE: of(1), LEXICON: of(1), RECONTACT: of(2)}, 5, ORDER),
        ({JUDGE: of(3), TRAINED: of(4), LEXICON: of(5)}, 3, JUDGE),
        ({TRAINED: of(4), LEXICON: of(5)}, 4, TRAINED),
        ({LEXICON: of(4), REACTION: of(5)}, 4, LEXICON),
        ({LEXICON: NO_SIGNAL, REACTION: of(5)}, 5, REACTION),
        ({LEXICON: NO_SIGNAL, REACTION: of(4), HAND_OVER: of(2)}, 2, HAND_OVER),
        ({LEXICON: NO_SIGNAL, SILENCE: SILENT}, None, LEXICON),
        ({SILENCE: SILENT}, None, SILENCE),
        ({SILENCE: SILENT, RECONTACT: of(2)}, 2, RECONTACT),
        ({"somebody": of(5)}, None, ""),
        ({}, None, ""),
    ],
)
def test_the_first_who_knows_decides(
    voices: dict[str, Judgement], score: int | None, by: str
) -> None:
    decided = combined(voices)
    assert (decided.judgement.score, decided.by) == (score, by)


def test_who_says_that_the_words_tell_nothing_takes_them_out() -> None:
    nothing = of(None, 1.0)
    assert combined({HUMAN: nothing, LEXICON: of(5)}).judgement.score is None
    assert combined({HUMAN: nothing, LEXICON: of(5), ORDER: of(5)}).by == ORDER
    assert combined({HUMAN: nothing, LEXICON: of(5), REACTION: of(1)}).by == REACTION


@pytest.mark.parametrize("model", [JUDGE, TRAINED])
@pytest.mark.parametrize(("floor", "said"), [(1, 5), (5, 1)])
def test_a_model_against_a_lexicon_that_is_sure_leaves_the_lower(
    model: str, floor: int, said: int
) -> None:
    decided = combined({LEXICON: of(floor, 0.85, sold=True), model: of(said, 0.9, sold=True)})

    assert (decided.judgement.score, decided.judgement.label) == (1, DISPUTED)
    assert not decided.judgement.successful
    assert len(decided.judgement.evidence) == 2


def test_an_unsure_lexicon_is_overruled() -> None:
    assert combined({LEXICON: of(1, 0.5), JUDGE: of(5, 0.9)}).judgement.score == 5


def test_a_judge_that_hears_nothing_silences_the_lexicon() -> None:
    assert combined({LEXICON: of(4, 0.45), JUDGE: NO_SIGNAL}).judgement.score is None


def test_an_answer_that_was_refused_counts_for_nothing() -> None:
    refused = of(None, 0, label=REFUSED)
    assert combined({LEXICON: of(4, 0.45), JUDGE: refused}).by == LEXICON


@pytest.mark.parametrize("sign", [REACTION, RECONTACT, HAND_OVER])
def test_thanks_are_no_proof_when_something_speaks_against_them(sign: str) -> None:
    decided = combined({LEXICON: of(5, 0.7), sign: of(2, 0.5)})

    assert (decided.judgement.score, decided.judgement.label, decided.by) == (3, "mixed", LEXICON)
    assert decided.judgement.confidence < 0.7
    assert len(decided.judgement.evidence) == 2


def test_a_friendly_sign_makes_no_good_of_bad_words() -> None:
    assert combined({LEXICON: of(2), REACTION: of(5)}).judgement.score == 2


def test_an_order_stays_a_success_whatever_a_person_thinks_of_the_answer() -> None:
    assert combined({HUMAN: of(2), ORDER: of(5, sold=True)}).judgement.successful
    assert combined({HUMAN: of(5), LEXICON: of(5, sold=True)}).judgement.successful
    assert not combined({HUMAN: of(2), LEXICON: of(5, sold=True)}).judgement.successful


judgements = st.builds(
    of,
    st.sampled_from([None, 1, 2, 3, 4, 5]),
    st.floats(0, 1),
    label=st.sampled_from(["said", REFUSED]),
    sold=st.booleans(),
)


@given(st.dictionaries(st.sampled_from([*SCORERS, "else"]), judgements))
def test_whatever_is_said_there_is_one_answer_on_the_scale(voices: dict[str, Judgement]) -> None:
    decided = combined(voices)

    assert decided == combined(dict(reversed(voices.items())))
    assert decided.judgement.score in {None, 1, 2, 3, 4, 5}
    assert 0 <= decided.judgement.confidence <= 1


@given(st.dictionaries(st.sampled_from([LEXICON, JUDGE, TRAINED, REACTION]), judgements))
def test_no_praise_comes_of_voices_of_which_none_praises(voices: dict[str, Judgement]) -> None:
    score = combined(voices).judgement.score or 3
    said = [one.score or 3 for one in voices.values()]
    assert score < 4 or max(said) >= 4
