"""Orders to a model that stand where facts should be: in documents, product names, contact names.

Nothing found here is believed to be all there is. What may be said and done is decided by code,
whatever a text orders; this only shows a person what to look at.
"""

import re
from dataclasses import dataclass
from typing import Final

from text.folding import clean, fold
from text.links import found

_RULES: Final = {
    "ignore": r"\b(?:ignor(?:a|e|en|ar)|olvid(?:a|e|en|ar)|descart(?:a|e)|omit(?:e|a)|disregard"
    r"|forget|override|ignore)\b.{0,40}\b(?:instruc\w+|reglas|indicaciones|ordenes|lo anterior"
    r"|anteriores|previous|prompt|rules|above)\b",
    "role": r"\b(?:ahora eres|a partir de ahora|from now on|actua como|eres un(?:a)? (?:asistente|"
    r"modelo|ia)|you are now|act as|pretend to be|modo (?:desarrollador|dios)|developer mode)\b",
    "prompt": r"\b(?:system prompt|prompt del sistema|(?:system|sistema|asistente|assistant)\s*:"
    r"|instrucciones (?:internas|ocultas|del sistema)|mensaje de sistema|initial instructions\b)"
    r"|</?(?:datos|system|sistema|instrucciones|user|assistant|inst|sys)>|\[/?inst\]|<\|\w+\|>",
    "speak": r"\b(?:responde|contesta|di|dile|diles|informa|asegura|reply|answer|say|tell)\b.{0,30}"
    r"\b(?:siempre|unicamente|a (?:todos|cualquier|los clientes)|al cliente|always|everyone"
    r"|the customer)\b.{0,80}(?:\$|gratis|precio|regal|free|http|www|\.com|descuento|discount)",
    # At the head of a clause: `el doctor responde: "sí"` is told of somebody.
    "words": r"(?:\A|[.;:!?,\n(\"]\s*)(?:di|dile|diles|responde|contesta|repite|say|reply|repeat)"
    r"\b[^.\n\"]{0,20}"
    r"[ :][\"‹](?=\S)",
    "reveal": r"\b(?:revela|muestra|entrega|envia|manda|comparte|reveal|send|share|print)\w*\b"
    r".{0,40}\b(?:datos (?:de|del) (?:otros?|client\w+)|contrasenas?|api key|tokens?|passwords?"
    r"|otros clientes|other customers)\b",
    "price": r"\b(?:cambia|modifica|actualiza|pon|baja|set|change)\b.{0,20}\b(?:el |los |the )?"
    r"(?:precios?|prices?|stock|saldo|balance)\b.{0,20}\b(?:a|en|to)\b",
}
_PATTERNS: Final = {name: re.compile(pattern, re.DOTALL) for name, pattern in _RULES.items()}
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
    seen = []
    hidden = _HIDDEN.findall(text)
    if hidden:
        seen.append(Suspicion("hidden", f"{sum(map(len, hidden))} hidden characters"))
    plain = fold(clean(text, limit=len(text)))
    for rule, pattern in _PATTERNS.items():
        match = pattern.search(plain)
        if match is not None:
            start = max(match.start() - 20, 0)
            seen.append(Suspicion(rule, " ".join(plain[start : start + SHOWN].split())))
    return seen


def links(text: str) -> list[str]:
    return found(text)
