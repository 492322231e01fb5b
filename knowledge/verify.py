"""Keeps what nobody can vouch for out of a reply: every price and link must stand in a source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from llm.base import Source
from text.folding import fold
from text.money import amounts

_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]«»\"']+"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|cl|net|org|io|me|ly|link|shop|store|app|co|pe|mx|ar)"
    r"(?![\w.])(?:/[^\s<>()\[\]]*)?",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d]|[.,]\d)")
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
    """What a reply may claim; `asked` are the customer's own figures, which prove no price."""

    values: frozenset[Decimal]
    asked: frozenset[Decimal]
    texts: str
    peso: str = "CLP"

    def unsupported(self, text: str) -> str | None:
        """The kind of the first claim that nothing supports."""
        for link in _LINK.findall(text):
            if link.rstrip(".,;:!?…").lower() not in self.texts:
                return "link"
        allowed = self.values | (self.asked if _ECHO.search(fold(text)) else frozenset())
        return None if figures(text, self.peso) <= allowed else "price"


def evidence(
    sources: Sequence[Source], question: str, *, quantity: int = 1, peso: str = "CLP"
) -> Evidence:
    """Prices of the rows, once and times the quantity asked for, and the figures of the texts."""
    texts = [part for source in sources for part in (source.title, source.text)]
    prices = [int(source.data["price"]) for source in sources if "price" in source.data]
    totals = {Decimal(price * times) for price in prices for times in {1, quantity}}
    links = [str(source.data.get("photo") or "") for source in sources]
    return Evidence(
        values=frozenset(totals.union(*(figures(text, peso) for text in texts))),
        asked=figures(question, peso),
        texts="\n".join([*texts, *links, question]).lower(),
        peso=peso,
    )


def figures(text: str, peso: str) -> frozenset[Decimal]:
    """Everything that reads like money: written as such, or grouped in thousands."""
    said = {amount.value for amount in amounts(text, peso=peso)}
    grouped = {Decimal(re.sub("[.,]", "", number)) for number in _GROUPED.findall(text)}
    return frozenset(said | grouped)


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


def _sentences(text: str) -> Iterable[str]:
    return (sentence for sentence in _SENTENCE.findall(text) if sentence)
