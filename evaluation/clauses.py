"""A message cut into clauses of plainly spelled words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from evaluation import lexicon as lex
from evaluation.complaints import HOSTILE
from evaluation.idioms import IDIOMS
from evaluation.lexicon import Sense
from evaluation.matching import compiled, longest
from evaluation.neutral import NEUTRAL
from evaluation.phrases import FRIENDLY
from text.folding import EMOJI, fold, plain_emoji, squeeze

PHRASES: Final = compiled(IDIOMS, HOSTILE, FRIENDLY, NEUTRAL)
_TOKEN = re.compile(
    rf"(?P<word>[0-9]+(?:[.,:/-][0-9]+)+|[^\W_]+)|(?P<mark>[?!¿¡.,;:…()\n]+)|(?P<emoji>{EMOJI})"
)
_LAUGHTER = re.compile(r"\b(?:a*(?:j+[aeiou]+){2,}j*|(?:ha){2,}h?|k{3,}|l+o+l+|x+d+)\b")
_LAUGHS = re.compile(r"j[aeiou]|ha|kk|l+o+l|xd")
_FULL_MARK_DIGITS = re.compile("[057]")
_EMOTICON_EYES = re.compile("[:=;<(]")
_FULL_MARKS = re.compile(r"\b(10|5|7|100)\s?(?:/|de|sobre)\s?\1\b(?!\s?/)")
_JOINED_REFUSAL = re.compile(r"\bno\s*[,.!]+\s*(?=(?:muchas\s|mil\s)?(?:gracias|thank))")
_EMOTICON = re.compile(r"(?<!\w)(?:(?P<glad>[:=;]-?[)dp]|<3|\(y\))|(?P<sad>[:=]-?[(/]|:'\())(?!\w)")
_SUPERLATIVE = re.compile(r"([a-z]{3,})isim([oa]s?)\Z")
_MORE: Final = frozenset({"mas", "tan"})
_LEAST_CORRECTABLE: Final = 6


@dataclass(slots=True)
class Clause:
    tokens: list[str] = field(default_factory=list)
    asked: bool = False
    contrasts: bool = False
    concedes: bool = False
    supposes: bool = False


Sign = tuple[Sense, str]


def cut(text: str) -> tuple[list[Clause], list[Sign]]:
    """The clauses, and the emoji and emoticons that mean something."""
    folded = _tidied(fold(text))
    signs: list[Sign] = [
        (lex.AGREEMENT if match["glad"] else lex.TROUBLE, match[0])
        for match in (_EMOTICON.finditer(folded) if _EMOTICON_EYES.search(folded) else ())
    ]
    clauses, asking = [Clause()], False
    for match in _TOKEN.finditer(squeeze(folded)):
        if match["word"]:
            _take(clauses, match["word"])
        elif match["emoji"]:
            sense = lex.EMOJI.get(plain_emoji(match[0]))
            if sense is not None:
                signs.append((sense, match[0]))
            clauses.append(Clause(asked=asking))
        else:
            asking = "¿" in match[0] or (asking and "?" not in match[0])
            clauses[-1].asked |= "?" in match[0]
            clauses.append(Clause(asked=asking))
    kept = [clause for clause in clauses if clause.tokens or clause.contrasts]
    for clause in kept:
        _notice_question(clause)
    return kept, signs


def _tidied(folded: str) -> str:
    """Laughter out, full marks in words, and "no, gracias" in one piece."""
    if _LAUGHS.search(folded):
        folded = _LAUGHTER.sub(" ", folded)
    if _FULL_MARK_DIGITS.search(folded):
        folded = _FULL_MARKS.sub("excelente", folded)
    if "no" in folded:
        folded = _JOINED_REFUSAL.sub("no ", folded)
    return folded


def _take(clauses: list[Clause], word: str) -> None:
    """Add a word to its clause; "pero", "aunque" and "y cuánto" begin another."""
    for token in _spelled(word):
        clause = clauses[-1]
        if token in lex.CONTRAST or token in lex.CONCESSION:
            concedes = token in lex.CONCESSION
            clauses.append(Clause(asked=clause.asked, contrasts=not concedes, concedes=concedes))
            if token in lex.LAMENT:
                clauses[-1].tokens.append(token)
        elif token in lex.QUESTION_WORDS and clause.tokens and clause.tokens[-1] == "y":
            clause.tokens.pop()
            clauses.append(Clause([token], asked=clause.asked))
        elif token not in lex.FILLERS:
            clause.tokens.append(token)


@lru_cache(maxsize=8192)
def _spelled(word: str) -> tuple[str, ...]:
    known = lex.SPELLINGS.get(word)
    if known is not None:
        return tuple(known.split())
    if len(word) < _LEAST_CORRECTABLE or word in lex.KNOWN or word in _CORRECTIONS:
        return (_CORRECTIONS.get(word, word),)
    superlative = _SUPERLATIVE.match(word)
    if superlative is not None and word not in PHRASES.next:
        return "muy", superlative[1].replace("qu", "c") + superlative[2]
    near = (_CORRECTIONS[short] for short in _shortened(word) if short in _CORRECTIONS)
    return (next((right for right in near if right[0] == word[0]), word),)


def _shortened(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _corrections() -> dict[str, str]:
    table = {short: word for word in lex.CORRECTABLE for short in _shortened(word)}
    return table | {word: word for word in lex.CORRECTABLE}


_CORRECTIONS: Final = _corrections()


def _notice_question(clause: Clause) -> None:
    tokens = [token for token in clause.tokens if token not in {"y", "o", "e", "entonces", "por"}]
    if tokens[:2] in (["seria", "para"], ["sera", "para"]):
        return  # "sería para el martes" answers
    led = tokens[1:2] if tokens and tokens[0] in lex.LEAD_TO_A_QUESTION else tokens[:1]
    if not clause.asked and led and led[0] in lex.QUESTION_WORDS:
        exclaims = clause.tokens[0] == "que" and len(clause.tokens) > 1
        if exclaims and not _MORE.isdisjoint(clause.tokens[2:4]):
            return  # "qué cosa más mala", "qué servicio tan lento"
        senses = [longest(PHRASES, clause.tokens, at)[1] for at in ((0, 1) if exclaims else (0,))]
        clause.asked = not any(sense is not None and sense.weight for sense in senses)
    if clause.asked and clause.tokens:
        end, sense = longest(PHRASES, clause.tokens, 0)
        clause.asked = sense is not lex.NOTHING or end < len(clause.tokens)  # "¿cómo estás?"
