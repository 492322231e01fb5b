"""Keeps what nobody can vouch for out of a reply: its claims must stand in a source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from knowledge.actions import claims_action
from llm.base import Source
from text.claims import claims
from text.folding import fold
from text.numerals import figures

Stated: TypeAlias = frozenset[tuple[str, str]]
"""Kinds and values: `("price", "24990")`."""

_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d]|[.,]\d)")
_BARE: Final = re.compile(
    r"(?=\d)(?<![\w.,:/@#+-])(?<!pedido )(?<!orden )(?<!boleta )(?<!numero )(?<!las )"
    r"(?!(?:19|20)\d\d\b)(\d{4,7}|\d{1,4}[.,]\d{2})(?![\w%:/-]|[.,]\d)"
)
_TORN: Final = re.compile(
    r"(?<![\d.,])(\d{1,3})(?:'| mil )(\d{3})(?![\d.,]\d)|(?<=\$)\s?(\d{1,3}) (\d{3})\b"
)
"""`24'990`, `24 mil 990`, `$24 990`."""
_FREE: Final = re.compile(
    r"\b(?:gratis|gratuit[oa]s?|sin (?:ningun )?costo|no (?:tiene|tienen) costo|no cuestan? nada"
    r"|no te cobr\w+|mitad del? precio|[2-9] ?x ?[1-8]|[2-9] por (?:[1-8]|uno)(?! mil)"
    r"|llev\w+ [2-9] y pag\w+ [1-8]|(?:te |se |les )regal\w+"
    r"|(?<!papel )(?<!tarjeta )(?<!ideas )(?<!idea )(?<!caja )(?<!bolsa )de regalo"
    r"|(?:media|medio|un cuarto de) (?:uf|luca|millon))\b(?! ?[$\d])"
)
_SPACED: Final = re.compile(r"(?<![\w.,])\d(?: (?:[.,] )?\d){3,}(?![\w])")
"""`1 9 . 9 9 0`."""
_KEYCAPS: Final = str.maketrans({"\ufe0f": None, "\u20e3": None})
"""Digits on keys: `1️⃣9️⃣` is 19."""
_CARRIED: Final = re.compile(r"\b(?:envio|despacho|entrega|retir|desde)")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DOTTED: Final = re.compile(r"\.[a-z]")
_SITE: Final = re.compile(
    r"(?<![\w@./:-])(?:[a-z0-9-]+\.)+(?:[a-z]{2,10}/\S*"
    r"|(?:dev|xyz|info|online|site|top|club|biz|me|to|cc|tk|us|tv|uk|ru|tienda)\b)"
)
_STOCK: Final = re.compile(
    r"(?<![\d.,])(\d{1,6}) (?:unidad(?:es)?|en stock|disponibles?)\b"
    r"|\blleg(?:an|aran) (\d{1,6})\b(?! ?(?:dias?|horas?|a \d|y \d))"
)
_LEFT: Final = re.compile(
    r"\bqueda(?:n|ba|ban)? (?:solo |aun |nos )?(?:las? ultimas? |los? ultimos? )?(\d{1,6})\b"
    r"|\b(?:queda(?:n|ba)? (?:solo |aun )?(?:una?|la ultima|el ultimo)"
    r"|(?:la ultima|el ultimo) que (?:nos )?queda)\b()"
)
"""How many are left; the last one is one."""
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
        if claims_action(text):
            return "action"
        unknown = stated(text, self.peso) - self._rows()
        if unknown:
            unknown -= self._written()
        if unknown:
            unknown -= self._repeated(text)
        return min(unknown)[0] if unknown else None

    def _rows(self) -> Stated:
        rows = [source.data for source in self.sources if "price" in source.data]
        prices = {row["price"] * times for row in rows for times in (1, self.quantity)}
        left = {("stock", f"{row['stock']} left") for row in rows}
        stock = {row["stock"] for row in rows} | {self.quantity}
        said = {("price", str(price)) for price in prices} | {("stock", str(n)) for n in stock}
        return frozenset(said | left)

    def _written(self) -> Stated:
        """Prices and everything else the sources say, and the links they carry."""
        texts = [part for source in self.sources for part in (source.title, source.text)]
        photos = [str(each.data["photo"]) for each in self.sources if each.data.get("photo")]
        return frozenset().union(*(stated(text, self.peso) for text in (*texts, *photos)))

    def _repeated(self, text: str) -> Stated:
        """The customer's own phone or date may be repeated; their figure only as no price."""
        asked = stated.__wrapped__(self.question, self.peso)  # what customers write is not kept
        repeats = _ECHO.search(fold(text)) is not None
        kinds = {"phone", "date", "email"} | ({"percent", "price"} if repeats else set())
        return frozenset(claim for claim in asked if claim[0] in kinds)


@lru_cache(maxsize=1_000)
def stated(text: str, peso: str) -> Stated:
    """What can be checked, and every number grouped in thousands: it reads like a price."""
    text = _plain(text)
    found: set[tuple[str, str]] = set()
    for claim in claims(text, peso=peso):
        found.add((claim.kind, claim.value.lower()))
        start, end = claim.span
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    for pattern in (_GROUPED, _BARE):
        found |= {("price", re.sub("[.,]", "", number)) for number in pattern.findall(text)}
    found |= {("stock", one or other) for one, other in _STOCK.findall(text)}
    found |= {("stock", f"{number or 1} left") for number, _ in _LEFT.findall(text)}
    found |= {("price", _freed(text, free)) for free in _FREE.finditer(text)}
    if "@" in text:
        found |= {("email", address) for address in _ADDRESS.findall(text)}
    if _DOTTED.search(text):
        found |= {("link", site.rstrip(".,;:!?")) for site in _SITE.findall(text)}
    return frozenset(found)


def _plain(text: str) -> str:
    """Every figure as one number, however it was spelled."""
    joined = figures(fold(text.translate(_KEYCAPS)))
    joined = joined.replace("luquitas", "lucas").replace("luquita", "luca")
    return _TORN.sub(lambda torn: "".join(part for part in torn.groups() if part), joined)


def _freed(text: str, free: re.Match[str]) -> str:
    """Free shipping is another thing than a free product."""
    before = text[max(free.start() - 60, 0) : free.start()].replace("\n", ". ").rpartition(". ")[2]
    after = text[free.end() : free.end() + 40].partition(". ")[0]
    return "carriage" if _CARRIED.search(before + after) else free[0]


def verify(text: str, known: Evidence) -> Verified:
    """The text without the sentences that claim what no source says."""
    text = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), text)
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
