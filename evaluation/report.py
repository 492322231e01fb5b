"""What gates say, in words that an owner reads: Spanish first, English second."""

from collections.abc import Mapping, Sequence
from typing import Final

from evaluation.gates import Gate, Verdict

Words = Mapping[str, str]

NAMES: Final[Mapping[str, Words]] = {
    "es": {
        "intent_f1": "Entiende lo que piden (F1 de las intenciones más frecuentes)",
        "slot_exact": "Lee bien los datos del mensaje",
        "off_policy": "Respuestas inventadas, prohibidas o groseras",
        "correct": "Responde bien los casos de oro",
        "latency_rag": "Rapidez cuando busca en documentos",
        "latency": "Rapidez cuando no busca",
    },
    "en": {
        "intent_f1": "Understands what is wanted (F1 of the most frequent intents)",
        "slot_exact": "Reads the details of a message",
        "off_policy": "Answers that are invented, forbidden or rude",
        "correct": "Answers the golden cases well",
        "latency_rag": "Speed when it searches documents",
        "latency": "Speed when it searches nothing",
    },
}
SAID: Final[Mapping[str, Words]] = {
    "es": {
        "passed": "aprobado", "failed": "reprobado", "not_enough": "faltan datos",
        "more": "faltan {more} casos", "none": "sin medir",
        "least": "al menos {limit}", "most": "a lo más {limit}",
        "sure": "visto {value} en {cases}; con seguridad {bound}",
        "slower": "p95 {value} en {cases}; a lo más {bound} pasa de {limit}",
        "all_passed": "Aprobado: este modelo puede atender.",
        "all_failed": "Reprobado: este modelo no debe atender.",
        "all_not_enough": "Todavía no se puede decir: faltan casos.",
        "repeated": "Evaluación {attempt} de este modelo con estos casos: se juzga con {sure:.2%} "
        "de seguridad; cada repetición exige más.",
    },
    "en": {
        "passed": "passed", "failed": "failed", "not_enough": "not enough data",
        "more": "{more} more cases", "none": "not measured",
        "least": "at least {limit}", "most": "at most {limit}",
        "sure": "seen {value} in {cases}; surely {bound}",
        "slower": "p95 {value} in {cases}; at most {bound} take longer than {limit}",
        "all_passed": "Passed: this model may answer.",
        "all_failed": "Failed: this model must not answer.",
        "all_not_enough": "It cannot be told yet: more cases are needed.",
        "repeated": "Evaluation {attempt} of this model on these cases: judged at {sure:.2%} "
        "confidence; each repetition asks for more.",
    },
}  # fmt: skip
TIMES: Final = frozenset({"latency_rag", "latency"})
AT_MOST: Final = frozenset({"off_policy", *TIMES})


def told(verdict: Verdict, found: Sequence[Gate], locale: str) -> list[str]:
    """A line a gate, and what comes of them."""
    return [SAID[locale][f"all_{verdict}"], *(line(gate, locale) for gate in found)]


def repeated(attempt: int, sure: float, locale: str) -> str:
    """Which evaluation of its model it was, and how sure it had to be."""
    return SAID[locale]["repeated"].format(attempt=attempt, sure=sure)


def line(gate: Gate, locale: str) -> str:
    name, said = NAMES[locale][gate.name], SAID[locale]
    return f"{name}: {said[gate.verdict]} ({wanted(gate, locale)}; {seen(gate, locale)})"


def wanted(gate: Gate, locale: str) -> str:
    key = "most" if gate.name in AT_MOST else "least"
    return SAID[locale][key].format(limit=_figure(gate, gate.limit))


def seen(gate: Gate, locale: str) -> str:
    said = SAID[locale]
    more = "" if gate.more is None else said["more"].format(more=gate.more)
    if gate.value is None or gate.bound is None:
        return "; ".join(filter(None, [said["none"], more]))
    key = "slower" if gate.name in TIMES else "sure"
    bound = f"{gate.bound:.1%}" if gate.name in TIMES else _figure(gate, gate.bound)
    shown = said[key].format(
        value=_figure(gate, gate.value),
        bound=bound,
        cases=gate.cases,
        limit=_figure(gate, gate.limit),
    )
    return "; ".join(filter(None, [shown, more]))


def _figure(gate: Gate, value: float) -> str:
    if gate.name in TIMES:
        return f"{value:g} s"
    return f"{value:.3f}" if gate.name == "intent_f1" else f"{value:.1%}"
