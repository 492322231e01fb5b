"""What a model would like to look up, made into look-ups of known names, or refused. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, get_args

from knowledge.lookups import (
    READABLE,
    Fields,
    Filter,
    FilterKind,
    Known,
    Lookup,
    Name,
    Terms,
    UnknownField,
    UnknownFilter,
    UnknownTable,
    UnknownTerm,
    checked,
    known_field,
    named_in,
    ordered,
    resolved,
)

AT_ONCE: Final = 8
"""Fields of one proposal."""
_MOST: Final = {"integer": 2**31 - 1, "bigint": 2**63 - 1}
"""What Postgres can compare with a column of the type."""


def proposed(arguments: Mapping[str, Any], terms: Terms, fields: Fields) -> tuple[Lookup, ...]:
    """What a model asks for: terms of the dictionary, or a table with fields and filters.

    Whatever else it says is refused, above all whose records it would like.
    """
    extra = arguments.keys() - {"terms", "table", "fields", "filters"}
    if extra:
        raise UnknownField(min(extra))
    said = arguments.get("terms")
    if said is not None:
        return resolved([_term(one, terms) for one in _listed(said)], fields)
    table = arguments.get("table")
    if not isinstance(table, str) or table not in READABLE:
        raise UnknownTable(str(table))
    asked = [str(one) for one in _listed(arguments.get("fields"))]
    filters = tuple(_filter(table, one, fields) for one in _filtered(arguments.get("filters")))
    return (checked(ordered(table, asked, filters), fields),)


def _listed(said: object) -> list[object]:
    if not isinstance(said, list) or not 1 <= len(said) <= AT_ONCE:
        raise UnknownField(str(said)[:80])
    return said


def _filtered(said: object) -> list[object]:
    if not said:
        return []
    if not isinstance(said, list) or len(said) > AT_ONCE:
        raise UnknownFilter(str(said)[:80])
    return said


def _term(said: object, terms: Terms) -> Name:
    found = named_in(str(said), terms)
    if len(found) != 1:
        raise UnknownTerm(str(said)[:80])
    return found[0]


def _filter(table: str, said: object, fields: Fields) -> Filter:
    given = said if isinstance(said, dict) else {}
    field, kind, value = given.get("field"), given.get("kind", "is"), given.get("value")
    if given.keys() - {"field", "kind", "value"} or not isinstance(field, str):
        raise UnknownFilter(str(said)[:80])
    if kind not in get_args(FilterKind) or isinstance(value, bool):
        raise UnknownFilter(f"{field} {kind}")
    return Filter(field, kind, _typed(known_field(table, field, fields), value))


def _typed(known: Known, value: object) -> str | int | date:
    try:
        if known.type == "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        if known.type in _MOST:
            return _number(value, _MOST[known.type])
        return _text(value)
    except ValueError as error:
        raise UnknownFilter(repr(value)[:80]) from error


def _number(value: object, most: int) -> int:
    number = int(str(value))
    if abs(number) > most:
        raise ValueError(number)
    return number


def _text(value: object) -> str:
    """As Postgres can compare it: without NUL bytes and lone surrogates."""
    text = str(value)
    if "\0" in text:
        raise ValueError(text)
    return text.encode().decode()
