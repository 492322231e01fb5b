"""Numbers that are written in words, as figures: `veinte mil pesos` is `20000 pesos`."""

import re
from typing import Final

_UNDER_THIRTY: Final = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
    "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_TENS: Final = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS: Final = (
    "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_VALUES: Final = (
    {word: value for value, word in enumerate(_UNDER_THIRTY.split())}
    | {word: 10 * place for place, word in enumerate(_TENS.split(), 3)}
    | {word: 100 * place for place, word in enumerate(_HUNDREDS.split(), 1)}
    | {f"{word[:-2]}as": 100 * place for place, word in enumerate(_HUNDREDS.split()[1:], 2)}
    | {"ciento": 100, "veintiun": 21, "docena": 12}
)
_TEN: Final = frozenset(("diez", "veinte", *_TENS.split()))
_ONES: Final = frozenset(_UNDER_THIRTY.split()[1:10])
_COUNTING: Final = frozenset(_VALUES) - {"uno"} | {"mil", "millon", "millones"}
_WORDS: Final = re.compile("[a-z]+")
_WORD: Final = "|".join(sorted(_VALUES, key=len, reverse=True))
# `uno` alone is hardly ever counted, `mil gracias` never, and `por ciento` is no number.
_SAID: Final = re.compile(
    rf"(?<!por )\b(?!uno\b)(?:{_WORD})(?: (?:y )?(?:mil|{_WORD}))*\b"
    rf"|(?<!\d )\bmil(?:(?: (?:{_WORD}))+\b|(?= pesos\b))"
)
# `un millon` and what is over it: thousands, or hundreds of thousands and more, but no year.
_MILLIONS: Final = re.compile(
    r"(?<![\w.,/-])(?P<millions>un|[0-9]{1,4}) millon(?:es)? (?:y |con )?"
    r"(?:(?P<thousands>[0-9]{1,3}) ?mil\b"
    r"|(?P<rest>[0-9]{1,3}\.[0-9]{3}|[0-9]{5,6}|(?!19|20)[0-9]{4})(?![0-9]|[.,][0-9]))"
)


def figures(folded: str) -> str:
    """The same text with its numbers in digits; a round number of millions keeps its word."""
    if _COUNTING.isdisjoint(_WORDS.findall(folded)):
        return folded
    said = _SAID.sub(lambda match: " y ".join(map(_figure, _apart(match[0].split()))), folded)
    return _MILLIONS.sub(_over_a_million, said)


def _over_a_million(match: re.Match[str]) -> str:
    millions = 1 if match["millions"] == "un" else int(match["millions"])
    over = int(match["thousands"]) * 1_000 if match["thousands"] else _digits(match["rest"])
    return str(millions * 1_000_000 + over)


def _digits(written: str) -> int:
    return int(written.replace(".", ""))


def _apart(words: list[str]) -> list[list[str]]:
    """`treinta y cinco` is one number, `dos y cinco` and `diez y quince` are two."""
    parts: list[list[str]] = [[]]
    for place, word in enumerate(words):
        if word == "y" and not (words[place - 1] in _TEN and words[place + 1] in _ONES):
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _figure(words: list[str]) -> str:
    return str(_value(words))


def _value(words: list[str]) -> int:
    total = part = 0
    for word in words:
        if word == "mil":
            total, part = (part or 1) * 1_000, 0
        elif word != "y":
            part += _VALUES[word]
    return total + part
