"""What the lexicon hears in each clause of a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from evaluation import lexicon as lex
from evaluation.clauses import PHRASES, Clause, cut
from evaluation.lexicon import Sense, words
from evaluation.matching import longest

# "me cobraron", "me bloquearon": what others did to the customer, unless it is one of these.
_DONE_TO_ME = re.compile(
    r"(?!ayud|atend|respond|contest|recomend|gust|encant|lleg|dij|envi|mand|di|expli|soluc|resolv"
    r"|hic|sirv|interes|regal|trat|aclar|avis|llam|escrib|confirm|asesor|orient|inform|entreg|cont|"
    r"coment|salv|coloc|vin|vend|sorprend|cambi|facilit|ensen|gui|arregl|guard|cumpl|invit|compr|"
    r"consig|reserv|qued|parec|sal|alegr|toc|fu|pas|sac|permit|recib|felicit|acompan|prest|tra|pus|acept|aprob|habl|ofrec|convenc|dieron|traj|pidi|mostr)"
    r"[a-z]{2,}(?:aron|ieron)\Z"
)
_NEGATION_REACH: Final = 4
# "no creo que", "no diría que", "no es que": what follows is denied as far as the clause goes.
_OPINIONS: Final = words(
    "creo diria digo dire pienso parece parecio considero encuentro siento veo es sea fue puedo"
    " podria decir se sabria me estoy seguro segura convencido convencida espero"
)
_FEW: Final = 3
_SOME: Final = words("poco poca")
_INDEED: Final = words("ahora eso asi que claro esto este esta ese")  # "ahora sí"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing heard: a sense, the words that said it, and in which clause."""

    sense: Sense
    text: str
    clause: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    clauses: tuple[Clause, ...]
    marks: tuple[Mark, ...]
    words: int
    asked: bool


@dataclass(frozen=True, slots=True)
class _Meant:
    """`denied`: where the last denial in words ended; `used`: no negator before it counts again."""

    sense: Sense
    denied: int
    used: int


def read(text: str) -> Reading:
    clauses, signs = cut(text)
    marks = [Mark(sense, sign, -1) for sense, sign in signs]
    yes = "sí" in text.lower()
    for place, clause in enumerate(clauses):
        marks += _heard(clause, place, yes=yes)
    marks = [_supposed(mark, clauses) for mark in marks if not _only_feared(mark, clauses)]
    asked = any(clause.asked for clause in clauses)
    return Reading(tuple(clauses), tuple(marks), sum(len(c.tokens) for c in clauses), asked)


def _only_feared(mark: Mark, clauses: list[Clause]) -> bool:
    """`si no me queda bien, ¿lo cambian?` complains of nothing."""
    feared = mark.sense in {lex.TROUBLE, lex.EXPENSIVE, lex.LIKING, lex.PRAISE}
    if not feared or mark.clause < 0:
        return False
    return clauses[mark.clause].supposes and "si" in clauses[mark.clause].tokens[:2]


def _supposed(mark: Mark, clauses: list[Clause]) -> Mark:
    """`si me haces precio, lo llevo` is not yet a sale."""
    if mark.sense.label not in lex.SUCCESSFUL or mark.clause < 0:
        return mark
    before = mark.clause and clauses[mark.clause - 1].supposes
    if clauses[mark.clause].supposes or (before and not clauses[mark.clause].contrasts):
        return replace(mark, sense=lex.CONDITION)
    return mark


def _heard(clause: Clause, place: int, *, yes: bool) -> list[Mark]:
    tokens = clause.tokens
    whole = _whole_answer(tokens, asked=clause.asked)
    if whole is not None:
        return [Mark(whole, " ".join(tokens), place)]
    marks: list[Mark] = []
    at = denied = used = 0
    while at < len(tokens):
        end, sense = _phrase(tokens, at)
        if sense is None:
            sense = _single(tokens, at, yes=yes, asked=clause.asked)
            supposes = tokens[at] == "si" and sense is None
            clause.supposes |= supposes and not (at and tokens[at - 1] in _INDEED)
        elif tokens[at] in lex.NEGATORS:
            used = end
            denied = end if sense is not lex.NOTHING else denied
        if sense is not None and sense is not lex.NOTHING:
            marks += _voiced(clause, place, (at, end), _Meant(sense, denied, used))
        at = end
    return marks


