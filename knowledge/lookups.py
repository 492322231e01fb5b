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
from typing import Final, Literal, TypeAlias

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
        known_field(lookup.table, name, fields)
    for one in lookup.filters:
        _check_filter(lookup.table, one, fields)
    return lookup


def may_be_told(table: str | None, field: str | None) -> bool:
    return field in READABLE.get(table or "", {})


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
    made = (ordered(table, asked) for table, asked in wanted.items())
    return tuple(checked(one, fields) for one in made)


def ordered(table: str, asked: Sequence[str], filters: tuple[Filter, ...] = ()) -> Lookup:
    """What came in last is asked for first, what is to be paid next in its order."""
    fields, order = _labelled(table, asked), _ORDER.get(table, ())
    return Lookup(table, fields, filters, order, newest=table == "payment")


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


def known_field(table: str, name: str, fields: Fields) -> Known:
    found = fields.get(_SHOWN_AS.get((table, name), (table, name)))
    if name not in READABLE[table] or found is None:
        raise UnknownField(f"{table}.{name}")
    return found


def _check_filter(table: str, one: Filter, fields: Fields) -> None:
    known = known_field(table, one.field, fields)
    if one.kind not in READABLE[table][one.field]:
        raise UnknownFilter(f"{table}.{one.field} {one.kind}")
    fits = isinstance(one.value, _TYPES.get(known.type, str)) and not isinstance(one.value, bool)
    if not fits or (known.allowed and one.value not in known.allowed):
        raise UnknownFilter(f"{table}.{one.field}: {str(one.value)[:40]!r}")


_TYPES: Final[Mapping[str, type]] = {"bigint": int, "integer": int, "date": date}
