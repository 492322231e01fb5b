"""What a text says beside its intent: how many, which one, up to how much, what it names."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from text.folding import level, squeeze
from text.money import amounts
from text.numerals import figures
from text.phrases import Phrases
from text.stemming import stem

_WORD: Final = re.compile(r"\$?[^\W_]+(?:[.,][0-9]+)*")
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        ["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"], start=2
    )
} | {"docena": 12, "two": 2, "three": 3}
_ORDINALS: Final = {
    stem(word): place
    for place, word in (
        (1, "primero"), (1, "primera"), (1, "primer"), (2, "segundo"), (3, "tercero"),
        (4, "cuarto"), (5, "quinto"), (-1, "ultimo"), (1, "first"), (2, "second"), (-1, "last"),
    )
}  # fmt: skip
_PLACED: Final = frozenset(["el", "la", "opcion", "option"])
_ORDER: Final = re.compile(
    r"\b(?:pedido|orden|compra|boleta|order)\b[^0-9\n]{0,16}(?<![\w$])([0-9]{4,10})\b",
    re.IGNORECASE,
)
_LABELS: Final = frozenset(
    stem(word) for word in ("talla", "numero", "nro", "pedido", "calle", "en", "del")
)
MEASURES: Final = frozenset(
    stem(word)
    for word in (
        "ml", "litro", "lts", "cm", "mm", "kg", "kilo", "gramos", "gr", "g", "metros", "mts", "mah",
        "w", "mil", "lucas", "luca", "pesos", "clp", "k", "dias", "semanas", "meses", "horas",
        "hrs", "cuotas", "colores", "am", "pm", "anos", "personas", "plazas", "pulgadas", "de", "y",
    )
)  # fmt: skip
_LIMITS: Final = frozenset(
    stem(word)
    for word in (
        "hasta", "menos", "maximo", "max", "presupuesto", "bajo", "tengo", "dispongo", "gastar",
        "por", "mas", "entre", "unos", "unas", "alrededor", "under", "budget",
    )
)  # fmt: skip
_BARE: Final = re.compile(
    r"\b(?:menos de|mas de|hasta|maximo|max|presupuesto(?: de)?|bajo|under)\s+"
    r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{4,6})(?![0-9]|[.,][0-9])"
)
"""A limit that is said without its currency."""
_CHEAPEST: Final = re.compile(
    r"\b(?:mas (?:barat|economic|baj)[a-z]*|(?:menor|mejor) precio|cheapest|cheaper)\b"
)
_DEAREST: Final = re.compile(r"\bmas car[oa]s?\b|\bmayor precio\b|\bmost expensive\b")
_MOST: Final = 99
_ARTICLES: Final = frozenset(
    ["el", "la", "los", "las", "un", "una", "unos", "unas", "del", "de", "algun", "the", "a"]
)  # fmt: skip
_PICKED: Final = frozenset(
    ["el", "la", "los", "las", "esos", "esas", "estos", "estas", "cada", "ese", "esa"]
)
_LONGEST_MENTION: Final = 4
_SHORTEST_NAME: Final = 3
_VERB: Final = re.compile(r"...[aei]r(?:me|te|se|nos)?(?:l[aeo]s?)?$")


def surface(text: str, fillers: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """The words of a text as they were written, and folded; fillers are no words."""
    folded = level(text)
    spans = [match.span() for match in _WORD.finditer(folded)]
    spans = [(a, b) for a, b in spans if squeeze(folded[a:b]) not in fillers]
    return [text[a:b] for a, b in spans], [folded[a:b] for a, b in spans]


def listed(lists: Phrases[tuple[str, str]], words: Sequence[str]) -> dict[str, str]:
    """Slots whose values the pack lists; the first one named counts."""
    found: dict[str, str] = {}
    for _, _, values in lists.found(words):
        for slot, value in values:
            found.setdefault(slot, value)
    return found


def counted(folded: Sequence[str]) -> dict[str, int]:
    """A quantity (`2 termos`) or a place in a list (`la segunda`, `el 2`)."""
    found: dict[str, int] = {}
    for place, word in enumerate(folded):
        if stem(word) in _ORDINALS:
            found.setdefault("ordinal", _ORDINALS[stem(word)])
            continue
        number = _NUMBERS.get(word) or _small(word)
        if number is None:
            continue
        before = folded[place - 1] if place else ""
        if stem(before) in _LABELS or _measured(word, folded[place + 1 : place + 3]):
            continue
        chosen = before in _PLACED and word.isdecimal()
        found.setdefault("ordinal" if chosen else "quantity", number)
    return found


def order_number(text: str) -> dict[str, str]:
    """How an order is called; four digits at least, so that no quantity is taken for one."""
    match = _ORDER.search(text)
    return {"order": match[1]} if match else {}


def budget(text: str, words: Sequence[str], peso: str) -> int | None:
    """The amount a customer does not want to exceed."""
    if _LIMITS.isdisjoint(words):
        return None
    said = figures(level(text))
    found = [int(amount.value) for amount in amounts(said, peso=peso)]
    bare = [int(re.sub("[.,]", "", number)) for number in _BARE.findall(said)]
    return max(found or bare, default=None)


def extreme(text: str) -> dict[str, str]:
    """Whether the cheapest or the dearest is asked for."""
    folded = level(text)
    if _CHEAPEST.search(folded):
        return {"extreme": "cheapest"}
    return {"extreme": "dearest"} if _DEAREST.search(folded) else {}


def mention(
    written: Sequence[str], folded: Sequence[str], common: Collection[str], asking: Collection[str]
) -> dict[str, str]:
    """A `mention`: unknown words after an article or `tienen` and the like; else a `topic`."""
    named: list[str] = []
    topic: dict[str, str] = {}
    introduced = False
    for word, plain in zip(written, folded, strict=True):
        if _names(plain, common):
            topic.setdefault("topic", word)
            if introduced or named:
                named.append(word)
        elif named:
            break
        introduced = plain in _ARTICLES or stem(plain) in asking
    return {"mention": " ".join(named[:_LONGEST_MENTION])} if named else topic


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_known(parts))


def _known(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for part in parts:
        yield from ((name, value) for name, value in part.items() if value is not None)


def _names(plain: str, common: Collection[str]) -> bool:
    """A thing, as far as one can tell: not a particle, not a verb."""
    if len(plain) < _SHORTEST_NAME or not (plain[0].isalpha() and plain.isalnum()):
        return False
    if _VERB.search(plain):
        return False
    word = stem(plain)
    return word not in common and word not in _ORDINALS and plain not in _NUMBERS


def _measured(word: str, following: Sequence[str]) -> bool:
    """`2 litros`, `5 de enero`, but not `2 de esos` nor `una docena de libretas`."""
    if not following or stem(following[0]) not in MEASURES:
        return False
    if following[0] != "de":
        return True
    return word != "docena" and not _PICKED.intersection(following[1:])


def _small(word: str) -> int | None:
    if word.isdecimal() and word.isascii() and len(word) <= len(str(_MOST)):
        return int(word) or None
    return None
