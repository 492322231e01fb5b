"""What each kind of source vouches for, and what of the customer's own words may be repeated."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from knowledge.stating import Stated, plain, stated
from llm.base import Source

_DESCRIBED: Final = frozenset({"measure", "percent", "date"})
"""What a product's text may tell: how it is, not what it costs or where to go."""
_AMOUNT: Final = r"\$? ?\d[\d.,]*(?: ?(?:mil|lucas|pesos|%|por ciento))?"
_BOUND: Final = re.compile(
    rf"\b(?:presupuesto(?: maximo)?(?: es)? de|menos de|hasta|bajo|maximo(?: de)?|tope de|up to"
    rf"|under|budget (?:of|is)) (?:los |unos |las )?{_AMOUNT}"
    rf"|\bno (?:puedo|podemos|podria|es posible|se puede|alcanza|can|possible)(?: \w+){{1,4}}? "
    rf"{_AMOUNT}"
    rf"|\bno (?:tengo|tenemos|hay|existe)(?: \w+){{1,4}}? (?:de|en|a|por|bajo) {_AMOUNT}"
    rf"|\bno (?:cuestan?|valen?|salen?|es|son) {_AMOUNT}"
    rf"|\b(?:can't|cannot|can not) (?:\w+ ){{1,4}}{_AMOUNT}"
    rf"|\b(?:los|tus|con|your|the) {_AMOUNT},? (?:que )?"
    rf"(?:ofreces|mencionas|dices|indicas|tienes|you)\b|\bofreces {_AMOUNT}"
)
"""A customer's figure that is spoken of without being made a price."""
_PRICED: Final = re.compile(
    r"(?<!no )\b(?:cuestan?|valen?|salen?|queda(?:n|ria)?|precio|te (?:lo|la|los|las)? ?dejo|cobr"
    r"|rebaj|descuent|costs?|for only|a solo|por solo)\b"
)
_OURS: Final = re.compile(
    r"\b(?:nuestr|llamanos|escribenos|contactanos|llama al|escribe a|pag|transf|deposit|envia|manda"
    r"|our\b|us\b|pay|call|write)"
)
_YOURS: Final = re.compile(r"\b(?:te|tu|tus|le|su|me|diste|indicaste|dejaste|anotaste|your|you)\b")
_OPEN: Final = re.compile(
    r"\?|\bno (?:puedo|podemos|tengo|tenemos|se|hay|aparece|figura|manejo|es posible|alcanz"
    r"|sabemos)|\b(?:necesitas|quieres|pides|dices|mencionas|indicas|you (?:need|want|said))\b"
)
_SPOKEN: Final = re.compile(r"stock|dispon|avail|agotad|acab|sold|unidad|qued", re.IGNORECASE)
_GONE: Final = re.compile(
    r"\bagotad[oa]s?\b|\bsin stock\b|\bno (?:nos )?(?:queda|hay|tenemos) (?:mas )?(?:stock|unidades"
    r"|disponib)|\bse acabaron?\b|\bsold out\b|\bout of stock\b"
)
_THERE: Final = re.compile(
    r"(?<!no )(?<!no esta )(?<!no estan )\b(?:(?:esta|estan) disponibles?|(?:si )?(?:hay|tenemos"
    r"|quedan?) (?:en )?(?:stock|disponib\w+|unidades)|en stock|is available|in stock)\b"
)


def vouched(sources: Sequence[Source], peso: str, unknown: Collection[tuple[str, str]]) -> Stated:
    """Answers and the customer's records tell of everything, a product of how it is."""
    if not unknown:
        return frozenset()
    found: set[tuple[str, str]] = set()
    for source in sources:
        texts = (source.title, source.text)
        if source.kind in {"answer", "record"}:
            found |= frozenset().union(*(stated(text, peso, told=True) for text in texts))
        elif source.kind == "product":
            found |= _of_product(source, peso)
    return frozenset(found)


def _of_product(source: Source, peso: str) -> Stated:
    told = stated(f"{source.title}. {source.text}", peso, told=True)
    kept = {claim for claim in told if claim[0] in _DESCRIBED and not claim[1].endswith(" less")}
    kept |= told & {("price", "carriage")}
    photo = source.data.get("photo")
    return frozenset(kept | ({("link", str(photo).lower())} if photo else set()))


def availability(text: str, sources: Sequence[Source]) -> Stated:
    """Whether there is any: said of everything that is in stock, or of everything that is not."""
    rows = [one.data["stock"] > 0 for one in sources if "stock" in one.data]
    if not rows or _SPOKEN.search(text) is None:
        return frozenset()
    said = plain(text)
    if all(rows) and _GONE.search(said):
        return frozenset({("stock", "gone")})
    if not any(rows) and _THERE.search(said):
        return frozenset({("stock", "there")})
    return frozenset()


def repeated(
    question: str, text: str, peso: str, unknown: Collection[tuple[str, str]] = ()
) -> Stated:
    """The customer's own phone, day or figure, where it is not made a promise or a price."""
    asked = stated.__wrapped__(question, peso)  # what customers write is not kept
    asked |= {claim for claim in unknown if claim[0] == "mark"}
    if not asked:
        return frozenset()
    said = plain(text)
    kinds: set[str] = set()
    if _YOURS.search(said) and not _OURS.search(said):
        kinds |= {"phone", "email", "identity", "mark"}
    if _OPEN.search(said):
        kinds |= {"date", "instalments"}
    if _BOUND.search(said) and not _PRICED.search(_BOUND.sub(" ", said)):
        kinds |= {"price", "percent"}
    return frozenset(claim for claim in asked if claim[0] in kinds)
