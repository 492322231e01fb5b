"""What a shop's words stand for: synonyms both ways, and definitions. Pure look-ups by stems."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from config.shapes import Term
from knowledge.lookups import Terms, may_be_told, terms_of
from text.folding import level
from text.lexemes import lexemes
from text.phrases import Phrases, dictionary
from text.stemming import stem, stems

Stems: TypeAlias = tuple[str, ...]
Known: TypeAlias = Callable[[Stems], bool]

READ: Final = 1_000
TOLD: Final = 5
"""Definitions that one prompt holds."""
NEAR: Final = 0.7
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Glossary:
    """`records` are the words behind which a record of the customer's own stands; `unsaid` those
    that no reply may say."""

    terms: tuple[Term, ...]
    spellings: Phrases[int]
    records: Terms
    unsaid: Phrases[str]

    def expand(self, words: Sequence[str]) -> tuple[str, ...]:
        """The stems that stand for some stems as well, each once: `cartucher` brings `estuch`."""
        found = [place for _, _, places in self.spellings.found(words) for place in places]
        others = [
            other
            for place in dict.fromkeys(found)
            for spelling in _spelled(self.terms[place])
            for other in stems(spelling)
        ]
        return tuple(other for other in dict.fromkeys(others) if other not in words)

    def terms_in(self, text: str) -> tuple[Term, ...]:
        """The terms that a text speaks of, by themselves or by a synonym."""
        hits = self.spellings.found(stems(text[:READ])) if self.terms else []
        places = dict.fromkeys(place for _, _, found in hits for place in found)
        return tuple(self.terms[place] for place in places)[:TOLD]

    @property
    def never(self) -> tuple[str, ...]:
        """What no reply may say, each once."""
        return tuple(dict.fromkeys(one for term in self.terms for one in term.never))

    def forbidden(self, text: str, names: Sequence[str] = ()) -> tuple[str, ...]:
        """What of it a text says, in any number or gender; within one of the `names`, which are
        what things are called, nothing is."""
        if not self.unsaid.entries:
            return ()
        words = stems(text)
        called = dictionary((name, name) for name in names).found(words)
        within = {at for start, end, _ in called for at in range(start, end)}
        found = self.unsaid.found(words)
        return tuple(
            values[0] for start, end, values in found if not within >= {*range(start, end)}
        )

    def also(self, text: str) -> dict[str, dict[str, float]]:
        """For the lexemes of a question, those of other words for the same, and how near they are.

        A word of several lexemes is as near as its parts together.
        """
        said = set(lexemes(text[:READ]))
        meant: dict[str, dict[str, float]] = {}
        for term in self.terms_in(text):
            forms = [words for words in map(lexemes, _spelled(term)) if words]
            for form in forms:
                if said.issuperset(form):
                    others = {
                        lexeme: NEAR / len(other)
                        for other in forms
                        if other != form
                        for lexeme in other
                    }
                    for lexeme in form:
                        meant.setdefault(lexeme, {}).update(others)
        return meant

    def meant(self, text: str, known: Known) -> str:
        """The text in words the bot knows: where it does not know a word, but a synonym of it.

        What it knows is never touched: `polera` may be a synonym of something, and a product.
        """
        if not self.terms:
            return text
        spans = [match.span() for match in _WORD.finditer(level(text[:READ]))]
        words = [stem(level(text[start:end])) for start, end in spans]
        said, at = [], 0
        for start, end, places in self.spellings.found(words):
            if known(tuple(words[start:end])):
                continue
            word = self._known(places, known)
            if word is not None:
                said += [text[at : spans[start][0]], word]
                at = spans[end - 1][1]
        return "".join([*said, text[at:]])

    def _known(self, places: Sequence[int], known: Known) -> str | None:
        for place in places:
            for spelling in _spelled(self.terms[place]):
                if known(tuple(stems(spelling))):
                    return spelling
        return None


def build_glossary(terms: Sequence[Term]) -> Glossary:
    pairs = [(text, place) for place, term in enumerate(terms) for text in _spelled(term)]
    told = (term for term in terms if may_be_told(term.table, term.field))
    unsaid = dictionary((one, one) for term in terms for one in term.never)
    return Glossary(tuple(terms), dictionary(pairs), terms_of(told), unsaid)


NO_TERMS: Final = build_glossary(())


def _spelled(term: Term) -> tuple[str, ...]:
    return (term.word, *term.synonyms)
