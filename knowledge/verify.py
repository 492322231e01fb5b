"""Keeps what nobody can vouch for out of a reply: its claims must stand in a source."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.actions import claims_action
from knowledge.glossary import NO_TERMS, Glossary
from knowledge.leaks import NOTHING, Guard
from knowledge.pricing import elsewhere, mispriced
from knowledge.products import Index
from knowledge.stating import Stated, stated
from knowledge.vouching import availability, repeated, vouched
from llm.base import Source
from text.folding import clean
from text.links import leads_to

_SENTENCE: Final = re.compile(r"[^\n.!?…]*(?:[.!?…](?!\s|$)[^\n.!?…]*)*[.!?…]*[ \t]*\n*")
_SPACED: Final = re.compile(r"(?<![\w.,])\d(?: (?:[.,] )?\d){3,}(?![\w])")
_LEAST: Final = 12
"""A repaired reply with fewer letters says nothing any more."""
LEAK: Final = "leak"
UNSAID: Final = "never"


@dataclass(frozen=True, slots=True)
class Verified:
    """`text` is None when nothing of it could be kept."""

    text: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may claim: the rows, once and times the quantity asked for, and the texts.

    `counted` are the quantities of the parts, where several things are asked for. `sites` are those
    that links may lead to besides the pack's own; `index` knows what each product costs, whatever
    else is written about it; `guard` knows what is told to nobody, and `glossary` which words the
    shop never says.
    """

    sources: Sequence[Source]
    question: str = ""
    quantity: int = 1
    counted: Sequence[int] = ()
    peso: str = "CLP"
    sites: Collection[str] = ()
    index: Index | None = None
    guard: Guard = NOTHING
    glossary: Glossary = NO_TERMS

    def unsupported(self, text: str) -> Sequence[str]:
        """The kinds of all the claims that nothing supports."""
        for source in self.sources:
            if source.kind == "answer" and source.text:
                text = text.replace(source.text, " ")
        claimed = stated(text, self.peso) | availability(text, self.sources)
        unknown = {claim for claim in claimed - self._rows() if not self._leads_home(claim)}
        unknown -= vouched(self.sources, self.peso, unknown)
        unknown -= self._documented(text, unknown)
        if unknown:
            unknown -= repeated(self.question, text, self.peso, unknown)
        kinds = {kind for kind, _ in unknown}
        if claims_action(text):
            kinds.add("action")
        if "price" not in kinds and mispriced(text, self._prices(text), self.quantity, self.peso):
            kinds.add("price")
        if self.unsaid(text):
            kinds.add(UNSAID)
        return sorted(kinds)

    def unsaid(self, text: str) -> Sequence[str]:
        """The words it holds that the shop never says; what a product is called is no such word."""
        wares = [one.title for one in self.sources if one.kind == "product"]
        return self.glossary.forbidden(text, wares)

    def _rows(self) -> Stated:
        rows = [source.data for source in self.sources if "price" in source.data]
        counted = {1, self.quantity, *self.counted}
        prices = {row["price"] * times for row in rows for times in counted}
        left = {("stock", f"{row['stock']} left") for row in rows}
        stock = {row["stock"] for row in rows} | (counted - {1})
        said = {("price", str(price)) for price in prices} | {("stock", str(n)) for n in stock}
        return frozenset(said | left)

    def _leads_home(self, claim: tuple[str, str]) -> bool:
        return claim[0] == "link" and bool(self.sites) and leads_to(claim[1], self.sites)

    def _documented(self, text: str, unknown: Collection[tuple[str, str]]) -> Stated:
        """Documents tell of everything but of where to go, and of what a product costs."""
        if not unknown:
            return frozenset()
        texts = [one for one in self.sources if one.kind in {"passage", "term"}]
        told = frozenset().union(*(stated(one.text, self.peso, told=True) for one in texts))
        told |= frozenset().union(*(stated(one.title, self.peso, told=True) for one in texts))
        found = {claim for claim in told & set(unknown) if claim[0] != "link"}
        prices = {claim for claim in found if claim[0] == "price"}
        if prices:
            found -= prices
            found |= elsewhere(text, prices, self.sources, self.index, self.peso)
        return frozenset(found)

    def _prices(self, text: str) -> dict[str, int]:
        """What the products among the sources cost, where a text names more than one price."""
        rows = [one.data for one in self.sources if "price" in one.data and "name" in one.data]
        return {row["name"]: row["price"] for row in rows} if len(rows) > 1 and text else {}


def verify(text: str, known: Evidence) -> Verified:
    """The text without the sentences that claim what no source says."""
    text = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), clean(text, limit=len(text)))
    if known.guard.leaks(text, [source.text for source in known.sources]):
        return Verified(None, f"replaced:{LEAK}")
    if not known.unsupported(text):
        return Verified(text, "ok")
    kept: list[str] = []
    faults: dict[str, None] = {}
    for sentence in _sentences(text):
        found = known.unsupported(sentence)
        faults |= dict.fromkeys(found)
        if not found:
            kept.append(sentence)
    repaired = "".join(kept).strip()
    left = known.unsupported(repaired)
    why = ",".join(faults | dict.fromkeys(left))
    if sum(sign.isalpha() for sign in repaired) < _LEAST or left:
        return Verified(None, f"replaced:{why}")
    return Verified(repaired, f"repaired:{why}")


def _sentences(text: str) -> Iterator[str]:
    return (sentence for sentence in _SENTENCE.findall(text) if sentence)
