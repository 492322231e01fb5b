"""How a seller reads what customers wanted: the intents whose names are no plain Spanish."""

from collections.abc import Mapping
from typing import Final

INTENTS: Final[Mapping[str, str]] = {
    "anulacion": "quiere anular",
    "aviso": "pide un aviso",
    "compra": "quiere comprar",
    "confianza": "duda si confiar",
    "consejo_ahorro": "consejo para ahorrar",
    "consulta_stock": "consulta de stock",
    "consulta_uf": "consulta de la UF",
    "contacto": "pide un contacto",
    "datos": "da sus datos",
    "devolucion": "devolución",
    "estado_prestamo": "estado del préstamo",
    "garantia": "garantía",
    "inversion": "inversión",
    "no_entiende": "no entendió",
    "pago_hecho": "dice que pagó",
    "persona": "pide una persona",
    "proxima_cuota": "próxima cuota",
    "repactacion": "repactación",
    "resumen_gastos": "resumen de gastos",
    "simulacion": "simulación",
    "solicitar_credito": "pide un crédito",
    "tasa_cae": "tasa y CAE",
    "ubicacion": "ubicación",
    "ultimo_pago": "último pago",
    "ultimos_movimientos": "últimos movimientos",
}
