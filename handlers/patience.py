"""How long to wait for more: little after a finished thought, longer after one that goes on.

People complain of both: of five answers to five short messages, and of ten seconds of silence
after a plain "hola". So a text is read for whether its writer has finished; no clock is looked at.
"""

import re
from typing import Final, Literal, NamedTuple, TypeAlias

from config.manners import TurnSettings
from events.vocabulary import MessageReceived
from text.appeals import wants_person
from text.folding import fold
from text.optout import wish

Finish: TypeAlias = Literal["finished", "open", "unfinished"]

SHORT: Final = 2
"""With so few words a text that asks nothing is rarely all of it."""
QUESTION, SENTENCE = 3, 12
"""From so many words on, a question without a mark is a whole one, and any other text."""
_MARKS: Final = re.compile(r"[\s\"'»”)*_~\U0001F000-\U0001FAFF☀-➿️]+$")
_TRAILING: Final = re.compile(r"(?:,|;|:|-|…|\.\.+|\()$")
_CONNECTORS: Final = frozenset({
    "y", "e", "o", "u", "ni", "pero", "que", "porque", "pq", "xq", "para", "pa", "por", "con",
    "sin", "de", "del", "a", "al", "en", "la", "el", "los", "las", "lo", "un", "una", "unos",
    "unas", "mi", "mis", "su", "sus", "tu", "tus", "si", "cuando", "como", "donde", "mas", "muy",
    "tan", "este", "esta", "ese", "esa", "estos", "estas", "es", "son", "seria", "tambien",
    "ademas", "asi", "sea", "tipo", "entre", "hasta", "desde", "and", "or", "but",
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
    r"(?:^|\b(?:a|con|de|en|para|por) )que\b|\b(?:cuant[oa]s?|cual(?:es)?|quien|donde|cuando"
    r"|como|a cuanto|a como|tienen"
    r"|tienes|tendran|hay|venden|hacen|aceptan|puedo|puedes|pueden|se puede"
    r"|me (?:puede|podria|das|da|envias|manda)s?|sirve|queda|quedan|llega|demora"
    r"|how|what|when|where|which|do you|can i|is there)\b"
)
_LEADS_ON: Final = re.compile(r"(?:si|pero|aunque|porque|es que|resulta que|no se)\b")
"""A condition, a reason: what it is about is still to come."""
_CLOSERS: Final = re.compile(
    r"(?:(?:muchas |mil )?gracias(?: totales| igual)?|ok(?:ay|is|ey)?|dale|listo|perfecto|genial"
    r"|ya|si|no|bueno|vale|claro|de acuerdo|confirmo|chao|adios|excelente|quedo atent[oa]s?"
    r"|stop|baja|alta|thanks|thank you|yes|bye|/\w+|[\d.,$ ]+)"
    r"(?:[\s,.!]+(?:(?:muchas )?gracias|por favor|confirmo|dale|ya|perfecto|please))*"
)
_STARTERS: Final = frozenset({"ok", "okay", "ya", "dale", "no", "bueno", "vale", "claro"})
"""A whole answer, or the beginning of one."""
_AND: Final = re.compile(r"^[eoy] ")
_STRESSED: Final = re.compile(r"(?:mí|tú|él|té)[\s.!]*$", re.IGNORECASE)
_WORD: Final = re.compile(r"[\w$%]+")


class Wait(NamedTuple):
    """In milliseconds. Once a turn has its `question`, what follows is a detail of it."""

    ms: int
    after_question_ms: int
    question: bool = False


NONE: Final = Wait(0, after_question_ms=0)


class Reading(NamedTuple):
    """`goes_on` is said by the text itself, whatever came before it."""

    finish: Finish
    question: bool = False
    goes_on: bool = False


def wait_of(message: MessageReceived, knobs: TurnSettings) -> Wait:
    """From the last message of a turn; a tap says all there is to say, and so does BAJA."""
    if message.action is not None or wish(message.text) == "out":
        return NONE
    return wait_for(message.text, knobs)


def wait_for(text: str, knobs: TurnSettings) -> Wait:
    """Whoever calls a person has said enough."""
    waits = {
        "finished": knobs.quick_ms,
        "open": knobs.usual_ms,
        "unfinished": knobs.unfinished_ms,
    }
    if not knobs.patience:
        return NONE
    read = reading(text)
    if read.finish != "finished" and wants_person(text):
        read = Reading("finished")
    afterwards: Finish = "unfinished" if read.goes_on else "finished"
    return Wait(
        round(waits[read.finish] * knobs.patience),
        after_question_ms=round(waits[afterwards] * knobs.patience),
        question=read.question,
    )


def reading(text: str) -> Reading:
    """Whether somebody who wrote this has said what they wanted."""
    plain = _MARKS.sub("", fold(text)).strip()
    bare = plain.strip(".!¡¿ ")
    words = _WORD.findall(plain)
    last = words[-1] if words else ""
    if plain.endswith("?"):
        return Reading("finished", question=True)
    if _CLOSERS.fullmatch(bare):
        begins = last in _STARTERS
        return Reading("open" if begins else "finished", goes_on=begins)
    if words and (_TRAILING.search(plain) or (last in _CONNECTORS and not _STRESSED.search(text))):
        return Reading("unfinished", goes_on=True)
    opened = _OPENERS.match(bare)
    rest = bare[opened.end() :] if opened else bare
    if not _WORD.search(rest):
        return Reading("open")
    if _ANNOUNCED.fullmatch(rest):
        return Reading("unfinished", goes_on=True)
    asks = _ASKS.search(rest) is not None and not _LEADS_ON.match(rest)
    finish = _by_length(len(_WORD.findall(_AND.sub("", rest))), asks=asks, text=plain)
    return Reading(finish, question=finish == "finished")


def _by_length(words: int, *, asks: bool, text: str) -> Finish:
    ended = text.endswith((".", "!"))
    if asks and (ended or words >= QUESTION):
        return "finished"
    if ended and words > SHORT:
        return "finished"
    if words <= SHORT and not ended:
        return "open" if asks else "unfinished"
    return "finished" if words >= SENTENCE else "open"
