"""The words by which a customer forbids that they are written to first, or allows it again."""

import re
from typing import Final, Literal, TypeAlias

from text.folding import fold

Wish: TypeAlias = Literal["out", "in"]
_OUT: Final = re.compile(
    r"(?:por favor )?(?:stop|baja|darme de baja|dame de baja|quiero darme de baja|dar de baja"
    r"|unsubscribe|cancelar suscripcion|desuscribir(?:me)?|quiero desuscribirme"
    r"|(?:ya )?no (?:me )?(?:escriban?|escribas|manden?|mandes|envien?|envies|molesten?|molestes)"
    r"(?: (?:mas|nunca mas))?"
    r"(?: (?:mensajes?|avisos?|publicidad|promociones|ofertas|nada))*(?: mas)?"
    r"|no quiero (?:recibir )?(?:mas )?"
    r"(?:mensajes?|avisos?|publicidad|promociones|ofertas)(?: mas)?"
    r"|(?:saquenme|sacame|borrenme|borrame|eliminenme|quitenme) de (?:la|su|tu|esta) lista"
    r"|stop (?:messaging|writing)(?: me)?|don ?'?t (?:write|message|text) me(?: again| anymore)?)"
    r"(?: por favor| gracias| please)?"
)
_IN: Final = re.compile(r"(?:alta|start|quiero (?:recibir )?(?:los )?avisos(?: otra vez)?|unstop)")


def wish(text: str) -> Wish | None:
    """Only of a text that says nothing else: "baja el precio" is about the price."""
    plain = re.sub(r"[^\w' ]+", " ", fold(text))
    plain = " ".join(plain.split())
    if _OUT.fullmatch(plain):
        return "out"
    commands = text.lstrip().startswith("/")  # /start is how a chat begins, not a wish
    return "in" if not commands and _IN.fullmatch(plain) else None
