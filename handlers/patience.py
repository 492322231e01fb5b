"""How long to wait for more: little after a finished thought, longer after one that goes on.

People complain of both: of five answers to five short messages, and of ten seconds of silence
after a plain "hola". So a text is read for whether its writer has finished; no clock is looked at.
"""

import re
from typing import Final, Literal, TypeAlias

from config.manners import TurnSettings
from events.vocabulary import MessageReceived
from text.folding import fold

Finish: TypeAlias = Literal["finished", "open", "unfinished"]

SHORT: Final = 2
"""With so few words a text that asks nothing is rarely all of it."""
QUESTION, SENTENCE = 4, 12
"""From so many words on, a question without a mark is a whole one, and any other text."""
_MARKS: Final = re.compile(r"[\s\"'»”)*_~\U0001F000-\U0001FAFF☀-➿️]+$")
_TRAILING: Final = re.compile(r"(?:,|;|:|-|…|\.\.+|\()$")
_CONNECTORS: Final = frozenset({
    "y", "e", "o", "u", "ni", "pero", "que", "porque", "pq", "xq", "para", "pa", "por", "con",
    "sin", "de", "del", "a", "al", "en", "la", "el", "los", "las", "lo", "un", "una", "unos",
    "unas", "mi", "mis", "su", "sus", "tu", "tus", "si", "cuando", "como", "donde", "mas", "muy",
    "tan", "este", "esta", "ese", "esa", "estos", "estas", "es", "son", "seria", "tambien",
    "ademas", "entonces", "asi", "sea", "tipo", "entre", "hasta", "desde", "and", "or", "but",
    "the", "of", "for", "with", "to", "my", "your", "an", "because", "if", "so",
})  # fmt: skip
"""A text that ends in one of these goes on."""
_OPENERS: Final = re.compile(
    r"(?:(?:hola|holi|holaa+|alo|wena|oye|disculpa|disculpe|perdon|buen[oa]s?(?: dias?| tardes?"
    r"| noches?)?|que tal|saludos|hi|hello|hey|good (?:morning|afternoon|evening))[\s,.!]*)+"
)
_ANNOUNCED: Final = re.compile(
    r"(?:te |le |les )?(?:una|tengo una|tenia una|hago una|otra|una ultima)"
    r" (?:consulta|pregunta|duda|cosa|cosita)s?"
    r"|queria (?:saber|preguntar|consultar|ver|pedir)(?:te|le|les)?"
    r"|quisiera (?:saber|preguntar|consultar|ver|pedir)(?:te|le)?|mira|mire|fijate|sabes que"
    r"|necesito|quiero|busco|me interesa|estoy buscando|te cuento|le cuento|i have a question"
    r"|i want|i need|i would like|tienen|tienes|hay|venden|cuanto|cuando|y tienen|y el|y la"
)
_ASKS: Final = re.compile(
    r"\b(?:cuant[oa]s?|cual(?:es)?|que|quien|donde|cuando|como|por ?que|a cuanto|a como|tienen"
    r"|tienes|tendran|hay|venden|hacen|aceptan|puedo|puedes|pueden|se puede"
    r"|me (?:puede|podria|das|da|envias|manda)s?|sirve|queda|quedan|llega|demora"
    r"|how|what|when|where|which|do you|can i|is there)\b"
)
_CLOSERS: Final = re.compile(
    r"(?:(?:muchas |mil )?gracias(?: totales| igual)?|ok(?:ay|is|ey)?|dale|listo|perfecto|genial"
    r"|ya|si|no|bueno|vale|claro|de acuerdo|confirmo|chao|adios|excelente|stop|baja|alta"
    r"|thanks|thank you|yes|bye|/\w+|[\d.,$ ]+)"
    r"(?:[\s,.!]+(?:(?:muchas )?gracias|por favor|confirmo|dale|ya|perfecto|please))*"
)
_WORD: Final = re.compile(r"[\w$%]+")


def wait_ms(message: MessageReceived, knobs: TurnSettings) -> int:
    """From the last message of a turn; a tap says all there is to say."""
    if message.action is not None:
        return 0
    return wait_for(message.text, knobs)


def wait_for(text: str, knobs: TurnSettings) -> int:
    waits = {
        "finished": knobs.quick_ms,
        "open": knobs.usual_ms,
        "unfinished": knobs.unfinished_ms,
    }
    return round(waits[finish(text)] * knobs.patience)


def finish(text: str) -> Finish:
    """Whether somebody who wrote this has said what they wanted."""
    plain = _MARKS.sub("", fold(text)).strip()
    bare = plain.strip(".!¡¿ ")
    if plain.endswith("?") or _CLOSERS.fullmatch(bare):
        return "finished"
    words = _WORD.findall(plain)
    if words and (_TRAILING.search(plain) or words[-1] in _CONNECTORS):
        return "unfinished"
    opened = _OPENERS.match(bare)
    rest = bare[opened.end() :] if opened else bare
    if not _WORD.search(rest):
        return "open"
    if _ANNOUNCED.fullmatch(rest):
        return "unfinished"
    return _by_length(len(_WORD.findall(rest)), asks=_ASKS.search(rest) is not None, text=plain)


def _by_length(words: int, *, asks: bool, text: str) -> Finish:
    ended = text.endswith((".", "!"))
    if asks and (ended or words >= QUESTION):
        return "finished"
    if ended and words > SHORT:
        return "finished"
    if words <= SHORT and not ended:
        return "unfinished"
    return "finished" if words >= SENTENCE else "open"
