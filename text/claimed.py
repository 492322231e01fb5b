"""Numbers that are nobody's personal data: prices and the shop's own order numbers."""

import re
from collections.abc import Callable, Iterator
from typing import Final

Place = tuple[str, int, int]
Detector = Callable[[str], Iterator[Place]]

# A number right after one of these is the shop's own: an order, a folio, a tracking code.
_OWN_NUMBER = re.compile(
    r"(?:pedidos?|orden(?:es)?|folios?|boletas?|facturas?|guias?|seguimiento|tracking|codigos?|cod"
    r"|tickets?|reservas?|sku|ref|referencia|comprobante|operacion|transaccion|lote|modelo|serie"
    r"|order|compra|envio|despacho|caso|reclamo)"
    r"(?:\s(?:es|de|del|el|la|compra|pedido|seguimiento|envio))*"
    r"\s?(?:n(?:o|ro|um|umero)?\b\.?|numero)?\s?[°º.:#-]*\s?(?:es\s)?#?\Z",
    re.ASCII,
)
PRICED_BEFORE = re.compile(r"(?:\$|€|clp|usd|cop|uf|bs\.?)\s{0,2}\Z", re.ASCII)
PRICED_AFTER = re.compile(
    r"(?:\s?(?:mil|lucas|pesos|clp|usd|cop|dolares|euros|bs|bolivares|uf)\b|\s?[$€%])", re.ASCII
)
_NEAR: Final = 48


def plain(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number)


def unclaimed(text: str, start: int, end: int) -> bool:
    """Neither a price nor one of the shop's own numbers."""
    before = text[max(start - _NEAR, 0) : start]
    if PRICED_BEFORE.search(before) or PRICED_AFTER.match(text, end):
        return False
    return _OWN_NUMBER.search(before) is None
