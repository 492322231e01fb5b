"""Several questions in one message, each understood by itself; what is one wish stays together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, TypeAlias

from knowledge.products import Index
from knowledge.retrieval import ABOUT_PRODUCTS, Retrieved
from llm.base import Finding
from nlu.parse import MANNERS, Parsed
from nlu.questions import Span, asks_first, parts_in, wonders

MOST: Final = 3
"""Answers in one reply; what is asked beyond them is read as part of the last."""
POLITE: Final = MANNERS | {"help"}
_NEWS: Final = ABOUT_PRODUCTS | {"decline"}
_LISTED: Final = frozenset({"product", "price", "stock"})
_PARTICULAR: Final = frozenset({"quantity", "extreme", "budget", "size", "detail"})


@dataclass(frozen=True, slots=True)
class Part:
    """What one question says, as it was understood, and what its answer may rest on."""

    text: str
    parsed: Parsed
    found: Retrieved


Read: TypeAlias = Callable[[str, Sequence[str]], Part]
"""Reads a part, after the texts of those before it."""


@dataclass(frozen=True, slots=True)
class Parting:
    """`alone` are the intents beside which nothing else is answered, but another question."""

    text: str
    index: Index
    alone: frozenset[str]
    read: Read

    def parts(self) -> tuple[Part, ...]:
        """None where one thing is asked."""
        spans = parts_in(self.text, self._aside)
        if not spans or self.text.startswith("/") or not self._keeps_names(spans):
            return ()
        kept: list[tuple[Span, Part]] = []
        for start, end in spans:
            part = self._read((start, end), kept)
            first = start
            while kept and _belongs(kept[-1][1], part):
                (first, _), _ = kept.pop()
                part = self._read((first, end), kept)
            kept.append(((first, end), part))
        if len(kept) > MOST:
            last = kept[MOST - 1][0][0], kept[-1][0][1]
            kept[MOST - 1 :] = [(last, self._read(last, kept[: MOST - 1]))]
        parts = tuple(part for _, part in kept)
        return () if len(parts) == 1 or any(map(self._told_alone, parts)) else parts

    def _aside(self, said: str) -> bool:
        parsed = self.read(said, ()).parsed
        return _NEWS.isdisjoint(parsed.acts) and "quantity" not in parsed.slots

    def _read(self, span: Span, before: Sequence[tuple[Span, Part]]) -> Part:
        return self.read(self.text[slice(*span)].strip(), [part.text for _, part in before])

    def _keeps_names(self, spans: Sequence[Span]) -> bool:
        """No product's name is cut: `El libro de cómo es y qué hay`."""
        named = {product for span in spans for product in self.index.named(self.text[slice(*span)])}
        return named.issuperset(self.index.named(self.text))

    def _told_alone(self, part: Part) -> bool:
        """Who complains and asks is not told their shop's hours."""
        return part.parsed.intent in self.alone and not asks_first(part.text)


def together(parts: Sequence[Part]) -> Retrieved:
    """All that the parts may rest on, each fact once; the best of each part come first."""
    rows = zip_longest(*(part.found.sources for part in parts))
    facts = {(one.kind, one.id, one.text): one for row in rows for one in row if one is not None}
    products = {each.id: each for part in parts for each in part.found.products}
    findings = {part.found.finding for part in parts if part.found.products}
    finding: Finding = findings.pop() if len(findings) == 1 else "found"
    return Retrieved(tuple(facts.values()), tuple(products.values()), finding)


def _belongs(before: Part, part: Part) -> bool:
    """Whether two parts are one wish: the reply to both together says it better."""
    if any(_idle(one) or _bare(one) for one in (before, part)):
        return True
    if before.parsed.answers or part.parsed.answers:
        return _same(before.parsed, part.parsed)
    if set(before.found.products) == set(part.found.products):
        return bool(part.found.products)
    return _listed(before) and _listed(part) and before.parsed.acts == part.parsed.acts


def _idle(part: Part) -> bool:
    """Nothing is wanted, as far as anybody can tell."""
    acts = set(part.parsed.acts)
    if not acts <= POLITE:
        return False
    if part.found.sources:
        return not acts <= {"greet"}
    return not (wonders(part.text) and "mention" in part.parsed.slots)


def _bare(part: Part) -> bool:
    """Of what, another part says: `¿cuánto cuesta y tienen stock del mate?`."""
    found = part.found.sources or "mention" in part.parsed.slots
    return not found and not ABOUT_PRODUCTS.isdisjoint(part.parsed.acts)


def _same(one: Parsed, other: Parsed) -> bool:
    if one.answers != other.answers or set(one.acts) - POLITE != set(other.acts) - POLITE:
        return False
    said, more = sorted((one.slots.items(), other.slots.items()), key=len)
    return said <= more


def _listed(part: Part) -> bool:
    """What a list of names and prices answers."""
    acts, plain = set(part.parsed.acts) - POLITE, part.found.finding in {"found", "each"}
    general = _PARTICULAR.isdisjoint(part.parsed.slots)
    return bool(part.found.products) and acts <= _LISTED and plain and general
