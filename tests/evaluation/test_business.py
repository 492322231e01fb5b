"""A pack's own words add to the score, and a negation before them takes them back."""

from evaluation.business import words_signal
from evaluation.scoring import score_follow_up

OWN = words_signal({5: ("quedé prendido",), 1: ("qué fome",), 4: ("me acomoda",)}, ("resérvamelo",))


def test_a_phrase_of_the_business_decides_where_the_general_lexicon_is_silent() -> None:
    assert score_follow_up("quede prendido").score is None
    assert score_follow_up("quede prendido", extra=[OWN]).score == 5
    assert score_follow_up("que fome", extra=[OWN]).score == 1


def test_a_negated_phrase_says_nothing() -> None:
    assert OWN("eso no me acomoda") is None
    found = OWN("me acomoda")
    assert found is not None
    assert found.weight > 0


def test_a_step_towards_buying_is_a_success() -> None:
    assert score_follow_up("resérvamelo", extra=[OWN]).successful


def test_a_business_without_words_adds_nothing() -> None:
    assert words_signal({}, ())("gracias") is None
