"""What a text states as a fact that can be checked: amounts, percentages, dates, phones, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from text.folding import level
from text.money import Amount, amounts, parse
from text.recognisers import phones

Kind = Literal["price", "percent", "date", "phone", "link"]


@dataclass(frozen=True, slots=True)
class Claim:
    """`value` is spelled in one way only, so that two claims of the same thing are equal."""

    kind: Kind
    value: str
    span: tuple[int, int]


_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'()\[\]]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+"
    r"(?:com|net|org|cl|ve|co|mx|ar|pe|ec|me|io|app|shop|store|link|ly|gl|es)(?:/[^\s<>\"'()\[\]]*)?"
    r"(?![\w@-])",
    re.IGNORECASE,
)
_LINK_TAIL = ".,;:!?…*_"
_PERCENT = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s?(?:%|por ?ciento\b)")
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS.split(), 1)} | {"setiembre": 9}
_DATE = re.compile(
    r"(?<![0-9./,$-])(?:(?P<day>[0-3]?[0-9])[/-](?P<month>[01]?[0-9])"
    r"(?:[/-](?P<year>(?:20)?[0-9]{2}))?(?![0-9%]|[./,-][0-9])"
    r"|(?P<iso>20[0-9]{2})-(?P<iso_month>[01][0-9])-(?P<iso_day>[0-3][0-9])(?![0-9])"
    rf"|(?P<said>[0-3]?[0-9]) de (?P<name>{'|'.join(_MONTH_NUMBERS)})\b"
    r"(?: del? (?P<of>20[0-9]{2}))?)"
)


def claims(text: str, *, peso: str = "CLP") -> tuple[Claim, ...]:
    """Every checkable statement, in order, none inside another."""
    levelled = level(text)
    taken: list[Claim] = []
    covered = bytearray(len(text))
    for found in (_links(text), _phones(levelled), _prices(text, peso), _rest(levelled)):
        for claim in found:
            start, end = claim.span
            if not any(covered[start:end]):
                covered[start:end] = b"x" * (end - start)
                taken.append(claim)
    return tuple(sorted(taken, key=lambda claim: claim.span))


def prices_in(text: str, *, peso: str = "CLP") -> tuple[Amount, ...]:
    return tuple(amounts(text, peso=peso))


def links_in(text: str) -> tuple[str, ...]:
    return tuple(claim.value for claim in _links(text))


def _links(text: str) -> Iterator[Claim]:
    if "." not in text:
        return
    for match in _LINK.finditer(text):
        link = match[0].rstrip(_LINK_TAIL)
        yield Claim("link", link, (match.start(), match.start() + len(link)))


def _phones(levelled: str) -> Iterator[Claim]:
    for _, start, end in phones(levelled):
        yield Claim("phone", re.sub(r"[^0-9]", "", levelled[start:end]), (start, end))


def _prices(text: str, peso: str) -> Iterator[Claim]:
    for amount in amounts(text, peso=peso):
        yield Claim("price", plain_number(amount.value), amount.span)


def _rest(levelled: str) -> Iterator[Claim]:
    for match in _PERCENT.finditer(levelled):
        yield Claim("percent", plain_number(parse(match[1], decimals=True)), match.span())
    for match in _DATE.finditer(levelled):
        date = _date(match)
        if date is not None:
            yield Claim("date", date, match.span())


def plain_number(value: Decimal) -> str:
    """`24990.00` and `24990` are the same figure."""
    return f"{value.normalize():f}"


def _date(match: re.Match[str]) -> str | None:
    """`--12-24` for Christmas of any year, `2026-12-24` for one; None where no such day exists."""
    if match["iso"]:
        year, month, day = match["iso"], int(match["iso_month"]), int(match["iso_day"])
    elif match["name"]:
        year, month, day = match["of"], _MONTH_NUMBERS[match["name"]], int(match["said"])
    else:
        year, month, day = match["year"], int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004  the calendar
        return None
    return f"{'20' + year[-2:] if year else '-'}-{month:02d}-{day:02d}"
