"""Orders to a model that stand where facts should be: in documents, product names, contact names.

Nothing found here is believed to be all there is. What may be said and done is decided by code,
whatever a text orders; this only shows a person what to look at.
"""

import re
from dataclasses import dataclass
from typing import Final

from text.folding import clean, fold

_RULES: Final = {
    "ignore": r"\b(?:ignor[aeo]\w*|olvid[aeo]\w*|descart[aeo]\w*|omit\w+|disregard|forget|override)"
    r"\b.{0,40}\b(?:instruc\w+|reglas|indicac\w+|ordenes|anterior\w*|previ\w+|prompt|rules|above)",
    "role": r"\b(?:ahora eres|a partir de ahora|desde ahora|actua como|eres un(?:a)? (?:asistente|"
    r"modelo|ia)|you are now|act as|pretend to be|modo (?:desarrollador|dios)|developer mode|dan)\b"
    r"(?! mas)",
    "prompt": r"\b(?:system prompt|prompt del sistema"
    r"|instrucciones (?:internas|ocultas|del sistema)|mensaje de sistema|initial instructions)\b"
    r"|</?(?:datos|system|sistema|instrucciones)>"
    r"|\[/?inst\]|<\|[a-z_]+\|>",
    "speak": r"\b(?:responde|contesta|di|diles?|informa|asegura|reply|answer|say|tell)\b.{0,30}"
    r"\b(?:siempre|unicamente|solo|a (?:todos|cualquier|los clientes)|always|only|everyone)\b"
    r".{0,60}(?:\$|gratis|precio|free|http|www|\.com)",
    "reveal": r"\b(?:revela|muestra|entrega|envia|manda|comparte|reveal|send|share|print)\w*\b"
    r".{0,40}\b(?:datos (?:de|del) (?:otros?|client\w+)|contrasena\w*|claves?|api key|tokens?"
    r"|password\w*|otros clientes|other customers)\b",
    "price": r"\b(?:cambia|modifica|actualiza|pon|baja|set|change)\b.{0,20}\b(?:el |los |the )?"
    r"(?:precios?|prices?|stock|saldo|balance)\b.{0,20}\b(?:a|en|to)\b",
}
_PATTERNS: Final = {name: re.compile(pattern, re.DOTALL) for name, pattern in _RULES.items()}
_LINK: Final = re.compile(r"https?://\S+|\bwww\.\S+")
_HIDDEN: Final = re.compile(
    "[\U000e0000-\U000e0fff]+|[\u202d\u202e]+|[\u200b-\u200d\u2060\ufeff]{8,}"
)
"""Tags that spell text nobody sees, overturned direction, and long runs of nothing; single ones
come with every copied page."""
SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Suspicion:
    rule: str
    text: str


def suspicions(text: str) -> list[Suspicion]:
    """What looks like an order to whoever reads it, and what is hidden; one of each kind."""
    found = []
    hidden = _HIDDEN.findall(text)
    if hidden:
        found.append(Suspicion("hidden", f"{sum(map(len, hidden))} hidden characters"))
    plain = fold(clean(text, limit=len(text)))
    for rule, pattern in _PATTERNS.items():
        match = pattern.search(plain)
        if match is not None:
            start = max(match.start() - 20, 0)
            found.append(Suspicion(rule, " ".join(plain[start : start + SHOWN].split())))
    return found


def links(text: str) -> list[str]:
    return [link.rstrip(".,;:!?)»") for link in _LINK.findall(text)]
