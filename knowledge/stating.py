"""What a text states that can be checked: figures, days, places to go, each in one spelling."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, TypeAlias

from text import links
from text.claims import claims
from text.folding import fold, level
from text.numerals import figures
from text.recognisers import detectors
from text.spans import spans

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
_MEASURE: Final = re.compile(
    r"(?<![\d.,$])(\d{1,3}(?:[.,]\d{3})+|\d{4,7}) ?(mah|ml|cc|gb|mb|tb|w|watts?|rpm|dpi|lumen"
    r"|lumenes|hz|mhz|gr?|gramos?|kg|kilos?|mm|cm|metros?|piezas|paginas|hojas|hilos|calorias|kcal|btu|lm|kb)\b"
)
_INSTALMENTS: Final = re.compile(
    r"(?<![\d.,$])([2-9]|[1-9]\d{1,2}) (?:cuotas|mensualidades|installments|instalments)\b"
)
_FREE: Final = re.compile(
    r"\b(?:gratis|gratuit[oa]s?|sin (?:ningun )?costo|no (?:tiene|tienen) costo|no cuestan? nada"
    r"|no te cobr\w+|mitad del? precio|medio precio|[2-9] ?x ?[1-8]|[2-9] por (?:[1-8]|uno)(?! mil)"
    r"|llev\w+ [2-9] y pag\w+ (?:[1-8]|una?)|por el precio de (?:una?|\d)|stock ilimitado"
    r"|(?:sale|salen|cuestan?|valen?|pag\w+|cobro) (?:solo |apenas )?(?:la mitad|un (?:solo )?peso)"
    r"|sin interes(?:es)?|tasa (?:es |de )?(?:del )?0|(?:te |se |les )regal\w+"
    r"|cortesia de la casa|costo cero"
    r"|(?<!papel )(?<!tarjeta )(?<!ideas )(?<!idea )(?<!caja )(?<!bolsa )de regalo"
    r"|for free|free of charge|at no (?:extra )?cost|half (?:the )?price|on the house"
    r"|(?:media|medio|un cuarto de) (?:uf|luca|millon))\b(?! ?[$\d])"
)
_ENGLISH: Final = re.compile(
    r"\b(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|a)[ -])+"
    r"(?:hundred|thousand|million)\b"
)
_DIGITS: Final = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
_SPELLED: Final = re.compile(
    rf"\b(?:{'|'.join(_DIGITS)})(?:[ ,.-]+(?:{'|'.join(_DIGITS)})){{5,}}\b"
)
_DASHED: Final = re.compile(r"(?<![\w.,-])\d(?:[-·/] ?\d){6,}(?![\w-])")
"""A phone, digit by digit."""
_MILLION: Final = re.compile(r"\b(?:un|one) (?=millon\b|million\b)")
_SPACED: Final = re.compile(r"(?<![\w.,])\d(?: (?:[.,] )?\d){3,}(?![\w])")
"""`1 9 . 9 9 0`."""
_KEYCAPS: Final = str.maketrans({"\ufe0f": None, "\u20e3": None})
"""Digits on keys: `1️⃣9️⃣` is 19."""
_FOREIGN: Final = re.compile(
    "(?![0-9])\\d|[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea]"
)
_CARRIED: Final = re.compile(r"\b(?:envio|despacho|entrega|retir|desde|shipping|delivery)")
_MARK: Final = re.compile(r"\[[A-Z][A-Z_]*_\d{1,6}\]")
"""Stands for a value of the customer's own, and becomes it again before it is sent."""
_DIALLED: Final = re.compile(
    r"(?<![\d$.,/-])(?<!\$ )\+?(?:\d{1,3}[ -])?\d{1,3}[ -]\d{3,4}[ -]\d{4}(?![\d%]|[.,/-]\d)"
)
"""`2 2345 6789`, as people dial at home."""
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LESS: Final = re.compile(
    r"^.{0,24}\b(?:descuento|dcto|menos|off|rebaja|discount|less|bonificacion)\b"
)
_STOCK: Final = re.compile(
    r"(?<![\d.,])(\d{1,6}) (?:unidad(?:es)?|en stock|disponibles?|in stock|available)\b"
    r"|\blleg(?:an|aran) (\d{1,6})\b(?! ?(?:dias?|horas?|a \d|y \d))"
)
_LEFT: Final = re.compile(
    r"\bqueda(?:n|ba|ban)? (?:solo |aun |nos )?(?:las? ultimas? |los? ultimos? )?(\d{1,6})\b"
    r"|\b(?:queda(?:n|ba)? (?:solo |aun )?(?:una?|la ultima|el ultimo)"
    r"|(?:la ultima|el ultimo) que (?:nos )?queda)\b()|\bonly (\d{1,6}) (?:are )?left\b"
)
"""How many are left; the last one is one."""
_BARGAIN: Final = re.compile(
    r"(?<!no )(?<!si )(?<!¿)\b(?:(?:te|les?) (?:hago|doy|dejo|aplico|ofrezco|regalo|consigo)"
    r"|tienes|tenemos|hay|aprovecha|llevas|cuentas con) (?:un |una |el |la |tu |este |esta )?"
    r"(?:\w+ )?(?:descuento|rebaja|dcto|cupon|bonificacion|liquidacion|precio especial|promocion)"
)
_RETURNED: Final = re.compile(
    r"\b(?:te|le|les) (?:vamos a |voy a |podemos )?(?:reembols|devolv|devuelv|indemniz|compens)"
    r"|\b(?:we|i)(?:'ll| will) refund"
)

