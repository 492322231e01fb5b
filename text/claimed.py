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
    r"|order|compra|envio|despacho|caso|reclamo|solicitud(?:es)?|contratos?|poliza|imei|isbn|remito"
    r"|starken|chilexpress|blue ?express|correos|dhl|fedex|ups|servientrega|coordinadora|mrw|tealca"
    r"|estafeta|olva|shalom|andreani|interrapidisimo|cotizacion|presupuesto|tramite|expediente|cupon|voucher|paquetes?|bultos?|articulo|item"
    r"|etiqueta|garantia|siniestro|nota de (?:venta|credito))"
    r"(?:\s(?:es|de|del|el|la|compra|pedido|seguimiento|envio))*"
    r"\s?(?:n(?:o|ro|um|umero)?\b\.?|numero)?\s?[°º.:#-]*\s?(?:es\s)?#?\Z",
    re.ASCII,
)
_SPENT = (
    r"\b(?:transferi|deposite|pague|abone|gane|ahorre|debo|pagaron|depositaron|transfirieron"
    r"|(?:saldo|monto|total|deuda|precio|valor|cuota|sueldo|renta)(?: es| son| seria)?(?: de)?:?)"
)
PRICED_BEFORE = re.compile(
    rf"(?:\$|s/\.?|€|(?<![a-z])(?:clp|usd|cop|mxn|ars|pen|uf|bs\.?)|{_SPENT})\s{{0,2}}\Z", re.ASCII
)
PRICED_AFTER = re.compile(
    r"(?:\s?(?:mil|lucas|pesos|clp|usd|cop|mxn|ars|dolares|euros|soles|bs|bolivares|uf|unidades"
    r"|seguidores|puntos|millas|habitantes|personas|km|kilometros|metros|kilos|(?:al|por) mes"
    r"|mensual(?:es)?|de (?:pie|renta|sueldo|cupo|deuda|saldo|inicial|prima|enganche))\b|\s?[$€%])",
    re.ASCII,
)
# Between "mi celular" and its number nobody says these: the number is of something else.
_OTHER_THING = re.compile(
    r"(?<![a-z])(?:pedidos?|orden|folio|boleta|factura|guia|tracking|seguimiento|codigo|modelo|serie"
    r"|sku|imei|ticket|lote|sale|cuesta|costo|vale|precio|valor|cuotas?|sueldo|renta|monto|cupo"
    r"|saldo|tiene|tengo|hay|gano|pie|pedir|piden|prest[ae][a-z]*|cobr[a-z]+|descont[a-z]+|abonar?"
    r"|mes|desde|hasta)(?![a-z])",
    re.ASCII,
)
_A_DATE = re.compile(
    r"(?:[0-3]?[0-9]([./ -])[01]?[0-9]\1(?:19|20)?[0-9]{2}"
    r"|(?:19|20)[0-9]{2}([./ -]?)[01][0-9]\2[0-3][0-9])\Z",
    re.ASCII,
)
_ROUND = re.compile(r"[0-9]{1,3}\.?000\Z|[0-9]{1,3}\.?[0-9]00\.?000\Z", re.ASCII)
_TIGHT: Final = 8
_NEAR: Final = 48


def plain(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number)


def unclaimed(text: str, start: int, end: int) -> bool:
    """Neither a price nor one of the shop's own numbers."""
    before = text[max(start - _NEAR, 0) : start]
    if PRICED_BEFORE.search(before) or PRICED_AFTER.match(text, end):
        return False
    return _OWN_NUMBER.search(before) is None


def belongs(text: str, word_end: int, start: int, end: int) -> bool:
    """The number is of the word before it ("mi celular"), not a price, a date or an order."""
    gap, number = text[word_end:start], text[start:end]
    if PRICED_BEFORE.search(text[max(start - _NEAR, 0) : start]) or PRICED_AFTER.match(text, end):
        return False
    if _OTHER_THING.search(gap) or _A_DATE.match(number):
        return False
    return _ROUND.match(number) is None or (len(gap) < _TIGHT and len(plain(number)) > _TIGHT - 1)
