"""What is known of an evaluation before anything is answered: what is understood, and how many
cases each gate will have. No answer changes how many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.evaluation import EvaluationSettings
from config.packs import Pack
from evaluation.cases import Given, case_of, name_of
from evaluation.gates import confidence_of, passable
from evaluation.metrics import Counts, Figures, Row, most_frequent, understood
from evaluation.understanding import Understood, business
from learning.measuring import Guess


@dataclass(frozen=True, slots=True)
class Plan:
    """`read` is what is understood of the labelled messages, `top` the intents that F1 is of."""

    read: Understood
    top: tuple[str, ...]
    counts: Counts

    def figures(
        self, rows: Sequence[Row], intents: Sequence[Guess], slots: Sequence[bool], sure: float
    ) -> Figures:
        """With what was understood of the golden cases that say what they mean."""
        f1, each = understood([*self.read.guesses, *intents], self.top, sure)
        right, of = self.read.slots
        exact = right + sum(slots), of + len(slots)
        return Figures(tuple(rows), f1, each, self.counts.labelled, exact)

    def risk(self, knobs: EvaluationSettings) -> Callable[[int], Mapping[str, Any]]:
        """What the columns of an evaluation say that is the n-th of its model."""

        def columns(attempt: int) -> Mapping[str, Any]:
            return {
                "attempt": attempt,
                "confidence": confidence_of(attempt, knobs.confidence),
                "spent": passable(self.counts, knobs, attempt),
            }

        return columns


def planned(
    given: Given, pack: Pack, read: Understood, asked_for: Mapping[str, int], limit: int
) -> Plan:
    """`asked_for` is how often each intent was; F1 is of at most `limit`, the most frequent."""
    cases = [case_of(row) for row in given.cases]
    meant = [case.intent for case in cases if case.intent is not None]
    wanted = {*meant, *(guess.wanted for guess in read.guesses)}
    named = [name for name in business(pack) if name in wanted]
    top = most_frequent(asked_for, named, limit)
    groups = {guess.group for guess in read.guesses if guess.wanted in top}
    names = {case.name for case in cases} | {name_of(label) for label in given.labels}
    counts = Counts(
        labelled=len(groups) + sum(intent in top for intent in meant),
        slots=read.slots[1] + sum(case.slots is not None for case in cases),
        answers=len(names),
        golden=len(cases),
    )
    return Plan(read, tuple(top), counts)
