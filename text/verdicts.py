"""How customers grade with few signs: thumbs, stars, a number from 1 to 5, the tap on a button.

A button's id says what it is about: "rate:up:<reply>", "csat:4:<question>".
"""

import re
from typing import Final
from uuid import UUID

from text.folding import fold

UP, DOWN = "\U0001f44d", "\U0001f44e"
RATE: Final = "rate"
CSAT: Final = "csat"
MOST: Final = 5
_THUMBS: Final = {UP: 1, DOWN: -1}
_SIDES: Final = {"up": 1, "down": -1}
_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_WORDS: Final = {
    "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_STARS: Final = re.compile(r"\s*((?:[⭐★🌟]\ufe0f?\s*){1,5})(?![⭐★🌟])")
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")
_NUMBER: Final = re.compile(
    r"\s*(?:(?:le |les |te )?(?:doy|pongo) |i give |mi nota es |nota:? )?(?:un |una |a )?"
    r"([1-5]|uno|una|dos|tres|cuatro|cinco|one|two|three|four|five)"
    r"(?:\s*/\s*5| (?:de|of|sobre|out of) (?:5|cinco|five))?"
    r"(?: (?:estrellas?|puntos?|stars?|points?))?"
    r"(?![\w/%$]|[.,-]\d)"
)
_EDGES: Final = " ,.:;·!-\n"
_AFTER: Final = frozenset(",.;:·!-\n")
_STAR: Final = re.compile("[⭐★🌟]")
_WORD: Final = re.compile(r"\w+")
_REASON: Final = re.compile(r"(?:porque|pero|por que|y|pues|ya que|because|but|and|since)\b")
_COURTESY: Final = re.compile(
    r"(?:muchas |muchisimas |many )?(?:gracias|thanks|thank you)(?: (?:por todo|a todos|a ti))?"
    r"|todo (?:muy )?(?:bien|perfecto|excelente|mal)|(?:muy )?(?:bueno|bien|mal|malo|regular)"
    r"|excelente|perfecto|pesimo|great|good|bad|awful"
)


def thumb(text: str) -> int | None:
    """1 or -1 of a text that is nothing but a thumb, whatever its colour and however often."""
    signs = set(_TONES.sub("", text).replace(" ", ""))
    return _THUMBS[signs.pop()] if len(signs) == 1 and signs <= _THUMBS.keys() else None


def tapped_thumb(action: str | None) -> tuple[int, UUID] | None:
    """Up or down, and the reply it is about."""
    found = _tapped(action, RATE)
    side = _SIDES.get(found[0]) if found else None
    return (side, found[1]) if found and side else None


def tapped_stars(action: str | None) -> tuple[int, UUID] | None:
    """Stars, and the question they answer."""
    found = _tapped(action, CSAT)
    known = found is not None and found[0] in {"1", "2", "3", "4", "5"}
    return (int(found[0]), found[1]) if found and known else None


def stars(text: str) -> tuple[int, str] | None:
    """How many a text gives, and what it says besides: "2, tardaron mucho". None for "2 tazas",
    which gives none."""
    signs = _STARS.match(text)
    if signs is not None:
        return len(_STAR.findall(signs[1])), text[signs.end() :].strip(_EDGES)
    plain = fold(_KEYCAP.sub("", text))
    found = _NUMBER.match(plain)
    if found is None:
        return None
    given = _WORDS.get(found[1]) or int(found[1])
    rest = plain[found.end() :]
    words = " ".join(_WORD.findall(rest))
    if not words or _COURTESY.fullmatch(words):
        return given, ""
    said = rest.lstrip(" ")[:1] in _AFTER or _REASON.match(words) is not None
    return (given, _tail(text, rest)) if said else None


def _tail(text: str, rest: str) -> str:
    """The end of a text as it was written, as long as its folded end."""
    return text[max(len(text) - len(rest), 0) :].strip(_EDGES)


def _tapped(action: str | None, kind: str) -> tuple[str, UUID] | None:
    name, _, rest = (action or "").partition(":")
    what, _, about = rest.partition(":")
    if name != kind:
        return None
    try:
        return what, UUID(about)
    except ValueError:
        return None