_WILL_RETURN: Final = re.compile(
    r"\b(?:te|le|les) (?:vamos a|voy a) (?:reembols|devolv|indemniz|compens)"
    r"|\bi(?:'ll| will) refund"
)
"""What a policy grants on a condition is not yet promised to anybody."""
_RETURNS: Final = re.compile(r"\b(?:reembols|devolv|devuelv|devoluc|refund)")
_MILLIONS: Final = re.compile(r"\b(\d{1,3}) mill(?:on|ones) (\d{1,6})\b(?![.,]\d)")


@lru_cache(maxsize=2_000)
def stated(text: str, peso: str, *, told: bool = False) -> Stated:
    """What can be checked, and every number grouped in thousands: it reads like a price. `told`:
    read as a source, from which more than one wording follows."""
    found: set[tuple[str, str]] = {("link", link.lower()) for link in links.found(text)}
    found |= {("mark", mark) for mark in _MARK.findall(text)}
    levelled = level(text)
    for start, end in _identities(levelled):
        found.add(("identity", re.sub(r"[^0-9a-z]", "", levelled[start:end])))
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    text = plain(text)
    for measure in _MEASURE.finditer(text):
        found.add(("measure", re.sub("[.,]", "", measure[1]) + measure[2][:2]))
    text = _MEASURE.sub(" ", text)
    for claim in claims(text, peso=peso):
        start, end = claim.span
        if claim.kind != "link":
            found.add((claim.kind, claim.value.lower()))
            found |= _otherwise(claim.kind, claim.value, text[end:], told=told)
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    for dialled in _DIALLED.findall(text):
        number = re.sub(r"\D", "", dialled)
        found |= {("phone", number)} | _otherwise("phone", number, "", told=told)
    text = _DIALLED.sub(" ", text)
    for pattern in (_GROUPED, _BARE):
        found |= {("price", re.sub("[.,]", "", number)) for number in pattern.findall(text)}
    found |= {("instalments", number) for number in _INSTALMENTS.findall(text)}
    found |= {("stock", one or other) for one, other in _STOCK.findall(text)}
    found |= {("stock", f"{one or other or 1} left") for one, _, other in _LEFT.findall(text)}
    found |= {("price", _freed(text, free)) for free in _FREE.finditer(text)}
    found |= {("price", said[0]) for said in _ENGLISH.finditer(text)}
    found |= {("date", span) for span in spans(text, told=told)}
    return frozenset(found | _promised(text, told=told))


def _identities(levelled: str) -> list[tuple[int, int]]:
    """National ids, cards and accounts; phones and addresses are claims of their own."""
    return [
        (start, end)
        for detect in detectors(levelled)
        for kind, start, end in detect(levelled)
        if kind not in {"phone", "email"}
    ]


def plain(text: str) -> str:
    """Every figure as one number in our own digits, however it was spelled."""
    if not text.isascii():
        text = _FOREIGN.sub(_digit, text.translate(_KEYCAPS))
    text = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), text)
    text = _DASHED.sub(lambda dashed: re.sub(r"\D", "", dashed[0]), text)
    joined = figures(_MILLION.sub("1 ", _SPELLED.sub(_dictated, fold(text))))
    joined = joined.replace("luquitas", "lucas").replace("luquita", "luca")
    joined = _MILLIONS.sub(lambda said: str(int(said[1]) * 1_000_000 + int(said[2])), joined)
    return _TORN.sub(lambda torn: "".join(part for part in torn.groups() if part), joined)


def _dictated(spelled: re.Match[str]) -> str:
    return "".join(str(_DIGITS.index(word)) for word in re.findall("[a-z]+", spelled[0]))


def _digit(sign: re.Match[str]) -> str:
    return str(unicodedata.digit(sign[0]))


def _otherwise(kind: str, value: str, after: str, *, told: bool) -> Stated:
    """`50% de descuento` is more than `50%`; a day of one year is a day."""
    if kind == "percent":
        less = _LESS.match(after[:60]) is not None
        return frozenset({("percent", f"{value} less")}) if less or told else frozenset()
    if kind == "phone" and told:
        return frozenset(("phone", value[start:]) for start in range(1, len(value) - 7))
    if kind == "date" and told and not value.startswith("--"):
        return frozenset({("date", f"-{value[4:]}")})
    return frozenset()


def _promised(text: str, *, told: bool) -> Stated:
    found = set()
    if "@" in text:
        found |= {("email", address) for address in _ADDRESS.findall(text)}
    if _BARGAIN.search(text):
        found.add(("percent", "some less"))
    if _WILL_RETURN.search(text):
        found.add(("promise", "refund now"))
    if (_RETURNS if told else _RETURNED).search(text):
        found.add(("promise", "refund"))
    return frozenset(found)


def _freed(text: str, free: re.Match[str]) -> str:
    """Free shipping is another thing than a free product."""
    before = text[max(free.start() - 60, 0) : free.start()].replace("\n", ". ").rpartition(". ")[2]
    after = text[free.end() : free.end() + 40].partition(". ")[0]
    return "carriage" if _CARRIED.search(before + after) else free[0]
