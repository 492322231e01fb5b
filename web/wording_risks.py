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
TRAINING: Final[Mapping[str, str]] = {
    "waiting": "El entrenamiento empieza en un momento.",
    "running": "Se está entrenando: suele tardar menos de un minuto.",
    "again": "El entrenamiento se cortó y se intentará otra vez en un momento.",
    "failed": "El último entrenamiento falló.",
    "used": "El último entrenamiento dio una versión mejor, que pasó a usarse.",
    "kept": "El último entrenamiento dio una versión que no acertaba más que la que se usaba: quedó"
    " guardada.",
    "unproven": "El último entrenamiento dio una versión que todavía no se distingue del azar: hay"
    " muy pocos casos que no pagaron para saber si acierta. Quedó guardada, sin usarse. Prueba otra"
    " vez con más meses de historia.",
    "refused": "El último entrenamiento no se pudo hacer.",
}
ASKING: Final[Mapping[str, str]] = {
    "waiting": "La estimación empieza en un momento.",
    "running": "Se está estimando.",
    "again": "La estimación se cortó y seguirá donde quedó, en un momento.",
    "failed": "La última estimación falló.",
    "done": "La estimación de hoy está lista.",
}
REFUSED: Final[Mapping[str, str]] = {
    "TooFewRows": "Todavía hay muy pocos préstamos que hayan terminado bien o mal: vuelve a probar"
    " cuando pasen más meses, o trae más historia.",
    "OneClass": "En tu historia todos pagaron, o nadie pagó: no hay diferencias de las que"
    " aprender.",
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
    "risk-training": TRAINING,
    "risk-asking": ASKING,
    "risk-refused": REFUSED,
}
