"""Whether a reply gives away what a model was told in confidence: its instructions.

Facts may be repeated, instructions may not: neither as they stand, nor backwards, nor shifted, nor
letter by letter. A text in a code that nobody reads is refused whatever it says.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from config.packs import Pack
from text.folding import clean, fold
from text.links import places

GRAM: Final = 4
RUN: Final = 5
"""So many groups of words in a row: eight words as they stand in the instructions."""
MOST: Final = 12
"""So many anywhere in a reply are a paraphrase of them."""
_WORD: Final = re.compile(r"[a-z]+|\d+")
_FRAME: Final = re.compile(
    r"</?\s?(?:datos|system|sistema)\s?>|\bsystem prompt\b.{0,20}:"
    r"|\bresponde en (?:espanol|ingles)\."
    r'|^- (?:producto|documento|palabra|respuesta de la tienda|registro del cliente) "',
    re.MULTILINE,
)
_BLOB: Final = re.compile(
    r"(?<![\w/+=.-])(?=[\w+/=-]*\d|[\w+/=-]*[a-z][A-Z])[\w+/=-]{24,}", re.ASCII
)
_LETTERS: Final = re.compile(r"(?<!\w)[^\W\d_](?:[\s.,|/*_·-]{1,3}[^\W\d_]){11,}(?!\w)")
_NUMBERS: Final = re.compile(r"(?<!\w)\d{1,3}(?:[\s,;|/-]{1,2}\d{1,3}){19,}(?!\w)")
_FLAGS: Final = re.compile("(?:[\U0001f1e6-\U0001f1ff\U0001f170-\U0001f19a][\\s\ufe0f]?){10,}")
_MORSE: Final = re.compile(r"(?:[.\-·–]{1,5}[ /]+){12,}")
_BYTES: Final = re.compile(
    r"(?:[01]{8}\s?){6,}|(?:\\?[ux%][0-9a-fA-F]{2,4}){8,}|(?:[0-9a-f]{2} ){15,}"
)
_CODES: Final = (_LETTERS, _NUMBERS, _FLAGS, _MORSE, _BYTES)


@dataclass(frozen=True, slots=True)
class Guard:
    """`grams` stand in the instructions and in nothing that customers may read."""

    grams: frozenset[tuple[str, ...]]

    def leaks(self, text: str, told: Sequence[str] = ()) -> bool:
        """`told` is what a model may repeat, the facts of its turn."""
        text = clean(text, limit=len(text))
        folded = fold(text)
        if coded(text, told) or _FRAME.search(folded):
            return True
        spelled = _spelled(folded)
        if not any(_tells(words, self.grams) for words in spelled):
            return False
        known = {gram for fact in told for gram in _grams(_WORD.findall(fold(fact)))}
        return any(_tells(words, self.grams - known) for words in spelled)


def _spelled(folded: str) -> tuple[list[str], ...]:
    """Its words as they stand, in the other order, letters turned round, letters shifted."""
    words = _WORD.findall(folded)
    turned = _WORD.findall(folded[::-1])
    return words, words[::-1], turned, _WORD.findall(codecs.encode(folded, "rot13"))


def _tells(words: Sequence[str], grams: frozenset[tuple[str, ...]]) -> bool:
    run = total = 0
    for gram in _grams(words):
        run = run + 1 if gram in grams else 0
        total += run > 0
        if run >= RUN or total >= MOST:
            return True
    return False


NOTHING: Final = Guard(frozenset())


def coded(text: str, told: Sequence[str] = ()) -> bool:
    """Whether it is written in a code; links and the numbers of accounts may look like one."""
    if any(code.search(text) for code in _CODES):
        return True
    blobs = [one for one in _BLOB.finditer(text) if not any(one[0] in fact for fact in told)]
    known = places(text) if blobs else []
    return any(not any(start <= one.start() < end for start, end in known) for one in blobs)


@lru_cache(maxsize=64)
def guarded(pack: Pack) -> Guard:
    """What a pack tells its model and nobody else."""
    instructions = (pack.persona, *(policy.instruction for policy in pack.policies))
    said = [line for one in (*pack.answers.values(), *pack.phrases.values())
            for lines in (one.es, one.en) for line in lines]  # fmt: skip
    return guard(instructions, [*said, *(example.answer for example in pack.examples)])


def guard(instructions: Iterable[str], said: Iterable[str]) -> Guard:
    secret = {gram for text in instructions for gram in _grams(_WORD.findall(fold(text)))}
    public = {gram for text in said for gram in _grams(_WORD.findall(fold(text)))}
    return Guard(frozenset(secret - public))


def _grams(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1))
