"""The card of a model: what it is for, what it learned, how good it is, what it must not do."""

from collections.abc import Iterator, Sequence
from typing import Final

from prediction.drift import WORDS, Drift, shift
from prediction.measuring import Bounded, Metrics
from prediction.model import Model
from prediction.notes import WHY_SPANISH
from prediction.table import Feature
from prediction.telling import bare, number

_KINDS: Final = {
    "scorecard": "un puntaje por tramos (regresión logística)",
    "boosting": "árboles de decisión reforzados, con direcciones impuestas (LightGBM)",
}
_WAYS: Final = {1: "más sube el riesgo", -1: "más baja el riesgo", 0: "la deciden los datos"}
_LIMITS: Final = (
    "Dice con qué frecuencia dejaron de pagar casos parecidos; no sabe qué hará una persona.",
    "Vale para personas y condiciones como las de sus datos; si cambian, hay que reentrenar.",
    "Aprendió solo de quienes recibieron crédito: de quienes fueron rechazados no sabe nada.",
    "Que un dato suba el riesgo no significa que lo cause.",
    "No decide: una persona decide y puede apartarse de él. El bot nunca dice un riesgo a nadie.",
)
_CONTEST: Final = (
    "Quien recibe una decisión puede pedir los motivos, corregir los datos que estén mal y pedir"
    " que una persona revise el resultado. La revisión queda anotada con su fecha, su resultado y"
    " quién la hizo."
)


def card(model: Model, drift: Drift | None = None) -> str:
    """In Markdown, in Spanish."""
    parts = (
        _purpose(model),
        _data(model),
        _features(model.features),
        _left_out(model),
        _quality(model.metrics),
        _calibration(model.metrics),
        _drift(drift) if drift else (),
        ("## Límites", "", *(f"- {one}" for one in _LIMITS)),
        ("## Cómo se puede reclamar", "", _CONTEST),
    )
    told = ("\n".join(part) for part in parts)
    return "\n\n".join(filter(None, told)) + "\n"


def _purpose(model: Model) -> Sequence[str]:
    return (
        f"# Ficha del modelo: {_safe(model.subject) or 'riesgo de no pago'}",
        "",
        f"Estima la probabilidad de no pago con {_KINDS[model.kind]}. Se entrenó el"
        f" {model.trained_at:%Y-%m-%d %H:%M} {model.trained_at.tzname() or ''}".rstrip()
        + ".",
    )


def _data(model: Model) -> Iterator[str]:
    counts, period = model.counts, model.period
    share = number(round(100 * counts.bad / counts.cases, 1))
    yield "## Datos"
    yield ""
    yield f"- {number(counts.cases)} casos, {number(counts.bad)} de ellos malos ({share} %)."
    if period.cut:
        yield (
            f"- Del {period.first} al {period.last}. Aprendió de lo anterior al {period.cut}"
            f" ({number(counts.trained)} casos) y se midió en lo posterior"
            f" ({number(counts.held_out)})."
        )
    else:
        yield "- Sin fechas: se midió en una parte tomada al azar, que dice menos del futuro."
        yield (
            f"- Aprendió de {number(counts.trained)} casos y se midió en"
            f" {number(counts.held_out)} que no había visto."
        )
    for note in model.notes:
        yield f"- {_safe(note.spanish)}"


def _features(features: Sequence[Feature]) -> Iterator[str]:
    yield "## Qué mira"
    yield ""
    yield "| dato | tipo | dirección |"
    yield "|---|---|---|"
    for one in features:
        kind = "número" if one.kind == "number" else "categoría"
        yield f"| {_called(one)} | {kind} | {_WAYS[one.direction]} |"


def _left_out(model: Model) -> Iterator[str]:
    if model.left_out:
        yield "## Qué no mira"
        yield ""
        yield "| dato | por qué |"
        yield "|---|---|"
        for one in model.left_out:
            yield f"| {_safe(one.column)} | {WHY_SPANISH[one.why]} |"


def _quality(metrics: Metrics) -> Iterator[str]:
    yield "## Qué tan bueno es"
    yield ""
    yield (
        f"Medido en {number(metrics.cases)} casos que no había visto, {number(metrics.bad)} de"
        f" ellos malos{_between(metrics)}. Entre paréntesis, el intervalo del 95 %."
    )
    yield ""
    yield "| medida | valor | qué significa |"
    yield "|---|---|---|"
    yield f"| AUC | {_told(metrics.auc)} | pares de malo y bueno que ordena bien; 0,5 es azar |"
    chance = f"el azar daría {_decimal(metrics.bad_share)}"
    yield f"| Precisión media | {_told(metrics.average_precision)} | {chance} |"
    yield f"| KS | {_told(metrics.ks)} | la mayor distancia entre malos hallados y falsas alarmas |"
    yield f"| Brier | {_told(metrics.brier)} | error cuadrático medio; menos es mejor |"
    yield f"| ECE | {_decimal(metrics.ece)} | distancia entre lo que dijo y lo que pasó |"


def _calibration(metrics: Metrics) -> Iterator[str]:
    yield "## Si se le puede creer"
    yield ""
    yield "| dijo | pasó | casos |"
    yield "|---|---|---|"
    for one in metrics.bins:
        yield f"| {_percent(one.said)} | {_percent(one.seen)} | {number(one.cases)} |"


def _drift(drift: Drift) -> Iterator[str]:
    yield "## Si la gente ha cambiado"
    yield ""
    yield f"Comparado con {number(drift.cases)} casos de ahora (índice de estabilidad)."
    yield ""
    yield "| dato | índice | |"
    yield "|---|---|---|"
    yield f"| la probabilidad | {_decimal(drift.score)} | {WORDS[shift(drift.score)]} |"
    for name, index in sorted(drift.features.items(), key=lambda one: -one[1]):
        yield f"| {_safe(name)} | {_decimal(index)} | {WORDS[shift(index)]} |"


def _called(feature: Feature) -> str:
    """As a person reads it, and as a program does."""
    words, name = bare(feature), _safe(feature.name)
    return f"{_safe(words)} ({name})" if words else name


def _between(metrics: Metrics) -> str:
    return f", del {metrics.first} al {metrics.last}" if metrics.first else ""


def _told(one: Bounded) -> str:
    return f"{_decimal(one.value)} ({_decimal(one.low)} a {_decimal(one.high)})"


def _decimal(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _safe(text: str) -> str:
    """Names come from files: they may end no cell of a table and begin no markup."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\|`*_[]<>#" else sign for sign in flat)
