"""How the code words of risks are read."""

from collections.abc import Mapping
from typing import Any, Final

from prediction.notes import WHY_SPANISH

TARGETS: Final[Mapping[str, str]] = {"loan": "Préstamos", "instalment": "Cuotas"}
LEVELS: Final[Mapping[str, str]] = {
    "low": "Riesgo bajo",
    "medium": "Riesgo medio",
    "high": "Riesgo alto",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "upheld": "Se mantiene",
    "corrected": "Se corrige",
    "withdrawn": "Se retira: no se usa",
}
KINDS: Final[Mapping[str, str]] = {
    "scorecard": "tabla de puntos",
    "boosting": "árboles de decisión",
}
SHIFTS: Final[Mapping[str, str]] = {
    "steady": "Igual que antes",
    "moved": "Cambió un poco",
    "changed": "Cambió mucho",
}
CURVES: Final[Mapping[str, str]] = {
    "roc": "A cuántos que no pagarán encuentra, según cuántas falsas alarmas acepta",
    "calibration": "Lo que dijo el modelo y lo que pasó de verdad",
}
SAID: Final[Mapping[str, str]] = {
    "entrenando": "Se está entrenando: en menos de un minuto aparece aquí la versión nueva.",
    "estimando": "Se está estimando: en un momento aparecen en la lista.",
    "en-uso": "Desde ahora se usa esta versión.",
}
LISTS: Final[Mapping[str, Mapping[Any, str]]] = {
    "risk-of": TARGETS,
    "risk-level": LEVELS,
    "risk-outcome": OUTCOMES,
    "risk-kind": KINDS,
    "risk-shift": SHIFTS,
    "risk-left": WHY_SPANISH,
    "risk-curve": CURVES,
    "risk-said": SAID,
}
