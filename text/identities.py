"""Identity and tax numbers of Latin America in a levelled text."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.ve import rif

from text.claimed import Place, belongs, plain, unclaimed

_ID_WORDS: Final = {
    r"rut|run|r\.u\.t\.?|carnet|cuentarut": "rut",
    r"dni|d\.n\.i\.?|documento|identificacion|id fiscal": "dni",
    r"cedula|c\.i\.?|ci|cc|c\.c\.?": "cedula",
    r"nit": "nit",
    r"rif": "rif",
    r"pasaporte|passport": "passport",
    r"cuit|cuil|ruc|rfc|curp|nss|cpf": "dni",
}
_ID = "|".join(_ID_WORDS)
_ID_KINDS = [(re.compile(rf"(?:{words})\Z"), kind) for words, kind in _ID_WORDS.items()]

_RUT_DOTTED = re.compile(
    r"(?:(?<=rut)|(?<=run)|(?<![0-9a-z$.,]))[0-9]{1,2}[. ,][0-9]{3}[. ,][0-9]{3}\s?-\s?[0-9k]"
    r"(?![0-9a-z]|[.,][0-9])",
    re.ASCII,
)
_RUT_BARE = re.compile(
    r"(?:(?<=rut)|(?<=run)|(?<![0-9a-z$.,/#-]))(?:[0-9]{7,8}\s?-\s?[0-9k]|[0-9]{7,8}k"
    r"|[0-9]{1,2}[.][0-9]{3}[.][0-9]{3}[ .]?[0-9k])(?![0-9a-z]|[.,][0-9]|-[0-9])",
    re.ASCII,
)
_NIT = re.compile(
    r"(?<![0-9a-z$.,])(?:[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}\s?-\s?[0-9]|[0-9]{9}\s?-\s?[0-9])"
    r"(?![0-9a-z]|[.,][0-9]|-[0-9])",
    re.ASCII,
)
_RIF = re.compile(
    r"(?<![0-9a-z])[vejpgc](?:[ -]?[0-9]{8}-?[0-9]|-[0-9]{8,9}"
    r"|[ -]?[0-9]{1,2}[.][0-9]{3}[.][0-9]{3}-[0-9])"
    r"(?![0-9a-z])",
    re.ASCII,
)
_CEDULA = re.compile(
    r"(?<![0-9a-z])[ve](?:-?\s?[0-9]{1,2}[.][0-9]{3}[.][0-9]{3}|\s?-\s?[0-9]{6,8}|[0-9]{7,8})(?![0-9a-z])",
    re.ASCII,
)
_CUIT = re.compile(r"(?<![0-9a-z])[0-9]{2}-[0-9]{8}-[0-9](?![0-9a-z])", re.ASCII)
_CURP = re.compile(r"(?<![0-9a-z])[a-z]{4}[0-9]{6}[hm][a-z]{5}[0-9a-z][0-9](?![0-9a-z])", re.ASCII)
# The six digits in the middle of an RFC are a date.
_RFC = re.compile(
    r"(?<![0-9a-z])[a-z&]{3,4}"
    r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9a-z]{2}[0-9a](?![0-9a-z])",
    re.ASCII,
)
_ID_BEFORE = re.compile(
    rf"(?<![a-z0-9])(?P<word>{_ID})(?![a-z])(?P<gap>[^0-9$\x00\n]{{0,22}}?)"
    r"(?P<number>(?<![a-z])[a-z]{0,4}-?[0-9]{1,3}(?:[ .,-]?[0-9]{2,4}){1,3}"
    r"(?:\s?-\s?[0-9k]|[ ]?k)?)"
    r"(?![0-9a-z]|[.,][0-9])",
    re.ASCII,
)
_ID_AFTER = re.compile(
    r"(?<![0-9a-z$.,])(?P<number>[0-9]{1,3}(?:[.]?[0-9]{3}){2}(?:\s?-\s?[0-9k]|[0-9k]{1,2})?)(?![0-9])"
    rf"\s?(?:[,(]\s?|(?:ese\s)?es\s(?:mi|el)\s(?:numero de\s)?)(?P<word>{_ID})(?![a-z0-9])",
    re.ASCII,
)


def is_rut(number: str) -> bool:
    """Whether it ends with the check digit that belongs to it."""
    return bool(rut.is_valid(number))


def tax_numbers(text: str) -> Iterator[Place]:
    for match in _RUT_DOTTED.finditer(text):
        yield ("rut", *match.span())
    for match in _RUT_BARE.finditer(text):
        if rut.is_valid(plain(match[0])) and unclaimed(text, *match.span()):
            yield ("rut", *match.span())
    for match in _NIT.finditer(text):
        if nit.is_valid(plain(match[0])) and unclaimed(text, *match.span()):
            yield ("nit", *match.span())
    for match in _CUIT.finditer(text):
        if cuit.is_valid(match[0]):
            yield ("dni", *match.span())


def mexican_ids(text: str) -> Iterator[Place]:
    for pattern in (_CURP, _RFC):
        for match in pattern.finditer(text):
            if unclaimed(text, *match.span()):
                yield ("dni", *match.span())


def venezuelan_ids(text: str) -> Iterator[Place]:
    for match in _RIF.finditer(text):
        if match[0][0] in "jg" or match[0][-2] == "-" or rif.is_valid(plain(match[0])):
            yield ("rif", *match.span())
    for match in _CEDULA.finditer(text):
        yield ("cedula", *match.span())


def named_ids(text: str) -> Iterator[Place]:
    """Any number that the text itself calls an identity number, well typed or not."""
    for pattern in (_ID_BEFORE, _ID_AFTER):
        for match in pattern.finditer(text):
            start, end = match.span("number")
            digits = sum(sign.isdigit() for sign in match["number"])
            first = min(start, match.end("word"))
            if digits >= 6 and belongs(text, first, start, end):  # noqa: PLR2004  the shortest identity number
                yield _id_kind(match["word"]), start, end


def _id_kind(word: str) -> str:
    return next(kind for pattern, kind in _ID_KINDS if pattern.match(word))
