"""Nothing of a customer can be kept where an export and an erasure do not look."""

from collections.abc import Iterator

from sqlalchemy import Table

from store.base import Base
from store.privacy.places import OF_THE_BUSINESS, PLACES, ROOTS
from tests.fixtures.rows import TENANT_TABLES

KNOWN = {place.table for place in PLACES} | set(OF_THE_BUSINESS)
NAMES = {"customer_id", "conversation_id", "message_id", "training_id", "reply_id"}
"""Columns by which a table without a foreign key may lead to somebody."""


def led_to(start: str) -> set[str]:
    """Every table that points to one, and so on."""
    found, edge = {start}, {start}
    while edge:
        edge = {table.fullname for table in TENANT_TABLES if set(_parents(table)) & edge} - found
        found |= edge
    return found


def _parents(table: Table) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        yield key.referred_table.fullname


def test_every_table_that_leads_to_a_customer_has_its_place() -> None:
    assert led_to("app.customer") - KNOWN == set()


def test_every_table_that_names_what_is_a_customer_s_has_its_place() -> None:
    naming = {table.fullname for table in TENANT_TABLES if NAMES & set(table.c.keys())}
    assert naming - KNOWN == set()


def test_every_place_is_a_table_and_tells_columns_that_are_there() -> None:
    tables = Base.metadata.tables
    for place in PLACES:
        assert set(place.told) <= set(tables[place.table].c.keys()), place.table
    assert set(OF_THE_BUSINESS) <= set(tables)
    titles = [place.title for place in PLACES if place.told]
    assert len(titles) == len(set(titles))


def test_what_stays_says_why_and_what_is_told_has_a_title() -> None:
    assert all(place.title for place in PLACES if place.told)
    kept = [place.keeps for place in PLACES if place.keeps] + list(OF_THE_BUSINESS.values())
    assert all(len(why) > 10 for why in kept)


def test_each_kind_of_place_has_one_root_and_those_that_point_go_before_it() -> None:
    assert {of: place.table for of, place in ROOTS.items()} == {
        "row": "ml.training_data",
        "message": "app.message",
        "talk": "app.conversation",
        "order": "app.orders",
        "person": "app.customer",
    }
    for place in PLACES:
        for parent in _parents(Base.metadata.tables[place.table]):
            above = [other for other in PLACES if other.table == parent and other.of == place.of]
            if above and parent != place.table and above[0] is not ROOTS.get(place.of):
                assert PLACES.index(place) < PLACES.index(above[0]), place.table
