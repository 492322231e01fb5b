"""A score of 1 to 5 for a reply from what the customer wrote next, or no score at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evaluation import lexicon as lex
from evaluation.context import in_context
from evaluation.lexicon import Sense
from evaluation.reading import Mark, Reading, read


@dataclass(frozen=True, slots=True)
class Evidence:
    """`weight` runs from -3 (a furious customer) to 3 (a sale); 0 is neither good nor bad."""

    rule: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    score: int | None
    label: str
    confidence: float
    successful: bool
    evidence: tuple[Evidence, ...]


Signal = Callable[[str], Evidence | None]

NO_SIGNAL: Final = Judgement(None, "no_signal", 0.0, successful=False, evidence=())
_CONFIDENCE: Final = {
    "purchase_intent": 0.9,
    "praise": 0.85,
    "thanks": 0.7,
    "payment_question": 0.7,
    "interest": 0.7,
    "liking": 0.65,
    "agreement": 0.45,
    "conditional": 0.4,
    "asks_detail": 0.5,
    "haggling": 0.5,
    "hesitation": 0.55,
    "mixed": 0.35,
    "rejection": 0.85,
    "complaint": 0.85,
    "trouble": 0.7,
    "lost_sale": 0.75,
    "too_expensive": 0.7,
    "confusion": 0.75,
    "asks_human": 0.65,
    "refusal": 0.35,
    "request": 0.4,
}
_BEFORE_CONTRAST: Final = 0.35
_OBSTRUCTED: Final = 0.4
_CONCEDED: Final = 0.5
_OUTWEIGHS: Final = 1.5
# "se me cierra cuando quiero pagar": the wish to pay is not the message.
_OBSTACLES: Final = frozenset({lex.TROUBLE, lex.COMPLAINT, lex.CONFUSION})
_LONG: Final = 14
_BARE: Final = 3
_ROLLED_EYES: Final = frozenset("🙄🤡😒")


@dataclass(frozen=True, slots=True)
class _Heard:
    mark: Mark
    weight: float


def score_follow_up(
    text: str, *, reply: str | None = None, extra: Sequence[Signal] = ()
) -> Judgement:
    """`reply` is what the customer answers: a "sí" to an offer is not a "sí" to a question."""
    reading = read(text)
    marks = [*reading.marks, *_signalled(text, extra)]
    marks = in_context(marks, reading, text, reply)
    heard = _weighed(marks, reading)
    if not heard:
        return NO_SIGNAL if not reading.asked else _asked(reading)
    return _judged(heard, reading)


def _signalled(text: str, extra: Iterable[Signal]) -> list[Mark]:
    marks = []
    for signal in extra:
        evidence = signal(text)
        if evidence is not None:
            weight = min(max(evidence.weight, -3.0), 3.0)
            marks.append(Mark(Sense(evidence.rule, _grade(weight), weight), evidence.text, -1))
    return marks


def _grade(weight: float) -> int:
    if abs(weight) >= 2:  # noqa: PLR2004  a loud signal takes the end of the scale
        return 5 if weight > 0 else 1
    return 3 + (weight > 0) - (weight < 0)


def _asked(reading: Reading) -> Judgement:
    question = next(clause for clause in reading.clauses if clause.asked)
    evidence = Evidence("asks_detail", " ".join(question.tokens), 0.0)
    return Judgement(3, "asks_detail", 0.5, successful=False, evidence=(evidence,))


def _weighed(marks: list[Mark], reading: Reading) -> list[_Heard]:
    """What stands before "pero", after "aunque" or beside a trouble counts less."""
    turn = max((i for i, clause in enumerate(reading.clauses) if clause.contrasts), default=-1)
    obstructed = {mark.clause for mark in marks if mark.sense in _OBSTACLES}
    heard = []
    for mark in marks:
        weight = mark.sense.weight
        if weight > 0 and mark.clause >= 0 and mark.clause in obstructed:
            weight *= _OBSTRUCTED
        if 0 <= mark.clause < turn:
            weight *= _BEFORE_CONTRAST
        if mark.clause >= 0 and reading.clauses[mark.clause].concedes:
            weight *= _CONCEDED
        heard.append(_Heard(mark, weight))
    return heard


def _judged(heard: list[_Heard], reading: Reading) -> Judgement:
    good = [h for h in heard if h.weight > 0]
    bad = [h for h in heard if h.weight < 0]
    real = [h for h in good if h.mark.sense.label not in lex.POLITE]
    if bad and _loudest(bad).mark.sense.score == 1:
        real = [h for h in real if h.mark.sense is not lex.REQUEST]  # "quiero mi plata"
    if all(h.mark.sense is lex.REFUSAL for h in bad) and any(
        h.weight >= lex.LIKING.weight for h in real
    ):
        bad = []  # "no, todo perfecto": the refusal is of something else
    if not bad:
        score, leader = _without_complaint(heard, good, real, reading)
    elif not real:
        score, leader = _against_politeness(bad, good)
    else:
        score, leader = _mixed(real, bad, reading)
    label = "mixed" if score == 3 and leader.weight else leader.mark.sense.label  # noqa: PLR2004  the middle of the scale
    return Judgement(
        score,
        label,
        _confidence(label, heard, reading, conflict=bool(bad and good)),
        successful=score > 3 and any(h.mark.sense.label in lex.SUCCESSFUL for h in real),  # noqa: PLR2004  the middle of the scale
        evidence=tuple(Evidence(_rule(h.mark), h.mark.text, round(h.weight, 2)) for h in heard),
    )


def _rule(mark: Mark) -> str:
    return f"negated.{mark.sense.label}" if mark.negated else mark.sense.label


def _loudest(heard: list[_Heard]) -> _Heard:
    return max(heard, key=lambda h: abs(h.weight))


def _without_complaint(
    heard: list[_Heard], good: list[_Heard], real: list[_Heard], reading: Reading
) -> tuple[int, _Heard]:
    waiting = next((h for h in heard if h.mark.sense is lex.WAITING), None)
    haggling = next((h for h in heard if h.mark.sense is lex.HAGGLING), None)
    if not good:
        return 3, waiting or haggling or heard[0]
    leader = max(good, key=lambda h: (h.mark.sense.score, h.weight))
    if leader.mark.sense in {lex.PURCHASE, lex.PAYMENT}:
        return leader.mark.sense.score, leader
    hesitant = waiting or haggling
    if hesitant is not None:
        return (4, leader) if leader.mark.sense is lex.PRAISE else (3, hesitant)
    best = max(h.mark.sense.score for h in good)
    if not real and reading.asked:
        best = 4
    return min(best, 4) if reading.asked else best, leader


def _against_politeness(bad: list[_Heard], good: list[_Heard]) -> tuple[int, _Heard]:
    leader = _loudest(bad)
    if (
        leader.mark.sense is lex.REFUSAL
        and good
        and leader.weight + max(h.weight for h in good) > 0
    ):
        return 4, _loudest(good)
    return leader.mark.sense.score, leader


def _mixed(real: list[_Heard], bad: list[_Heard], reading: Reading) -> tuple[int, _Heard]:
    best, worst = _loudest(real), _loudest(bad)
    if _mocks(real, bad, reading):
        return 1, worst
    if best.weight >= _OUTWEIGHS * -worst.weight:
        return 4, best
    if -worst.weight < best.weight:
        return 3, worst
    return max(worst.mark.sense.score, 2), worst


def _mocks(real: list[_Heard], bad: list[_Heard], reading: Reading) -> bool:
    """ "Excelente, me bloquearon la cuenta": a bare cheer, and then the trouble."""
    if any(clause.contrasts or clause.concedes for clause in reading.clauses):
        return False
    cheers = any(h.mark.sense is lex.PRAISE and h.mark.clause <= 0 for h in real)
    troubled = [h.mark for h in bad if h.mark.sense in {lex.TROUBLE, lex.COMPLAINT}]
    if cheers and any(mark.text in _ROLLED_EYES for mark in troubled):
        return True
    bare = len(reading.clauses[0].tokens) <= _BARE if reading.clauses else False
    return cheers and bare and any(mark.clause > 0 for mark in troubled)


def _confidence(label: str, heard: list[_Heard], reading: Reading, *, conflict: bool) -> float:
    value = _CONFIDENCE.get(label, 0.6)
    if conflict:
        value *= 0.7
    if len(heard) > 1 and not conflict:
        value += 0.05
    if reading.words > _LONG:
        value *= 0.85
    if all(h.mark.negated for h in heard):
        value *= 0.85
    return round(min(value, 0.98), 2)
