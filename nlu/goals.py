"""What somebody saves for: `quiero juntar 500 lucas para el viaje al sur` names a journey."""

import re
from typing import Final

from text.folding import fold

_MARKED: Final = (
    re.compile(r"\b(?:para|pa|pal)\b", re.IGNORECASE),
    re.compile(r"\b(?:metas?|objetivo):?(?= (?!de\b|es\b|para\b|pa\b|pal\b))", re.IGNORECASE),
)
_WORD: Final = re.compile(r"[^\W\d_]+|[^\w\s]|\d+")
_LINKING: Final = "a al de del la el los las con y"
_LEADING: Final = "el la los las un una unos unas mi mis nuestro nuestra comprar comprarme ir a al"
_ENDING: Final = (
    "antes para pa pal hasta en por porfa favor este esta que mes ano fin fines semana ahorrar "
    "juntar reunir llegar enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre hoy ahorro nueva nuevo de"
)
_LINKS, _ARTICLES, _ENDS = (frozenset(words.split()) for words in (_LINKING, _LEADING, _ENDING))
_LONGEST: Final = 4


def purpose(text: str) -> str:
    """In the words it was said with; "" where nothing is named."""
    for marked in _MARKED:
        for match in marked.finditer(text):
            name = _name(_WORD.findall(text[match.end() :]))
            if name:
                return name
    return ""


def _name(words: list[str]) -> str:
    while words and fold(words[0]) in _ARTICLES:
        words = words[1:]
    named: list[str] = []
    for word in words:
        plain = fold(word)
        if not plain.isalpha() or (plain in _ENDS and plain not in _LINKS):
            break
        if plain in _LINKS and not named:
            break
        named.append(word)
    named = named[:_LONGEST]
    while named and fold(named[-1]) in _LINKS:
        named.pop()
    return " ".join(named)
