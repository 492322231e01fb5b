"""Which good answers are fit to be shown in a prompt, and which of them make a set."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest
from typing import Final

from learning.curation import Example
from learning.volatile import templated
from store.examples import Candidate
from text.folding import clean
from text.injection import links, suspicions

LEAST_WORDS: Final = 2
LONGEST_QUESTION, LONGEST_ANSWER = 300, 500


def teaches(question: str, answer: str) -> bool:
    """A question of some words, a short answer without links or orders."""
    question, answer = clean(question), clean(answer)
    if not len(question.split()) >= LEAST_WORDS or len(question) > LONGEST_QUESTION:
        return False
    if not answer or len(answer) > LONGEST_ANSWER:
        return False
    return not any(suspicions(text) or links(text) for text in (question, answer))


def useful(found: Iterable[Candidate]) -> list[Candidate]:
    """Those that teach, their amounts and dates as placeholders."""
    return [
        replace(one, answer=templated(one.answer))
        for one in found
        if teaches(one.question, one.answer)
    ]


def chosen(rows: Iterable[Example], most: int) -> list[Example]:
    """The best of each intent in turn, so that a frequent one leaves room for the others."""
    fit = [row for row in rows if not row.rejected and not row.no_training]
    fit = [row for row in fit if teaches(row.question, row.answer)]
    return list(islice(_in_turn(sorted(fit, key=preference)), most))


def preference(row: Example) -> tuple[bool, bool, int, float, str]:
    """The best first: a human's, then a success, then the score, then the newest."""
    return not row.human, not row.successful, -(row.score or 0), -row.at.timestamp(), row.id.hex


def _in_turn(ranked: Sequence[Example]) -> Iterator[Example]:
    by_intent: dict[str, list[Example]] = {}
    for row in ranked:
        by_intent.setdefault(row.intent, []).append(row)
    rounds = zip_longest(*by_intent.values())
    return (row for row in chain.from_iterable(rounds) if row is not None)
