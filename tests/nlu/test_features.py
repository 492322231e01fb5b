"""What a classifier sees of a text."""

import numpy as np
import pytest

from nlu.features import HALF, SIZE, features, rarity_of, weighed


def words(text: str) -> set[int]:
    return {int(place) for place in features(text).places if place >= HALF}


def test_a_number_is_a_number_whichever_it_is() -> None:
    assert (
        features("quiero 3 termos").places.tolist() == features("quiero 27 termos").places.tolist()
    )


def test_a_word_counts_as_it_sounds() -> None:
    assert words("kiero") == words("Quiero")


def test_what_is_denied_is_told_from_what_is_said() -> None:
    assert words("llegó") <= words("me llegó")
    assert not words("llegó") & words("no me llegó")


def test_a_negation_ends_with_its_clause() -> None:
    assert words("quiero") <= words("no, quiero otro")


@pytest.mark.parametrize("text", ["", "🙂", "?!", "a", "ñandú" * 4_000])
def test_any_text_has_features_in_order(text: str) -> None:
    found = features(text)

    assert (np.diff(found.places) > 0).all()
    assert ((found.places >= 0) & (found.places < SIZE)).all()
    assert (found.counts > 0).all()


def test_words_and_pieces_weigh_the_same() -> None:
    found = features("cuánto cuesta la mochila azul")
    weights = weighed(found, rarity_of([found]))

    for half in (weights[found.places < HALF], weights[found.places >= HALF]):
        assert float(half @ half) == pytest.approx(1, abs=1e-5)
