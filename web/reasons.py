"""Why a rollout took a step, or may not, and what a training tells: what our code writes, in the
words of a page. Pure.

What a person typed is no rule's, and stands as it is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from web.amounts import as_written

REASONS: Final[Mapping[str, str]] = {
    r"started in the shadow": "Empezó en la sombra",
    r"started by hand": "Se empezó a mano",
    r"to (?P<a>\d+) % by hand": "Subió a mano al %(a)s %%",
    r"its limits were set by hand": "Se pusieron otros límites a mano",
    r"paused by hand": "Se pausó a mano",
    r"resumed by hand": "Siguió a mano",
    r"stopped by (?:hand|the API)": "Se detuvo a mano",
    r"taken back by hand": "Se devolvió a mano",
    r"guard rail: personal data or instructions given away: (?P<a>\d+) of (?P<b>\d+) answers":
        "Dejó ver datos o instrucciones en %(a)s de %(b)s respuestas",
    r"guard rail: invented amounts: (?P<a>\d+) of (?P<b>\d+) answers":
        "Inventó montos en %(a)s de %(b)s respuestas",
    r"guard rail: insults: (?P<a>\d+) of (?P<b>\d+) answers":
        "Insultó en %(a)s de %(b)s respuestas",
    r"guard rail: errors: (?P<a>\d+) of (?P<b>\d+) answers":
        "Falló en %(a)s de %(b)s respuestas",
    r"guard rail: answers over (?P<c>\d+) ms: (?P<a>\d+) of (?P<b>\d+) answers":
        "Tardó más de %(c)s ms en %(a)s de %(b)s respuestas",
    r"(?P<a>\d+) of (?P<b>\d+) shadow answers failed":
        "Fallaron %(a)s de %(b)s respuestas en la sombra",
    r"(?P<b>\d+) shadow answers, (?P<a>\d+) of them wrong":
        "%(b)s respuestas en la sombra, %(a)s con problemas",
    r"its (?P<c>[\d.]+) USD were spent after (?P<a>\d+) of (?P<b>\d+) shadow answers":
        "Se gastaron sus %(c)s USD, con %(a)s de %(b)s respuestas en la sombra",
    r"its (?P<c>[\d.]+) days were over after (?P<a>\d+) of (?P<b>\d+) shadow answers":
        "Pasaron sus %(c)s días, con %(a)s de %(b)s respuestas en la sombra",
    r"worse in (?P<measured>[a-z, ]+)": "Resultó peor, con seguridad:",
    r"no harm in (?P<a>\d+) conversations at (?P<b>\d+) %":
        "Sin daño en %(a)s conversaciones al %(b)s %%",
    r"not worse by (?P<b>[\d.]+) in (?P<a>\d+) conversations":
        "No es peor que el actual en %(a)s conversaciones",
    r"nothing was shown in (?P<a>\d+) conversations":
        "Sin diferencia clara en %(a)s conversaciones",
    r"customers were not split as they should be in (?P<a>\d+) conversations":
        "Los clientes no se repartieron como debían, en %(a)s conversaciones",
    r"its offline gates are not passed, whatever was shown in (?P<a>\d+) conversations":
        "No pasó su evaluación, en %(a)s conversaciones",
    r"one side's customers are heard of more often, so scores are not compared,"
    r" in (?P<a>\d+) conversations":
        "De un lado se sabe de más clientes y las notas no se comparan, en %(a)s conversaciones",
    r"its customers give fewer than (?P<b>[\d.]+) stars in (?P<a>\d+) conversations":
        "Sus clientes dan menos de %(b)s estrellas, en %(a)s conversaciones",
    r"(?P<c>\d+) answers more were lacking to show (?P<b>[\d.]+) stars in"
    r" (?P<a>\d+) conversations":
        "Faltaron %(c)s respuestas más para mostrar %(b)s estrellas, en %(a)s conversaciones",
    r"the offline gates are not passed: (?P<a>.+)": "No pasó su evaluación",
    r"its golden set failed": "Reprobó sus conversaciones de prueba",
    r"its golden set had too few cases": "Tuvo muy pocos casos de prueba",
    r"it was never evaluated": "Nunca se evaluó",
    r"passed": "Aprobó su evaluación",
    r"another one is under way": "Ya hay otro despliegue en marcha",
    r"the rollout took a step of its own meanwhile": "El despliegue avanzó solo mientras tanto",
    r"the rollout is (?P<a>[a-z_]+)": "Ese despliegue ya terminó",
    r"paused already": "Ya estaba en pausa",
    r"not paused": "No estaba en pausa",
    r"(?P<b>\S+) is (?:active|shadow|canary)": "%(b)s ya está en uso",
    r"(?P<a>-?\d+) % is not between 1 and 100": "El porcentaje va de 1 a 100",
    r"no Ollama server is configured": "No hay ningún servidor Ollama configurado",
    r"Ollama at (?P<b>\S+) has no model (?P<a>\S+)":
        "Tu servidor Ollama no tiene %(a)s: ponlo ahí antes de probarlo",
    r"Ollama at (?P<a>\S+) does not answer": "El servidor Ollama no responde",
    r"(?P<a>\S+) has no key": "Falta la clave de %(a)s en la configuración",
    r"no provider is called (?P<a>.+)": "No hay ningún proveedor %(a)s",
    r"it was not trained on this machine": "No se entrenó en esta máquina",
    r"the controller": "El controlador",
}  # fmt: skip
LOGGED: Final[Mapping[str, str]] = {
    r"(?P<a>\d+) examples of (?P<b>\d+) intents": "%(a)s ejemplos de %(b)s intenciones",
    r"the training began": "Empezó el entrenamiento",
    r"the training goes on": "Sigue el entrenamiento",
    r"the training rests": "El entrenamiento descansa",
    r"reading the base model": "Leyendo el modelo base",
    r"(?P<a>\d+) rows of more than (?P<b>\d+) tokens are left out":
        "Quedan fuera %(a)s ejemplos de más de %(b)s tokens",
    r"step (?P<a>\d+) of (?P<b>\d+)": "Paso %(a)s de %(b)s",
    r"step (?P<a>\d+) of (?P<b>\d+), loss (?P<n>[\d.]+)": "Paso %(a)s de %(b)s, pérdida %(n)s",
    r"writing the adapter": "Guardando el adaptador",
}  # fmt: skip
"""What our own trainers tell on their way; a provider's lines are its own."""
_RULES: Final = tuple((re.compile(rule), said) for rule, said in REASONS.items())
_LINES: Final = tuple((re.compile(rule), said) for rule, said in LOGGED.items())


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is Spanish, to be translated and then filled in; typed texts have nothing to fill."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    typed: bool = False

    @property
    def measured(self) -> list[str]:
        """What it was worse in, each to be said by its own words."""
        return self.values["measured"].split(", ") if "measured" in self.values else []


def reason_of(text: str) -> Reason:
    return _found(text, _RULES)


def logged(locale: str, text: str) -> Reason:
    """With its figure `n` as the page's language writes them."""
    found = _found(text, _LINES)
    figure = {
        name: as_written(value, locale) for name, value in found.values.items() if name == "n"
    }
    return replace(found, values={**found.values, **figure})


def _found(text: str, rules: Iterable[tuple[re.Pattern[str], str]]) -> Reason:
    for rule, said in rules:
        found = rule.fullmatch(text)
        if found is not None:
            return Reason(said, found.groupdict())
    return Reason(text, typed=True)
