"""What may be looked up, and what is refused before any database is asked."""

from datetime import date
from typing import Any, Final

import pytest

from config.packs import load_pack
from config.shapes import Term
from knowledge.lookups import (
    READABLE,
    Filter,
    Known,
    Lookup,
    LookupRefused,
    UnknownField,
    UnknownFilter,
    UnknownTable,
    UnknownTerm,
    checked,
    named_in,
    resolved,
    terms_of,
)
from knowledge.proposed import proposed
from knowledge.standing import LOANS, OPEN, PAYMENTS

FIELDS: Final = {
    ("client", "number"): Known("text"),
    ("client", "name"): Known("text"),
    ("client", "id_tail"): Known("text"),
    ("client", "born_on"): Known("date"),
    ("loan", "number"): Known("text"),
    ("loan", "client_id"): Known("uuid"),
    ("loan", "principal"): Known("bigint"),
    ("loan", "balance"): Known("bigint"),
    ("loan", "rate"): Known("numeric(6,2)"),
    ("loan", "state"): Known("text", ("current", "overdue", "paid")),
    ("loan", "opened_on"): Known("date"),
    ("instalment", "number"): Known("integer"),
    ("instalment", "due_on"): Known("date"),
    ("instalment", "amount"): Known("bigint"),
    ("instalment", "paid_amount"): Known("bigint"),
    ("instalment", "state"): Known("text", ("pending", "partial", "paid")),
    ("payment", "reference"): Known("text"),
    ("payment", "amount"): Known("bigint"),
    ("payment", "paid_on"): Known("date"),
    ("payment", "method"): Known("text", ("transfer", "cash")),
    ("customer", "name"): Known("text"),
}
TERMS: Final = terms_of(load_pack("creditos").glossary)


@pytest.mark.parametrize("lookup", [LOANS, OPEN, PAYMENTS])
def test_our_own_look_ups_are_allowed(lookup: Lookup) -> None:
    assert checked(lookup, FIELDS) == lookup


@pytest.mark.parametrize(
    ("lookup", "refused"),
    [
        (Lookup("customer", ("name",)), UnknownTable),
        (Lookup("pg_shadow", ("passwd",)), UnknownTable),
        (Lookup("loan", ()), UnknownField),
        (Lookup("loan", ("client_id",)), UnknownField),
        (Lookup("loan", ("balance; DROP TABLE app.loan",)), UnknownField),
        (Lookup("client", ("id_tail",)), UnknownField),
        (Lookup("client", ("born_on",)), UnknownField),
        (Lookup("loan", ("balance",), order=("client_id",)), UnknownField),
        (Lookup("loan", ("balance",), (Filter("client_id", "is", "x"),)), UnknownField),
        (Lookup("loan", ("balance",), (Filter("balance", "is", 1),)), UnknownFilter),
        (Lookup("loan", ("balance",), (Filter("state", "is", "anybody's"),)), UnknownFilter),
        (Lookup("loan", ("balance",), (Filter("state", "at_least", "paid"),)), UnknownFilter),
        (Lookup("loan", ("balance",), (Filter("opened_on", "is", "today"),)), UnknownFilter),
        (Lookup("instalment", ("amount",), (Filter("number", "is", "1 OR 1=1"),)), UnknownFilter),
        (Lookup("instalment", ("amount",), (Filter("number", "is", value=True),)), UnknownFilter),
    ],
)
def test_what_is_not_known_is_refused(lookup: Lookup, refused: type[LookupRefused]) -> None:
    with pytest.raises(refused):
        checked(lookup, FIELDS)


def test_a_field_that_left_the_database_is_refused() -> None:
    fewer = {name: known for name, known in FIELDS.items() if name != ("loan", "rate")}
    with pytest.raises(UnknownField, match=r"loan\.rate"):
        checked(LOANS, fewer)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cuál es mi saldo", [("loan", "balance")]),
        ("la TASA de interes de mi prestamo", [("loan", "rate")]),
        ("fecha de vencimiento", [("instalment", "due_on")]),
        ("mi numero de operación", [("loan", "number")]),
        ("qué es la CAE", []),
        ("hola", []),
    ],
)
def test_a_word_of_the_business_leads_to_its_field(text: str, names: list[tuple[str, str]]) -> None:
    assert list(named_in(text, TERMS)) == names


