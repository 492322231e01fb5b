"""How a pack's figures are written, and whether they add up: the form of what is true already."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from config.packs import Pack
from knowledge.stating import plain
from llm.base import Source

Rule: TypeAlias = Literal["clp", "uf", "date", "sum"]

_CLP: Final = re.compile(r"\$ ?(\d[\d.,]*\d|\d)(?![\w%]|[.,]\d)(?! ?(?:mil|lucas|millon))")
_CLP_RIGHT: Final = re.compile(r"\d{1,3}(?:\.\d{3})*")
_UF: Final = re.compile(r"\b(?:UF ?(\d[\d.,]*\d|\d)|(\d[\d.,]*\d|\d) ?UFs?)\b", re.IGNORECASE)
_UF_RIGHT: Final = re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d{1,4})?")
_DAY: Final = re.compile(
    r"(?<![\d./,$-])(\d{1,2})([/-])(\d{1,2})\2((?:19|20)\d\d)(?![\d/-])"
    r"|(?<![\d./-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"
)
_MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
_SAID: Final = re.compile(rf"\b(\d{{1,2}}) de ({'|'.join(_MONTHS)})(?: del? ((?:19|20)\d\d))?\b")
_LEAP: Final = 2024
_MONEY: Final = r"\$ ?(\d[\d.]*)"
_TIMES: Final = re.compile(rf"\b(\d{{1,3}}) ?(?:x|×|por|de|cuotas? de|unidades? (?:a|de)) ?{_MONEY}"
                           rf"[^.;\n$]{{0,24}}?(?:=|son|suman?|total(?:izan)?(?: de)?:?) ?{_MONEY}",
                           re.IGNORECASE)  # fmt: skip
_PLUS: Final = re.compile(
    rf"{_MONEY}((?:[^.;\n$=]{{0,40}}?(?:\+|\bm[aá]s\b)[^.;\n$=]{{0,40}}?\$ ?\d[\d.]*)+)"
    rf"[^.;\n$]{{0,24}}?(?:=|\bson\b|\bsuman?\b|\btotal(?: de| es)?:?) ?{_MONEY}",
    re.IGNORECASE,
)
_ANY: Final = re.compile(r"\$ ?(\d[\d.]*)")


@dataclass(frozen=True, slots=True)
class Fault:
    """`text` is what is wrong, as it stands."""

    rule: Rule
    text: str
    why: str


def validate(text: str, pack: Pack, sources: Sequence[Source] = ()) -> list[Fault]:
    """What of a reply is malformed. What a source writes just so is the business's own way."""
    faults = [*_days(text), *_sums(text)]
    if pack.identity.currency == "CLP":
        faults += [*_pesos(text), *_ufs(text)]
    said = [part for source in sources for part in (source.title, source.text)]
    return [one for one in faults if not any(one.text in part for part in said)]


def _pesos(text: str) -> Iterator[Fault]:
    for match in _CLP.finditer(text):
        if "UF" in text[max(match.start() - 3, 0) : match.start()].upper():
            continue
        if text[: match.start()][-2:].upper() in {"US", "U$"}:
            continue
        written = match[1]
        grouped = len(written) > 3  # noqa: PLR2004  a thousand and more
        if not _CLP_RIGHT.fullmatch(written) or (grouped and "." not in written):
            yield Fault("clp", match[0], "pesos have no decimals, and dots between thousands")


def _ufs(text: str) -> Iterator[Fault]:
    for match in _UF.finditer(text):
        written = match[1] or match[2]
        if not _UF_RIGHT.fullmatch(written):
            yield Fault("uf", match[0], "a UF has dots between thousands and a decimal comma")


def _days(text: str) -> Iterator[Fault]:
    for match in _DAY.finditer(text):
        day, month, year = (match[1], match[3], match[4]) if match[1] else match.group(7, 6, 5)
        if not _exists(int(day), int(month), int(year)):
            yield Fault("date", match[0], "there is no such day")
    for match in _SAID.finditer(plain(text)):
        year = int(match[3]) if match[3] else _LEAP
        if not _exists(int(match[1]), _MONTHS.index(match[2]) + 1, year):
            yield Fault("date", match[0], "there is no such day")


def _exists(day: int, month: int, year: int) -> bool:
    in_range = date.min.year <= year <= date.max.year and 1 <= month <= 12  # noqa: PLR2004  the calendar
    return in_range and 1 <= day <= monthrange(year, month)[1]


def _sums(text: str) -> Iterator[Fault]:
    """`2 x $14.990 = $28.980`, `$10.000 + $3.990 = $15.000`."""
    for match in _TIMES.finditer(text):
        if int(match[1]) * _whole(match[2]) != _whole(match[3]):
            yield Fault("sum", match[0], f"{match[1]} × {match[2]} is not {match[3]}")
    for match in _PLUS.finditer(text):
        parts = [_whole(match[1]), *(_whole(part) for part in _ANY.findall(match[2]))]
        if sum(parts) != _whole(match[3]):
            yield Fault("sum", match[0], f"together they are {sum(parts)}")


def _whole(written: str) -> int:
    return int(written.replace(".", "") or 0)
