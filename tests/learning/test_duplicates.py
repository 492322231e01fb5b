import numpy as np

from learning.duplicates import EXACT, NEAR, NONE, find_copies
from learning.grouping import Clusters
from tests.builders import wording
from tests.learning.examples import misspelt
from text.folding import tokenise

ORIGINALS = 1500


def a_pair(number: int) -> tuple[str, str]:
    return (
        f"Hola, quisiera {wording(number, 10)}",
        f"Claro, te ofrezco {wording(number + ORIGINALS, 16)}",
    )


def a_copy(pair: tuple[str, str], seed: int) -> tuple[str, str]:
    """What people do to a text: typing errors, another number, a word less."""
    question, answer = (misspelt(text, seed, share=0.01) for text in pair)
    words = answer.split()
    del words[np.random.default_rng(seed).integers(3, len(words))]
    return question.upper() if seed % 3 == 0 else question, " ".join(words)


def test_near_copies_are_found_and_others_are_not() -> None:
    originals = [a_pair(number) for number in range(1, ORIGINALS + 1)]
    copies = [a_copy(pair, seed) for seed, pair in enumerate(originals)]
    found = find_copies([*originals, *copies]).copy
    false = sum(copy != NONE for copy in found[:ORIGINALS])
    true = sum(copy != NONE for copy in found[ORIGINALS:])
    assert true / (true + false) > 0.98
    assert true / ORIGINALS > 0.95


def test_nearly_all_that_comparing_each_with_each_finds_is_found() -> None:
    pairs = [a_pair(number % 150 + 1) for number in range(600)]
    pairs = [
        (question, misspelt(answer, place, share=0.01 * (place // 150)))
        for place, (question, answer) in enumerate(pairs)
    ]
    found = [copy != NONE for copy in find_copies(pairs).copy]
    truth = compared_each_with_each(pairs)
    assert 100 < sum(truth) < 450
    assert sum(one == other for one, other in zip(found, truth, strict=True)) > 0.97 * len(pairs)


def compared_each_with_each(pairs: list[tuple[str, str]]) -> list[bool]:
    originals: list[set[str]] = []
    verdicts = []
    for question, answer in pairs:
        text = "\n".join(" ".join(tokenise(part)) for part in (question, answer))
        grams = {text[start : start + 4] for start in range(len(text) - 3)}
        is_copy = any(len(grams & other) >= 0.7 * len(grams | other) for other in originals)
        verdicts.append(is_copy)
        if not is_copy:
            originals.append(grams)
    return verdicts


def test_spelling_punctuation_and_case_make_no_other_text() -> None:
    pairs = [("¿Cuánto CUESTA?", "Cuesta poco."), ("cuanto cuesta", "cuesta poco")]
    assert find_copies(pairs).copy.tolist() == [NONE, EXACT]


def test_an_answer_that_many_questions_share_does_not_make_them_copies() -> None:
    answer = " ".join(wording(seed) for seed in range(5))
    pairs = [(wording(seed), answer) for seed in range(100, 110)]
    assert find_copies(pairs).copy.tolist() == [NONE] * 10


def test_two_originals_that_share_a_copy_are_one_cluster() -> None:
    words = wording(1, 40).split()
    changed = wording(2, 16).split()
    pairs = [
        ("la misma pregunta", " ".join([*words[:-5], *changed[:5]])),
        ("la misma pregunta", " ".join([*changed[-5:], *words[5:]])),
        ("la misma pregunta", " ".join(words)),
    ]
    found = find_copies(pairs)
    assert found.copy.tolist() == [NONE, NONE, NEAR]
    assert found.cluster.tolist() == [0, 0, 0]


def test_texts_shorter_than_a_gram_are_compared_too() -> None:
    found = find_copies([("a", "b"), ("a", "b"), ("c", "d"), ("", "")])
    assert found.copy.tolist() == [NONE, EXACT, NONE, NONE]


def test_disjoint_sets_are_named_by_their_smallest_member() -> None:
    sets = Clusters(6)
    sets.join(5, 3)
    sets.join(3, 1)
    assert [sets.find(one) for one in range(6)] == [0, 1, 2, 1, 4, 1]
