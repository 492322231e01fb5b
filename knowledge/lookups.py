"""Which of a customer's own records may be looked up: decided here, before any database is asked.

Nothing in a look-up says whose rows it reads: that is told to the store by the conversation.

LookupRefused
├── UnknownTable    no records of that name may be read
├── UnknownField    the field is not to be told, or stands in no catalogue
├── UnknownFilter   the field is no filter, or the value is none that it has
└── UnknownTerm     the dictionary has no such word, or no record behind it
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias, get_args

from config.shapes import Term
from text.phrases import Phrases, dictionary
from text.stemming import stems

FilterKind: TypeAlias = Literal["is", "is_not", "at_least", "at_most"]
Name: TypeAlias = tuple[str, str]
"""A table and a field."""
Terms: TypeAlias = Phrases[Name]
MOST: Final = 120
"""Rows of one look-up: the plan of ten years."""
LONGEST: Final = 600
AT_ONCE: Final = 8
"""Fields of one proposal."""

_EXACT: Final = frozenset({"is", "is_not"})
_RANGE: Final = frozenset({"is", "at_least", "at_most"})
_NEVER: Final[frozenset[str]] = frozenset()
READABLE: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "client": {"number": _NEVER, "name": _NEVER},
    "loan": {
        "number": _EXACT,
        "principal": _NEVER,
        "balance": _NEVER,
        "rate": _NEVER,
        "state": _EXACT,
        "opened_on": _RANGE,
    },
    "instalment": {
        "loan": _EXACT,
        "number": _EXACT,
        "due_on": _RANGE,
        "amount": _NEVER,
        "paid_amount": _NEVER,
        "state": _EXACT,
    },
    "payment": {
        "loan": _EXACT,
        "reference": _EXACT,
        "amount": _NEVER,
        "paid_on": _RANGE,
        "method": _EXACT,
    },
}
"""What a client may be told, and by what it may be narrowed. What proves who somebody is stands
not here: not the national id, not the birthday, not the phone."""
_SHOWN_AS: Final[Mapping[Name, Name]] = {
    ("instalment", "loan"): ("loan", "number"),
    ("payment", "loan"): ("loan", "number"),
}
"""Fields of another table that are read along with these."""


class LookupRefused(Exception):
    """Nothing was read."""


class UnknownTable(LookupRefused):
    """No records of that name may be read."""


class UnknownField(LookupRefused):
    """Not to be told, or not there."""


class UnknownFilter(LookupRefused):
    """Nothing to narrow by."""


class UnknownTerm(LookupRefused):
    """No word of this business, or none with a record behind it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the field catalogue says of a field."""

    type: str
    allowed: tuple[str, ...] = ()


Fields: TypeAlias = Mapping[Name, Known]


@dataclass(frozen=True, slots=True)
class Filter:
    field: str
    kind: FilterKind
    value: str | int | date


@dataclass(frozen=True, slots=True)
class Lookup:
    table: str
    fields: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ()
    newest: bool = False
    limit: int = MOST


def checked(lookup: Lookup, fields: Fields) -> Lookup:
    """The same look-up, once everything in it is known. Raises a LookupRefused."""
    if lookup.table not in READABLE:
        raise UnknownTable(lookup.table)
    if not lookup.fields:
        raise UnknownField("nothing is asked for")
    for name in (*lookup.fields, *lookup.order):
        _known(lookup.table, name, fields)
    for one in lookup.filters:
        _check_filter(lookup.table, one, fields)
    return lookup


def terms_of(glossary: Iterable[Term]) -> Terms:
    """The words behind which a record stands."""
    return dictionary(
        (spelled, (term.table, term.field))
        for term in glossary
        if term.table is not None and term.field is not None
        for spelled in (term.word, *term.synonyms)
    )


def named_in(text: str, terms: Terms) -> tuple[Name, ...]:
    """The records a text names, by the words of the business."""
    found = terms.found(stems(text[:LONGEST]))
    return tuple(dict.fromkeys(name for _, _, names in found for name in names))


def resolved(names: Sequence[Name], fields: Fields) -> tuple[Lookup, ...]:
    """One look-up per table. Raises a LookupRefused where a glossary says what is not there."""
    wanted: dict[str, list[str]] = {}
    for table, field in names:
        wanted.setdefault(table, []).append(field)
    made = (
        Lookup(table, _labelled(table, asked), order=_ORDER.get(table, ()))
        for table, asked in wanted.items()
    )
    return tuple(checked(one, fields) for one in made)


_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "client": ("number",),
    "loan": ("number",),
    "instalment": ("loan", "number"),
    "payment": ("loan", "reference"),
}
"""What tells one row from another."""
_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "loan": ("opened_on", "number"),
    "instalment": ("due_on", "number"),
    "payment": ("paid_on", "reference"),
}


def _labelled(table: str, asked: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_LABELS.get(table, ()), *asked)))


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
    filters = tuple(_filter(table, one, fields) for one in arguments.get("filters") or ())
    lookup = Lookup(table, _labelled(table, asked), filters, _ORDER.get(table, ()))
    return (checked(lookup, fields),)


def _listed(said: object) -> list[object]:
    if not isinstance(said, list) or not 1 <= len(said) <= AT_ONCE:
        raise UnknownField(str(said)[:80])
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
    return Filter(field, kind, _typed(_known(table, field, fields), value))


def _typed(known: Known, value: object) -> str | int | date:
    try:
        if known.type == "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        return int(str(value)) if known.type in {"bigint", "integer"} else str(value)
    except ValueError as error:
        raise UnknownFilter(str(value)[:80]) from error


def _known(table: str, name: str, fields: Fields) -> Known:
    found = fields.get(_SHOWN_AS.get((table, name), (table, name)))
    if name not in READABLE[table] or found is None:
        raise UnknownField(f"{table}.{name}")
    return found


def _check_filter(table: str, one: Filter, fields: Fields) -> None:
    known = _known(table, one.field, fields)
    if one.kind not in READABLE[table][one.field]:
        raise UnknownFilter(f"{table}.{one.field} {one.kind}")
    fits = isinstance(one.value, _TYPES.get(known.type, str)) and not isinstance(one.value, bool)
    if not fits or (known.allowed and one.value not in known.allowed):
        raise UnknownFilter(f"{table}.{one.field}: {str(one.value)[:40]!r}")


_TYPES: Final[Mapping[str, type]] = {"bigint": int, "integer": int, "date": date}
