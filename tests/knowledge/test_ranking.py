from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.ranking import POSTINGS, answers, asked, coverage, diverse, guesses, idf, misspelled


@dataclass(frozen=True)
class One:
    score: float
    vector: NDArray[np.float32] | None = None


def vector(*numbers: float) -> NDArray[np.float32]:
    value = np.array(numbers, np.float32)
    return value / np.linalg.norm(value)


def test_a_rare_word_weighs_more_and_none_weighs_less_than_nothing() -> None:
    assert idf(1, 100) > idf(50, 100) > idf(100, 100) > 0


def test_unknown_words_count_as_what_is_missing() -> None:
    told = asked(["aval", "xyz"], {"aval": 2}, {}, 100)
    assert set(told.weights) == {"aval"}
    assert told.total == pytest.approx(idf(2, 100) + idf(0, 100))


def test_a_misspelled_word_weighs_what_the_meant_one_does_but_for_its_distance() -> None:
    told = asked(["volet"], {"bolet": 2}, {"volet": {"bolet": 0.8}}, 100)
    assert told.weights == {"bolet": pytest.approx(0.8 * idf(2, 100))}
    assert told.corrected == {"volet": ("bolet",)}


def test_the_commonest_words_are_left_out_when_they_would_cost_too_much() -> None:
    known = {"raro": 5, "comun": POSTINGS, "demasiado": POSTINGS * 2}
    assert set(asked(known, known, {}, POSTINGS * 3).weights) == {"raro"}
    assert set(asked(["demasiado"], known, {}, POSTINGS * 3).weights) == {"demasiado"}


@pytest.mark.parametrize(
    ("word", "near", "guessed"),
    [
        ("volet", ["bolet", "billet"], {"bolet": 0.8}),
        ("inpermeavl", ["impermeabl"], {"impermeabl": 0.6}),
        ("casa", ["mesa", "cosa", "cama"], {"cosa": 0.8, "cama": 0.8}),
        ("casa", ["perro"], {}),
        ("casa", [], {}),
    ],
)
def test_a_guess_is_the_nearest_known_word(
    word: str, near: list[str], guessed: dict[str, float]
) -> None:
    assert guesses(word, near) == guessed


def test_short_words_and_numbers_are_what_they_are() -> None:
    assert [word for word in ("sol", "24990", "a4b5", "boleta") if misspelled(word)] == ["boleta"]


def test_a_passage_answers_by_its_words_or_by_its_meaning() -> None:
    assert answers(0.4, None, "offline-1")
    assert not answers(0.39, None, "offline-1")
    assert answers(0, 0.25, "offline-1")
    assert not answers(0, 0.44, "text-embedding-3-small")
    assert answers(0, 0.45, "text-embedding-3-small")


def test_a_word_counts_once_however_many_of_its_synonyms_are_said() -> None:
    known = {"envi": 5, "despach": 5, "flet": 5, "aval": 5}
    meant = {"envi": {"despach": 0.9, "flet": 0.9}}
    told = asked(["envi", "aval"], known, meant, 100)
    assert coverage(told, {"envi", "despach", "flet"}) == pytest.approx(0.5)
    assert coverage(told, {"despach", "flet"}) == pytest.approx(0.45)
    assert coverage(told, {"aval", "despach"}) == pytest.approx(0.95)
    assert coverage(told, {"aval", "envi"}) == pytest.approx(1)
    assert coverage(asked([], known, {}, 100), {"aval"}) == 0


def test_what_repeats_the_best_comes_after_what_says_something_else() -> None:
    found = [One(1.0, vector(1, 0)), One(0.9, vector(1, 0)), One(0.75, vector(0, 1))]
    assert diverse(found, 2) == [0, 2]
    assert diverse(found, 9) == [0, 2, 1]
    assert diverse([], 3) == []


def test_without_vectors_the_order_stays() -> None:
    assert diverse([One(0.9), One(0.5), One(0.1)], 3) == [0, 1, 2]
    assert diverse([One(0.5, vector(1, 0)), One(0.4), One(0.3, vector(1, 0))], 2) == [0, 1]
