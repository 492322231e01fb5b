"""What one cell of a lender's files says, or why it says nothing."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from text.identities import is_rut
from text.phones import matching_key

Row: TypeAlias = Mapping[str, str]

LARGEST: Final = 10**15
_TAIL: Final = 4
"""What is asked of a customer."""
_MAY_END_WITH_IT: Final = (8, 9)
"""How many digits a national id has with its check digit; eight are often one without."""
MOST: Final = 2**31 - 1
"""Of what is counted: the largest whole number of a column."""


_RATE: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,9})?")
_TOO_MUCH: Final = 10_000


class Refused(Exception):
    """One cell cannot be read: what, why, and what to write."""


def text(row: Row, column: str) -> str:
    if not row[column]:
        raise Refused(column, "it is empty", f"write the {column}")
    if "\x00" in row[column]:
        raise Refused(column, "it holds a NUL byte", "save the file as text")
    return row[column]


def tail(said: str) -> str:
    """The last four digits before a check digit; the others are not kept.

    Without a dash nine digits end with the check digit, if it is right; eight may end with one.
    """
    before, dash, _ = said.partition("-")
    digits = re.sub(r"\D", "", before)
    if len(digits) < _TAIL:
        raise _no_id(f"{len(digits)} digits before the dash")
    if dash or not said[-1:].isdigit() or len(digits) not in _MAY_END_WITH_IT:
        return digits[-_TAIL:]
    if is_rut(digits) is not (len(digits) == max(_MAY_END_WITH_IT)):
        raise _no_id("nobody can tell whether its last digit is the check digit")
    return digits[-_TAIL - 1 : -1] if is_rut(digits) else digits[-_TAIL:]


def _no_id(why: str) -> Refused:
    return Refused("national_id", why, "write it like 12.345.678-5, or leave it empty")


def phone(said: str) -> str:
    key = matching_key(said)
    if key is None:
        raise Refused(
            "phone", f"{said!r} is no number with its country", "write it like +56961234501"
        )
    return key


def amount(row: Row, column: str, *, least: int = 0, most: int = LARGEST) -> int:
    said = row[column]
    plain = said.isascii() and said.isdecimal() and len(said) <= len(str(most))
    if not plain or not least <= int(said) <= most:
        why = f"{said!r} is no whole number from {least} to {most}"
        raise Refused(column, why, "write digits alone, like 1250000")
    return int(said)


def rate(said: str) -> Decimal:
    """In hundredths of a percent at the finest."""
    given = Decimal(said) if _RATE.fullmatch(said) else Decimal(_TOO_MUCH)
    if round(given, 2) >= _TOO_MUCH:
        raise Refused("rate", f"{said!r} is no percentage a year", "write it like 24.5")
    return given


def one_of(row: Row, column: str, allowed: tuple[str, ...]) -> str:
    if row[column] not in allowed:
        raise Refused(column, f"{row[column]!r} is none", f"write one of {', '.join(allowed)}")
    return row[column]


def among(row: Row, column: str, known: frozenset[str] | set[str], where: str) -> str:
    if row[column] not in known:
        why = f"{row[column]!r} stands neither in {where} nor in the database"
        raise Refused(column, why, f"add it to {where}")
    return row[column]