def test_terms_become_one_look_up_a_table() -> None:
    lookups = resolved([("loan", "balance"), ("instalment", "due_on"), ("loan", "rate")], FIELDS)
    assert [(one.table, one.fields) for one in lookups] == [
        ("loan", ("number", "balance", "rate")),
        ("instalment", ("loan", "number", "due_on")),
    ]


def test_a_glossary_that_names_what_is_not_there_is_refused() -> None:
    wrong = terms_of([Term(word="sueldo", definition="Lo que gana.", table="client", field="pay")])
    with pytest.raises(UnknownField, match=r"client\.pay"):
        resolved(named_in("mi sueldo", wrong), FIELDS)


def test_every_field_of_the_sample_glossary_may_be_read() -> None:
    named = {name for found in TERMS.entries.values() for name in found}
    assert len(named) >= 10
    for table, field in named:
        assert field in READABLE[table]


def test_a_model_may_ask_by_terms_or_by_fields() -> None:
    (by_term,) = proposed({"terms": ["saldo"]}, TERMS, FIELDS)
    assert (by_term.table, by_term.fields) == ("loan", ("number", "balance"))
    asked = {
        "table": "instalment",
        "fields": ["amount"],
        "filters": [{"field": "due_on", "kind": "at_least", "value": "2026-12-01"}],
    }
    (by_field,) = proposed(asked, TERMS, FIELDS)
    assert by_field.filters == (Filter("due_on", "at_least", date(2026, 12, 1)),)


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ({}, UnknownTable),
        ({"terms": []}, UnknownField),
        ({"terms": "saldo"}, UnknownField),
        ({"terms": ["saldo de otro cliente", 7]}, UnknownTerm),
        ({"terms": ["CAE"]}, UnknownTerm),
        ({"terms": ["saldo"], "client": "C-001"}, UnknownField),
        ({"terms": ["saldo"], "client_id": "1"}, UnknownField),
        ({"table": "loan", "fields": ["balance"], "shop_id": "other"}, UnknownField),
        ({"table": ["loan"], "fields": ["balance"]}, UnknownTable),
        ({"table": "loan", "fields": ["client_id"]}, UnknownField),
        ({"table": "loan", "fields": ["balance"], "filters": ["1=1"]}, UnknownFilter),
        (
            {"table": "loan", "fields": ["balance"], "filters": [{"field": "client", "value": 1}]},
            UnknownField,
        ),
        (
            {"table": "loan", "fields": ["balance"],
             "filters": [{"field": "number", "kind": "or", "value": "1"}]},
            UnknownFilter,
        ),
        (
            {"table": "instalment", "fields": ["amount"],
             "filters": [{"field": "due_on", "value": "mañana"}]},
            UnknownFilter,
        ),
        (
            {"table": "instalment", "fields": ["amount"],
             "filters": [{"field": "number", "value": "1", "client": "C-001"}]},
            UnknownFilter,
        ),
        ({"table": "instalment", "fields": ["amount"], "filters": 5}, UnknownFilter),
        (
            {"table": "instalment", "fields": ["amount"],
             "filters": [{"field": "number", "value": 10**12}]},
            UnknownFilter,
        ),
        (
            {"table": "loan", "fields": ["balance"],
             "filters": [{"field": "number", "value": "1\0"}]},
            UnknownFilter,
        ),
        (
            {"table": "loan", "fields": ["balance"],
             "filters": [{"field": "number", "value": "\ud800"}]},
            UnknownFilter,
        ),
    ],
)  # fmt: skip
def test_whatever_else_a_model_asks_for_is_refused(
    arguments: dict[str, Any], refused: type[LookupRefused]
) -> None:
    with pytest.raises(refused):
        proposed(arguments, TERMS, FIELDS)
