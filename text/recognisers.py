"""Where personal data stand in a levelled text: one small detector per kind, in a fixed order."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import iban, luhn

from text.claimed import Detector, Place, belongs, plain, unclaimed
from text.identities import mexican_ids, named_ids, tax_numbers, venezuelan_ids

_EMAIL = re.compile(r"(?<![\w.%+-])[\w%+-][\w.%+-]*@[\w-]+(?:\.[\w-]+)+")
_PROVIDER = r"(?:g-?mail|hotmail|outlook|yahoo|icloud|live|proton(?:mail)?|msn)"
_LOOSE_EMAIL = re.compile(
    rf"(?<![\w.%+-])[\w%+-][\w.%+-]*\s{{0,2}}@\s{{0,2}}(?:{_PROVIDER}(?:\s?[.,]?\s?(?:com|cl|es|net|ve|co"
    r"|ar|mx)\b){0,2}|[\w-]+\s?[.,]\s?(?:com|cl|net|org)\b)"
)
_AT = r"\s?(?:[(\[]\s?(?:arroba|at|a)\s?[)\]]|\barroba\b|\(@\)|\[@\])\s?"
_DOT = r"(?:\s?[(\[]?\b(?:punto|dot)\b[)\]]?\s?|\s?\.\s?)"
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.%+-])[\w%+.-]+(?:\s(?:punto|dot|guion(?: bajo| medio)?|underscore)\s[\w%+-]+){0,4}"
    rf"{_AT}"
    rf"(?:{_PROVIDER}|[\w-]+(?={_DOT}[a-z]{{2,}}))(?:{_DOT}[a-z]{{2,12}}\b){{0,3}}"
)


EMAIL_SIGNS: Final = ("arroba", "(a", "[a", "(@", "[@")


def emails(text: str) -> Iterator[Place]:
    patterns = []
    if "@" in text:
        patterns = [_EMAIL, _LOOSE_EMAIL]
    if any(sign in text for sign in EMAIL_SIGNS):
        patterns.append(_SPOKEN_EMAIL)
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield ("email", *match.span())


_ALIAS = re.compile(
    r"(?<![a-z0-9])alias(?: (?:es|mp|cbu|cvu|bancario))?\s?[:=]?\s?(?P<alias>[a-z0-9-]{2,20}"
    r"(?:\.[a-z0-9-]{1,20}){1,3})(?![a-z0-9@.])",
    re.ASCII,
)


def bank_aliases(text: str) -> Iterator[Place]:
    for match in _ALIAS.finditer(text):
        yield ("account", *match.span("alias"))


_CARD = re.compile(
    r"(?<![0-9])(?<!\+)(?<!\+ )(?:[0-9]{13,19}|[0-9]{4}(?:[ .-]{1,2}[0-9]{4}){3}"
    r"|[0-9]{4}[ .-]{1,2}[0-9]{6}[ .-]{1,2}[0-9]{4,5}|[0-9](?:[ -]?[0-9]){12,18})(?![0-9])",
    re.ASCII,
)
_IBAN = re.compile(
    r"(?<![a-z0-9])[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])",
    re.ASCII,
)
_VE_ACCOUNT = re.compile(r"(?<![0-9])0[0-9](?:[ -]?[0-9]){18}(?![0-9])", re.ASCII)
_SHORTEST_IBAN: Final = 15


def cards(text: str) -> Iterator[Place]:
    for match in _CARD.finditer(text):
        number = plain(match[0])
        if number[0] in "23456" and luhn.is_valid(number) and unclaimed(text, *match.span()):
            yield ("card", *match.span())


def ibans(text: str) -> Iterator[Place]:
    for match in _IBAN.finditer(text):
        # The pattern may have taken the words after the number: give them back one by one.
        end = match.end()
        while end - match.start() >= _SHORTEST_IBAN:
            if iban.is_valid(text[match.start() : end], check_country=False):
                yield "iban", match.start(), end
                break
            end = text.rfind(" ", match.start(), end)


def bank_accounts(text: str) -> Iterator[Place]:
    for match in _VE_ACCOUNT.finditer(text):
        if unclaimed(text, *match.span()):
            yield ("account", *match.span())


_PHONE = re.compile(
    r"(?<![0-9a-z$.,/=#-])(?:"
    r"\+\s?[0-9]{1,3}(?:[ .()-]{0,2}[0-9]){7,13}"
    r"|(?:0{0,2}56[ .-]?)?\(?9\)?[ .-]?[0-9]{4}[ .-]?[0-9]{4}"
    r"|56[ .-]?2[ .-]?[0-9]{4}[ .-]?[0-9]{4}"
    r"|(?:0{0,2}58[ .-]?|0)\(?(?:4(?:12|14|16|22|24|26)|2[1-9][0-9])\)?[ .-]{0,2}"
    r"[0-9]{3}(?:[ .-]?[0-9]{2}){2}"
    r"|(?:0{0,2}57[ .-]?)?\(?3[0-5][0-9]\)?[ .-]?[0-9]{3}[ .-]?(?:[0-9]{4}|[0-9]{2}[ .-]?[0-9]{2})"
    r"|4(?:12|14|16|22|24|26)[ .-]?[0-9]{3}(?:[ .-]?[0-9]{2}){2}"
    r"|(?:52|54|51|593|591|595|598)[ .-]?[0-9](?:[ .-]?[0-9]){8,10}"
    r")(?![0-9]|[.,][0-9]{3})|(?<=wa\.me/)\+?[0-9]{8,15}",
    re.ASCII,
)
_PHONE_WORDS = (
    r"tel(?:efonos?|f)?|fonos?|cel(?:ular(?:es)?)?|movil|whats?(?:app|ap)?|wsp|wasap|wpp|guasap"
    r"|llam(?:ar?|ame|en) al|llam(?:ame|arme|en|enme|ar|eme)"
    r"|contacto|contactarme|escrib(?:eme|anme|irme)|mi (?:numero|nro|num)\.?"
    r"|pago ?movil|phone"
)
_NAMED_PHONE = re.compile(
    rf"(?<![a-z0-9])(?P<word>{_PHONE_WORDS})(?![a-z])[^0-9$\x00\n]{{0,20}}?"
    r"(?P<number>\+?\(?[0-9]{1,4}\)?(?:[ .-]?[0-9]{2,4}){2,4})(?![0-9]|[.,][0-9])",
    re.ASCII,
)
_NAMED_CARD = re.compile(
    r"(?<![a-z0-9])(?P<word>tarjetas?|visa|mastercard|master|amex|debito|credito|card)(?![a-z0-9])"
    r"[^0-9$\x00\n]{0,24}(?P<number>[0-9](?:[ .-]{0,2}[0-9]){12,18})(?![0-9])",
    re.ASCII,
)
_ACCOUNT_WORDS = (
    r"(?:cuenta|cta)s?\.?(?:\s?(?:corriente|cte|vista|rut|de ahorros?|ahorros?|bancaria|n(?:ro|um)?"
    r"|numero|banco\s[a-z]+|de[l]?\s[a-z]+))*|cte|clabe|cbu|cvu|numero de cuenta"
)
_NAMED_ACCOUNT = re.compile(
    rf"(?<![a-z0-9])(?P<word>{_ACCOUNT_WORDS})(?![a-z0-9])[^0-9$\x00\n]{{0,24}}"
    r"(?P<number>[0-9](?:[ -]?[0-9]){6,21})(?![0-9]|[.,][0-9])",
    re.ASCII,
)


def phones(text: str) -> Iterator[Place]:
    for match in _PHONE.finditer(text):
        if unclaimed(text, *match.span()):
            yield ("phone", *match.span())


def _named(pattern: re.Pattern[str], kind: str, least: int) -> Detector:
    def detect(text: str) -> Iterator[Place]:
        for match in pattern.finditer(text):
            start, end = match.span("number")
            long_enough = len(plain(match["number"])) >= least
            if long_enough and belongs(text, match.end("word"), start, end):
                yield kind, start, end

    return detect


# Each group is tried only where its first pattern finds anything: most numbers are short.
_THIRTEEN_DIGITS = re.compile(
    r"[0-9](?:[ .-]{0,2}[0-9]){12}|[a-z]{2}[0-9]{2} ?[a-z0-9]{4}", re.ASCII
)
_SIX_DIGITS = re.compile(r"[0-9](?:[ .,()/-]{0,3}[0-9k]){5}", re.ASCII)
_LONG: Final[tuple[Detector, ...]] = (
    cards,
    ibans,
    bank_accounts,
    _named(_NAMED_CARD, "card", 13),
)
_SHORT: Final[tuple[Detector, ...]] = (
    tax_numbers,
    mexican_ids,
    venezuelan_ids,
    named_ids,
    _named(_NAMED_PHONE, "phone", 7),
    phones,
    _named(_NAMED_ACCOUNT, "account", 7),
)


def detectors(levelled: str) -> Iterator[Detector]:
    """In the order that decides what a number is when it could be several things."""
    if "@" in levelled or any(sign in levelled for sign in EMAIL_SIGNS):
        yield emails
    if "alias" in levelled:
        yield bank_aliases
    if _SIX_DIGITS.search(levelled) is None:
        return
    if _THIRTEEN_DIGITS.search(levelled) is not None:
        yield from _LONG
    yield from _SHORT
