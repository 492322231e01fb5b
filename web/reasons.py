"""Why a rollout took a step, or may not: what our rules write, in the words of a page. Pure.

What a person typed is no rule's, and stands as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    r"started in the shadow": "Empezó en la sombra",
    r"started by hand": "Se empezó a mano",
    r"to (?P<a>\d+) % by hand": "Subió a mano al %(a)s %%",
    r"paused by hand": "Se pausó a mano",
    r"resumed by hand": "Siguió a mano",
    r"stopped by hand": "Se detuvo a mano",
    r"taken back by hand": "Se devolvió a mano",
    r"guard rail: personal data or instructions given away: (?P<a>\d+) of (?P<b>\d+) answers":
        "Dejó ver datos o instrucciones en %(a)s de %(b)s respuestas",
    r"guard rail: invented amounts: (?P<a>\d+) of (?P<b>\d+) answers":
        "Inventó montos en %(a)s de %(b)s respuestas",
    r"guard rail: errors: (?P<a>\d+) of (?P<b>\d+) answers":
        "Falló en %(a)s de %(b)s respuestas",
    r"guard rail: answers over (?P<c>\d+) ms: (?P<a>\d+) of (?P<b>\d+) answers":
        "Tardó más de %(c)s ms en %(a)s de %(b)s respuestas",
    r"(?P<a>\d+) of (?P<b>\d+) shadow answers failed":
        "Fallaron %(a)s de %(b)s respuestas en la sombra",
    r"(?P<b>\d+) shadow answers, (?P<a>\d+) of them wrong":
        "%(b)s respuestas en la sombra, %(a)s con problemas",
    r"worse in (?P<a>[a-z, ]+)": "Resultó peor: %(a)s",
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
_RULES: Final = tuple((re.compile(rule), said) for rule, said in REASONS.items())


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is Spanish, to be translated and then filled in; typed texts have nothing to fill."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    typed: bool = False


def reason_of(text: str) -> Reason:
    for rule, said in _RULES:
        found = rule.fullmatch(text)
        if found is not None:
            return Reason(said, found.groupdict())
    return Reason(text, typed=True)
