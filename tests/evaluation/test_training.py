"""A scorer learned of labels: better on what it never saw, and refused when it is not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.agreement import Agreement, agreement
from evaluation.scoring import NO_SIGNAL, score_follow_up
from evaluation.trained import CLASSES, ScorerInvalid, TrainedScorer, unpacked_scorer
from evaluation.training import (
    LEAST_FROZEN,
    Marked,
    TooFewLabels,
    compared,
    fit_scorer,
    side,
    without_copies,
)
from tests.evaluation.measures import answered, classic, follow_ups


@cache
def marked(split: str) -> tuple[Marked, ...]:
    return tuple(
        Marked(row.next, row.score, score_follow_up(row.next, reply=row.reply))
        for row in answered(split)
    )


@cache
def before() -> tuple[Marked, ...]:
    """Labels without the reply, from before there were any with it."""
    rows = [*follow_ups("dev"), *follow_ups("test")]
    return tuple(Marked(row.text, row.score, score_follow_up(row.text)) for row in rows)


@cache
def trained() -> bytes:
    return fit_scorer([*marked("dev"), *before()])


@pytest.fixture(scope="module")
def scorer() -> TrainedScorer:
    return unpacked_scorer(trained())


def by_lexicon(one: Marked) -> int | None:
    return one.lexicon.score


def told(rows: Sequence[Marked], found: Sequence[int | None]) -> Agreement:
    return agreement([one.score for one in rows], found)


def test_it_is_better_than_the_lexicon_on_messages_that_nobody_tuned_on(
    scorer: TrainedScorer,
) -> None:
    rows = marked("test")
    learned = told(rows, [scorer.judge(one.text, one.lexicon).score for one in rows])
    lexicon = told(rows, [by_lexicon(one) for one in rows])
    floor = told(rows, [classic(one.text) for one in rows])

    assert len(rows) >= 200
    assert learned.macro_f1 >= 0.89
    assert learned.macro_f1 > lexicon.macro_f1 > 0.85 > floor.macro_f1 + 0.3
    assert learned.exact > lexicon.exact > 0.78
    assert (lexicon.kappa or 0) > 0.7 > (floor.kappa or 0)
    assert (lexicon.weighted or 0) > 0.85
    assert lexicon.praise_right > 0.85
    assert lexicon.negatives_praised <= 5
    assert floor.negatives_praised > 20


def test_a_gain_is_proved_with_a_bound(scorer: TrainedScorer) -> None:
    gain = compared(marked("test"), by_lexicon, scorer)

    assert gain.proved
    assert 0 < gain.low < gain.after - gain.before


def test_a_few_cases_prove_nothing(scorer: TrainedScorer) -> None:
    assert not compared(marked("test")[: LEAST_FROZEN - 1], by_lexicon, scorer).proved
    assert not compared([], by_lexicon, scorer).proved


def test_who_is_as_good_as_before_is_not_better(scorer: TrainedScorer) -> None:
    same = compared(marked("test"), lambda one: scorer.judge(one.text, one.lexicon).score, scorer)
    assert (same.before, same.low, same.proved) == (same.after, 0.0, False)


def test_who_learned_nonsense_is_not_used() -> None:
    turned = [replace(one, score=6 - one.score if one.score else None) for one in marked("dev")]
    assert not compared(marked("test"), by_lexicon, unpacked_scorer(fit_scorer(turned))).proved


def test_its_probabilities_are_calibrated(scorer: TrainedScorer) -> None:
    """Of what it is sure of by a share, about that share is right."""
    rows = marked("test")
    judged = [scorer.likely(one.text, one.lexicon) for one in rows]
    sure = [max(each.values()) for each in judged]
    right = [
        max(each, key=each.__getitem__) == one.name for each, one in zip(judged, rows, strict=True)
    ]
    assert all(abs(sum(each.values()) - 1) < 1e-6 for each in judged)
    assert abs(sum(sure) / len(sure) - sum(right) / len(right)) < 0.1


def test_a_judgement_tells_why(scorer: TrainedScorer) -> None:
    text = "muy lindo pero carísimo"
    lexicon = score_follow_up(text)
    judged = scorer.judge(text, lexicon)

    assert judged.evidence[0].rule == "learned"
    assert judged.score is not None
    assert side(judged.score) != side(lexicon.score) or set(lexicon.evidence) < set(judged.evidence)


@given(st.text())
@settings(deadline=None)
def test_any_text_can_be_judged(text: str) -> None:
    judged = unpacked(text)
    assert judged in {None, 1, 2, 3, 4, 5}


@cache
def kept() -> TrainedScorer:
    return unpacked_scorer(trained())


def unpacked(text: str) -> int | None:
    return kept().judge(text, score_follow_up(text)).score


def test_too_few_labels_say_what_is_missing() -> None:
    good = [Marked("gracias", 5, NO_SIGNAL)] * 40
    with pytest.raises(TooFewLabels, match="30 more negative, 30 more neutral"):
        fit_scorer(good)


def test_copies_of_what_is_measured_on_are_not_learned() -> None:
    frozen = [Marked("me encantó la polera, gracias por todo", 5, NO_SIGNAL)]
    near = Marked("me encantó la polera, gracias por todo!!", 5, NO_SIGNAL)
    other = Marked("no me llegó el pedido y nadie contesta", 2, NO_SIGNAL)
    assert without_copies([near, other], frozen) == [other]


def test_the_same_labels_make_the_same_scorer(scorer: TrainedScorer) -> None:
    assert scorer.metrics == unpacked_scorer(trained()).metrics
    assert len(scorer.bias) == len(CLASSES)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"labels": ["praise"]},
        {"bias": [0.0]},
        {"slopes": [[1.0]]},
        {"slopes": "many"},
        {"temperature": 0},
        {"temperature": "hot"},
        {"metrics": 5},
    ],
)
def test_bytes_that_do_not_fit_together_are_refused(change: dict[str, object]) -> None:
    head, _, words = trained().partition(b"\n")
    line = json.dumps(json.loads(head) | change).encode()
    with pytest.raises(ScorerInvalid):
        unpacked_scorer(line + b"\n" + words)


@pytest.mark.parametrize("data", [b"", b"{}\n", b"no json\nwords", b"[]\n"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ScorerInvalid):
        unpacked_scorer(data)


def test_damaged_words_are_refused() -> None:
    with pytest.raises(ScorerInvalid):
        unpacked_scorer(trained()[:-40])
