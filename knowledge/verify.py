"""Keeps what nobody can vouch for out of a reply: its claims must stand in a source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from llm.base import Source
from text.claims import claims
from text.folding import fold

Stated: TypeAlias = frozenset[tuple[str, str]]
"""Kinds and values: `("price", "24990")`."""

_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d]|[.,]\d)")
_STOCK: Final = re.compile(
    r"\bqueda(?:n|ba|ban)? (?:solo |aun )?(\d{1,6})\b"
    r"|(?<![\d.,])(\d{1,6}) (?:unidad(?:es)?|en stock|disponibles?)\b"
)
_ECHO: Final = re.compile(
    r"\b(?:hasta|presupuesto|menos de|bajo|maximo|no (?:puedo|podemos|tengo|tenemos|es|hay)|dices"
    r"|mencionas|ofreces|up to|budget|can't|cannot|not)\b"
)
"""A sentence that speaks of the customer's figure without making it a price."""
_SENTENCE: Final = re.compile(r"[^\n.!?…]*(?:[.!?…](?!\s|$)[^\n.!?…]*)*[.!?…]*[ \t]*\n*")
_LEAST: Final = 12
"""A repaired reply with fewer letters says nothing any more."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`text` is None when nothing of it could be kept."""

    text: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may claim: the rows, once and times the quantity asked for, and the texts."""

    sources: Sequence[Source]
    question: str = ""
    quantity: int = 1
    peso: str = "CLP"

    def unsupported(self, text: str) -> str | None:
        """The kind of the first claim that nothing supports."""
        for source in self.sources:
            if source.kind == "answer" and source.text:
                text = text.replace(source.text, " ")
        unknown = stated(text, self.peso) - self._rows()
        if unknown:
            unknown -= self._written()
        if unknown:
            unknown -= self._repeated(text)
        return min(unknown)[0] if unknown else None

    def _rows(self) -> Stated:
        rows = [source.data for source in self.sources if "price" in source.data]
        prices = {row["price"] * times for row in rows for times in (1, self.quantity)}
        stock = {row["stock"] for row in rows} | {self.quantity}
        return frozenset(
            [*(("price", str(price)) for price in prices), *(("stock", str(n)) for n in stock)]
        )

    def _written(self) -> Stated:
        """Prices and everything else the sources say, and the links they carry."""
        texts = [part for source in self.sources for part in (source.title, source.text)]
        photos = [str(each.data["photo"]) for each in self.sources if each.data.get("photo")]
        return frozenset().union(*(stated(text, self.peso) for text in (*texts, *photos)))

    def _repeated(self, text: str) -> Stated:
        """The customer's own phone or date may be repeated; their figure only as no price."""
        asked = stated.__wrapped__(self.question, self.peso)  # what customers write is not kept
        repeats = _ECHO.search(fold(text)) is not None
        kinds = {"phone", "date", "percent", "price"} if repeats else {"phone", "date"}
        return frozenset(claim for claim in asked if claim[0] in kinds)


@lru_cache(maxsize=1_000)
def stated(text: str, peso: str) -> Stated:
    """What can be checked, and every number grouped in thousands: it reads like a price."""
    if not any(sign.isdigit() or sign == "." for sign in text):
        return frozenset()
    found: set[tuple[str, str]] = {
        (claim.kind, claim.value.lower()) for claim in claims(text, peso=peso)
    }
    found |= {("price", re.sub("[.,]", "", number)) for number in _GROUPED.findall(text)}
    found |= {("stock", one or other) for one, other in _STOCK.findall(fold(text))}
    return frozenset(found)


def verify(text: str, known: Evidence) -> Verified:
    """The text without the sentences that claim what no source says."""
    if known.unsupported(text) is None:
        return Verified(text, "ok")
    kept: list[str] = []
    faults: dict[str, None] = {}
    for sentence in _sentences(text):
        fault = known.unsupported(sentence)
        if fault is None:
            kept.append(sentence)
        else:
            faults[fault] = None
    repaired = "".join(kept).strip()
    why = ",".join(faults) or "price"
    if sum(sign.isalpha() for sign in repaired) < _LEAST or known.unsupported(repaired):
        return Verified(None, f"replaced:{why}")
    return Verified(repaired, f"repaired:{why}")


def _sentences(text: str) -> Iterator[str]:
    return (sentence for sentence in _SENTENCE.findall(text) if sentence)
