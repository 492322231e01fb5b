"""The words by which documents are found: folded, without function words, as Spanish stems.

Accents are folded before stemming, on both sides: stemmed as they are written, `préstamos` and
`prestamos` would be two words. The stems are Snowball's, http://snowballstem.org.
"""

import re
from functools import lru_cache
from typing import Final

from Stemmer import Stemmer

from text.folding import fold

LONGEST: Final = 40
_WORD: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[a-z0-9]+")
_MARKS: Final = str.maketrans("", "", ".,")
_SPANISH: Final = Stemmer("spanish")
_FUNCTION: Final = frozenset(
    [
        "a", "al", "algo", "algun", "alguna", "algunas", "alguno", "algunos", "ante", "antes",
        "aqui", "asi", "aun", "aunque", "cada", "casi", "como", "con", "cual", "cuales", "cuando",
        "cuanta", "cuantas", "cuanto", "cuantos", "de", "del", "desde", "donde", "durante", "e",
        "el", "ella", "ellas", "ellos", "en", "entre", "era", "eran", "es", "esa", "esas", "ese",
        "eso", "esos", "esta", "estaba", "estan", "estar", "estas", "este", "esto", "estos", "fue",
        "fueron", "ha", "habia", "han", "hasta", "hay", "hizo", "la", "las", "le", "les", "lo",
        "los", "mas", "me", "mi", "mientras", "mis", "muy", "ni", "nos", "o", "otra", "otras",
        "otro", "otros", "para", "pero", "por", "porque", "pues", "que", "quien", "quienes", "se",
        "segun", "ser", "si", "sido", "sin", "sino", "sobre", "son", "su", "sus", "tal", "tambien",
        "tan", "te", "tiene", "tienen", "toda", "todas", "todo", "todos", "tras", "tu", "tus",
        "un", "una", "unas", "uno", "unos", "y", "ya", "yo",
        "an", "and", "are", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the",
        "this", "to", "was", "what", "which", "with",
    ]
)  # fmt: skip
_SHORT: Final = 4
_PLURALS: Final = {
    "prestamos": "prestamo", "reclamos": "reclamo", "tramos": "tramo", "ramos": "ramo",
    "gramos": "gramo", "kilogramos": "kilogramo", "extremos": "extremo", "maximos": "maximo",
    "minimos": "minimo", "ultimos": "ultimo", "proximos": "proximo", "anonimos": "anonimo",
    "intereses": "interes", "veces": "vez", "luces": "luz", "voces": "voz", "cruces": "cruz",
    "raices": "raiz", "lapices": "lapiz", "jueces": "juez", "peces": "pez", "narices": "nariz",
}  # fmt: skip
"""Without their accents they look like verbs to the stemmer, or like other words."""


def content_words(text: str) -> list[str]:
    """Folded words that mean something, in order; `24.990` is one word, `24990`."""
    found = []
    for word in _WORD.findall(fold(text)):
        plain = word.translate(_MARKS) if word[0].isdecimal() else word
        if plain not in _FUNCTION:
            found.append(plain[:LONGEST])
    return found


@lru_cache(maxsize=50_000)
def lexeme(word: str) -> str:
    """The stem of one folded word; plurals that it would not find are singular first."""
    stem: str = _SPANISH.stemWord(_singular(word))
    return stem


def _singular(word: str) -> str:
    if len(word) == _SHORT and word.endswith(("as", "os")):
        return word[:-1]
    if len(word) > _SHORT + 1 and word.endswith(("dades", "tades", "enes")):
        return word[:-2]
    return _PLURALS.get(word, word)


def lexemes(text: str) -> list[str]:
    return [lexeme(word) for word in content_words(text)]


def trigrams(word: str) -> frozenset[str]:
    """The groups of three letters of a word and its edges: what a misspelling leaves standing."""
    edged = f"^{word}$"
    return frozenset([word[:2], *(edged[at : at + 3] for at in range(len(edged) - 2))])
