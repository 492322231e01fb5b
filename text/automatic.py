"""Whether a machine wrote this: what programs answer by themselves, in Spanish and English.

Two of them that answer each other would go on for ever.
"""

import re
from typing import Final

from text.folding import fold

_AUTOMATIC: Final = re.compile(
    r"^\W*(?:(?:este|esta|esto|aqui) es (?:un|una|el|la) )?(?:mensaje|respuesta|contestador"
    r"|correo|contestacion) automatic[oa]\b(?![^?]*\?)"
    r"|\b(?:soy|habla|te saluda|le saluda) (?:el|la|tu|su|un|una) (?:asistente|bot|agente) "
    r"(?:virtual|automatic[oa]|digital)\b|\bsoy un (?:ro)?bot\b"
    r"|\bgracias por (?:comunicar(?:te|se)|contactar(?:nos|te|se)?|escribir(?:nos)?|su mensaje"
    r"|tu mensaje|preferirnos)\b.{0,160}\b(?:(?:te|le|nos) (?:responderemos|contactaremos"
    r"|atenderemos|comunicaremos|pondremos)|a la brevedad|lo antes posible|en breve"
    r"|nuestro horario|fuera de (?:horario|oficina)|no (?:podemos|estamos))\b"
    r"|\b(?:en este|por el) momento (?:no (?:nos encontramos|estamos)"
    r" (?:disponibles?|en (?:la )?(?:oficina|linea))|nuestros? (?:agentes?|ejecutiv[oa]s?))\b"
    r"|\bno respond(?:a|as|er) (?:a )?este (?:mensaje|correo|numero)\b"
    r"|\b(?:marca|marque|digita|digite|presiona|presione|escribe|escriba) (?:el )?(?:numero )?"
    r"[0-9] (?:para|si)\b.{0,200}\b[0-9] (?:para|si)\b"
    r"|\b(?:this is an automat(?:ed|ic)|automatic reply|auto-?reply|out of (?:the )?office"
    r"|do not reply to this|i am (?:a|your) (?:virtual assistant|bot)(?! \w))\b",
    re.DOTALL,
)
LONGEST: Final = 1_500


def automatic(text: str) -> bool:
    """Only what no person types: a customer who asks whether *we* are a bot is answered."""
    return _AUTOMATIC.search(fold(text[:LONGEST])) is not None
