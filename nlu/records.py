"""Which of one's own records a text names: a loan by its number, an instalment by its place."""

import re
from typing import Any, Final

from text.folding import level

_NUMBER: Final = r"(?:numero|nro\.?|num\.?|n[°º.]|no\.|#|terminado en|que termina en)?\s{0,2}#?"
_LOAN: Final = re.compile(
    rf"\b(?:prestamo|credito|operacion|contrato|loan)\s{{1,2}}{_NUMBER}"
    r"([0-9]{4,8})(?![0-9a-z]|[.,][0-9]|\s*(?:pesos|lucas|mil\b|clp|dolares))"
)
_INSTALMENT: Final = re.compile(
    rf"\b(?:cuota|instal?lment)\s{{1,2}}{_NUMBER}([0-9]{{1,3}})"
    r"(?![0-9a-z]|[.,/-][0-9]|\s*(?:de [a-z]))"
)


def records(text: str) -> dict[str, Any]:
    """Amounts are no numbers of loans: `un crédito 500.000`, `un préstamo 8000 lucas`."""
    levelled = level(text)
    loan, instalment = _LOAN.search(levelled), _INSTALMENT.search(levelled)
    found: dict[str, Any] = {"loan": loan[1]} if loan else {}
    return found | ({"instalment": int(instalment[1])} if instalment else {})