def _phrase(tokens: list[str], at: int) -> tuple[int, Sense | None]:
    """The phrase that begins here; "súper" and "qué" give way to a longer one that they stress."""
    end, sense = longest(PHRASES, tokens, at)
    if sense is None:
        return at + 1, None
    if at + 1 < len(tokens) and (tokens[at] == "que" or end == at + 1) and _stresses(tokens[at]):
        further, stronger = longest(PHRASES, tokens, at + 1)
        if stronger is not None and stronger is not lex.NOTHING and further > end:
            return further, stronger
    return end, sense


def _stresses(word: str) -> bool:
    return word == "que" or word in lex.STRENGTHENERS


def _whole_answer(tokens: list[str], *, asked: bool) -> Sense | None:
    """Yes, no and "qué?" only count when the clause says nothing else."""
    spoken = set(tokens)
    if asked and spoken and spoken <= lex.PUZZLED:
        return lex.CONFUSION
    if spoken & lex.DENIAL and spoken <= lex.DENIAL:
        return lex.REFUSAL
    if len(tokens) <= _FEW and spoken & lex.ASSENT and spoken <= lex.ASSENT:
        return None if asked else lex.AGREEMENT
    return None


def _single(tokens: list[str], at: int, *, yes: bool, asked: bool) -> Sense | None:
    word = tokens[at]
    if at == 0 and (word in lex.ASSENT_LEADS or (word == "si" and yes)):
        return lex.AGREEMENT
    if word in lex.LINKS and (asked or len(tokens) <= _FEW):
        return lex.PAYMENT
    if at and tokens[at - 1] in {"me", "nos"} and _DONE_TO_ME.match(word):
        return lex.TROUBLE
    return None


def _voiced(clause: Clause, place: int, span: tuple[int, int], meant: _Meant) -> Iterator[Mark]:
    tokens, sense, denied = clause.tokens, meant.sense, meant.denied
    if span[0] and tokens[span[0] - 1] == "si" and sense.weight < 0:
        return  # only feared: "¿se puede devolver si no me gusta?"
    text = " ".join(tokens[span[0] : span[1]])
    if denied and span[0] >= denied and sense.weight > 0 and _reaches(tokens, denied, span[0]):
        return  # the object of what was denied: "no me llega el link"
    if _negated(tokens, max(span[0] - _NEGATION_REACH, meant.used), span[0]) or _doubted(
        tokens, span[0]
    ):
        turned = lex.NEGATED.get(sense)
        if turned is not None:
            yield Mark(turned, f"no … {text}", place, negated=True)
        return
    questioned = _questioned(sense, tokens) if clause.asked else sense
    if questioned is not None:
        yield Mark(questioned, text, place)


def _reaches(tokens: list[str], start: int, end: int) -> bool:
    return lex.STOPPERS.isdisjoint(tokens[start:end])


def _doubted(tokens: list[str], start: int) -> bool:
    """ "no diría que fue una buena experiencia": the denial reaches over a "que"."""
    if "no" not in tokens or "que" not in tokens:
        return False
    denial = tokens.index("no")
    for place in range(denial + 1, start):
        if tokens[place] == "que":
            return place > denial + 1 and lex.STOPPERS.isdisjoint(tokens[place:start])
        if tokens[place] not in _OPINIONS:
            return False
    return False


def _negated(tokens: list[str], floor: int, start: int) -> bool:
    for place in range(start - 1, floor - 1, -1):
        if tokens[place] in lex.STOPPERS:
            return False
        if tokens[place] in lex.NEGATORS and tokens[place + 1] != "que":
            if tokens[place] in _SOME and place and tokens[place - 1] in {"un", "una"}:
                continue  # "un poco caro" is dear
            if tokens[place] in lex.NEVER and not lex.SEEN_SO.isdisjoint(tokens[place:start]):
                return False  # "nunca había visto algo tan malo" denies nothing
            return tokens[start] not in lex.NEGATORS
    return False


def _questioned(sense: Sense, tokens: list[str]) -> Sense | None:
    """Asking whether it is good, dear or slow is not saying so."""
    if sense in {lex.PRAISE, lex.LIKING, lex.AGREEMENT}:
        return None
    if sense in {lex.TROUBLE, lex.EXPENSIVE}:
        said = tokens[: tokens.index("si")] if "si" in tokens else tokens
        loud = not lex.LOUD_IN_A_QUESTION.isdisjoint(said)
        reproach = sense is lex.TROUBLE and {"por", "que"} <= set(tokens)
        return sense if loud or reproach else None
    return lex.CONFUSION if sense is lex.COMPLAINT else sense
