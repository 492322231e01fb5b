"""What a product costs is told by its row, whatever else is written about it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from knowledge.products import Index
from knowledge.stating import Stated, stated
from llm.base import Source
from text.folding import fold
from text.labels import harmless
from text.lexemes import lexemes

_CLAUSE: Final = re.compile(r"[;!?…\n]+|[.,:](?=\s)|\s(?:y|e|pero|and|but|mientras)\s")
_SENTENCE: Final = re.compile(r"[!?…\n]+|\.(?=\s)")
_CARRIED: Final = re.compile(
    r"\b(?:envi[oa]|despach|entreg|retir|instal|garanti|repar|servici|multa|comision|arriend|abono"
    r"|compras? (?:sobre|desde|minim)|minim|shipping|delivery|desde los)"
)
"""What is paid for beside a product."""
_COMPARED: Final = re.compile(
    r"\b(?:antes|mas|menos|que|diferencia|en vez|segund|otr[oa]|tambien)\b"
)
_MONEY: Final = re.compile(
    r"\$|\d.{0,3}(?:pesos|mil\b|lucas|clp\b|uf\b)|\d{4}|\d[.,]\d{3}", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"[^\n.!?…]*(?:[.!?…](?!\s|$)[^\n.!?…]*)*[.!?…]*[ \t]*\n*")
_SAID: Final = frozenset(
    lexemes("cuesta vale sale precio queda dejo total pesos solo hoy valor cobra son lleva paga")
)
"""Words of price, which say nothing of what it is the price of."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The catalogue, as far as documents must not contradict it."""

    index: Index
    peso: str = "CLP"

    def unpriced(self, text: str) -> str:
        """Without the sentences that give a product another price than its row."""
        if not _MONEY.search(text):
            return text
        told = (one for one in _SENTENCES.findall(text) if one and not self._contradicts(one))
        return "".join(told)

    def _contradicts(self, sentence: str) -> bool:
        if not _MONEY.search(sentence) or _CARRIED.search(fold(sentence)):
            return False
        prices = {value for kind, value in stated(sentence, self.peso) if kind == "price"}
        strong = [match.product for match in self.index.find(sentence) if match.strong]
        return bool(prices and strong) and prices.isdisjoint(str(one.price) for one in strong)


@lru_cache(maxsize=5_000)
def sober(text: str, price: int, peso: str) -> str:
    """What is said of a product, without what only its row and the pack may tell."""
    told = (one for one in _SENTENCES.findall(harmless(text)) if one)
    return "".join(one for one in told if not _oversteps(one, str(price), peso)).strip()


def _oversteps(sentence: str, price: str, peso: str) -> bool:
    return any(
        (kind == "price" and value not in {price, "carriage"})
        or kind in {"phone", "email", "link", "identity"}
        or value.endswith(" less")
        for kind, value in stated(sentence, peso)
    )


def elsewhere(
    text: str,
    prices: Collection[tuple[str, str]],
    sources: Sequence[Source],
    index: Index | None,
    peso: str,
) -> Stated:
    """Those of a document's prices that a text does not give to a product."""
    selling = any(source.kind == "product" for source in sources)
    documents = [source.text for source in sources if source.kind in {"passage", "term"}]
    heads = {fold(source.title).split(" ")[0] for source in sources if source.kind == "product"}
    kept = set(prices)
    for clause in _CLAUSE.split(text):
        found = kept & stated(clause, peso) if clause else set()
        for price in found:
            bare = not _CARRIED.search(fold(clause))
            if (bare and _names(clause, heads, index)) or (
                selling and bare and not _about(clause, price, documents, peso)
            ):
                kept.discard(price)
    return frozenset(kept)


def _names(clause: str, heads: Collection[str], index: Index | None) -> bool:
    words = set(fold(clause).split())
    return bool(words & set(heads)) or (index is not None and bool(index.named(clause)))


def _about(clause: str, price: tuple[str, str], documents: Iterable[str], peso: str) -> bool:
    """Whether a clause speaks of what the document prices."""
    words = {word for word in lexemes(clause) if word.isalpha()} - _SAID
    for document in documents:
        for told in _SENTENCE.split(document):
            if words & set(lexemes(told)) and price in stated(told, peso):
                return True
    return False


def mispriced(text: str, prices: Mapping[str, int], quantity: int, peso: str) -> bool:
    """Whether a sentence about one product alone tells the price of another."""
    if not prices:
        return False
    others = {str(price * times): name for name, price in prices.items() for times in (1, quantity)}
    for sentence in _SENTENCE.split(text):
        said = fold(sentence)
        named = [name for name in prices if fold(name) in said]
        if len(named) != 1 or _COMPARED.search(said) or _CARRIED.search(said):
            continue
        own = {str(prices[named[0]] * times) for times in (1, quantity)}
        told = {value for kind, value in stated(sentence, peso) if kind == "price"}
        if len(told) == 1 and told.isdisjoint(own) and not told.isdisjoint(others):
            return True
    return False
