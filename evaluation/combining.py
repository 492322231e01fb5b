"""What all judgements of a reply say together: who is heard first, and who only tempers.

1. A person who read both messages. Who says that the message tells nothing takes its words out.
2. A person who corrected or rejected the answer.
3. An order: what customers do says more than what they write.
4. The words of the next message: the model that read them with a rubric, asked where the lexicon
   is unsure; else the shop's trained scorer, which was measured to be better than the lexicon; else
   the lexicon. Where a model contradicts a lexicon that is sure, the lower score counts: what
   teaches must be beyond doubt, whoever wrote the message that moved the model.
5. Signs without words: a reaction, the same question again, a call for a person. They decide where
   the words say nothing. Bad ones also temper good words, because thanks prove no right answer.
6. Silence says nothing: no score, not 3.

Whether it sold is a question of its own: a person who says so (`sale`) is believed, and a sale that
nobody judged otherwise scores like an order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from evaluation.scoring import NO_SIGNAL, Evidence, Judgement

HUMAN: Final = "human"
EDIT: Final = "edit"
ORDER: Final = "order"
SALE: Final = "sale"
JUDGE: Final = "judge"
TRAINED: Final = "trained"
LEXICON: Final = "lexicon"
REACTION: Final = "reaction"
RECONTACT: Final = "recontact"
HAND_OVER: Final = "hand_over"
SILENCE: Final = "silence"

WORDS: Final = (JUDGE, TRAINED, LEXICON)
SIGNS: Final = (REACTION, RECONTACT, HAND_OVER)
SCORERS: Final = (HUMAN, EDIT, ORDER, SALE, *WORDS, *SIGNS, SILENCE)

REFUSED: Final = "refused"
"""The label of a judgement that could not be used: it is kept, and counts for nothing."""
DISPUTED: Final = "disputed"
GOOD, MIDDLE, BAD = 4, 3, 2
SURE: Final = 0.8
"""From here on the lexicon is not simply overruled."""
_DISPUTED: Final = 0.4
_TEMPERED: Final = 0.6


@dataclass(frozen=True, slots=True)
class Decided:
    """The score that counts, and by whom it is: a scorer's name."""

    judgement: Judgement
    by: str


def combined(voices: Mapping[str, Judgement]) -> Decided:
    """`voices` holds the newest judgement of each scorer; those we do not know are not heard."""
    heard = {name: one for name, one in voices.items() if one.label != REFUSED}
    sale = heard.get(SALE)
    if sale is None:
        return _judged(heard)
    if not sale.successful:
        heard.pop(ORDER, None)
    found = _judged(heard)
    return replace(found, judgement=replace(found.judgement, successful=sale.successful))


def _judged(heard: Mapping[str, Judgement]) -> Decided:
    for name in (HUMAN, EDIT, ORDER, SALE):
        if name in heard and heard[name].score is not None:
            return Decided(_successful(heard[name], heard), name)
    decided = Decided(NO_SIGNAL, "") if HUMAN in heard else _worded(heard)
    signs = [(name, heard[name]) for name in SIGNS if name in heard]
    signs = [(name, one) for name, one in signs if one.score is not None]
    if decided.judgement.score is None:
        return _signed(signs) or _silent(heard, decided)
    return _tempered(decided, [one for _, one in signs])


def _successful(leader: Judgement, heard: Mapping[str, Judgement]) -> Judgement:
    """An order is a success whatever a person thinks of the answer; words are, if it was good."""
    said = (leader.score or 0) >= GOOD and any(
        heard[name].successful for name in WORDS if name in heard
    )
    return replace(leader, successful=leader.successful or ORDER in heard or said)


def _worded(heard: Mapping[str, Judgement]) -> Decided:
    leader = next((name for name in WORDS if name in heard), "")
    if not leader:
        return Decided(NO_SIGNAL, "")
    judgement, floor = heard[leader], heard.get(LEXICON)
    if floor is None or leader == LEXICON or floor.confidence < SURE:
        return Decided(judgement, leader)
    if not _opposed(judgement, floor):
        return Decided(judgement, leader)
    lower = min((judgement, floor), key=lambda one: one.score or 0)
    both = (*lower.evidence, *(judgement if lower is floor else floor).evidence)
    disputed = replace(lower, label=DISPUTED, confidence=_DISPUTED, successful=False, evidence=both)
    return Decided(disputed, leader)


def _opposed(one: Judgement, other: Judgement) -> bool:
    scores = (one.score or MIDDLE, other.score or MIDDLE)
    return min(scores) <= BAD and max(scores) >= GOOD


def _signed(signs: Sequence[tuple[str, Judgement]]) -> Decided | None:
    """Of several signs the worst counts: a thumb up and a call for a person are no praise."""
    if not signs:
        return None
    name, worst = min(signs, key=lambda sign: sign[1].score or 0)
    return Decided(replace(worst, evidence=_all(one for _, one in signs)), name)


def _silent(heard: Mapping[str, Judgement], said: Decided) -> Decided:
    """The label tells whether there were words without a signal, or no words at all."""
    silence = heard.get(SILENCE)
    if silence is not None and not said.by:
        return Decided(silence, SILENCE)
    return said


def _tempered(decided: Decided, signs: Sequence[Judgement]) -> Decided:
    judgement = decided.judgement
    against = [one for one in signs if _opposed(one, judgement)]
    if not against:
        return decided
    score = min(judgement.score or MIDDLE, MIDDLE)
    tempered = replace(
        judgement,
        score=score,
        label="mixed" if score == MIDDLE else judgement.label,
        confidence=round(judgement.confidence * _TEMPERED, 2),
        evidence=(*judgement.evidence, *_all(against)),
    )
    return Decided(tempered, decided.by)


def _all(judgements: Iterable[Judgement]) -> tuple[Evidence, ...]:
    return tuple(found for one in judgements for found in one.evidence)
