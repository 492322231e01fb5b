"""The catalogue of fields is what the database says of itself, and what people say beside it."""

from uuid import UUID

import pytest

from store.base import Base
from store.fields import (
    BUSINESS,
    FieldDefinition,
    definitions,
    describe,
    describe_new,
    introspected,
    sync,
)
from store.session import Store, open_connection
from tests.fixtures.store import add_shop


async def catalogue(store: Store, shop: UUID) -> dict[str, FieldDefinition]:
    async with store.transaction() as session:
        await sync(session, shop)
        found = await definitions(session, shop)
    return {f"{one.table_name}.{one.field}": one for one in found}


async def test_every_column_of_the_business_is_there_and_none_else(
    store: Store, shop: UUID
) -> None:
    known = await catalogue(store, shop)
    tables = [Base.metadata.tables[f"app.{name}"] for name in BUSINESS]
    assert set(known) == {f"{table.name}.{column.name}" for table in tables for column in table.c}


async def test_a_field_is_described_as_the_database_has_it(store: Store, shop: UUID) -> None:
    known = await catalogue(store, shop)
    state, due = known["loan.state"], known["instalment.due_on"]
    assert set(state.allowed) == {"current", "overdue", "refinanced", "written_off", "paid"}
    assert (due.type, due.required, due.indexed, due.allowed) == ("date", True, False, [])
    assert known["loan.client_id"].points_to == "app.client.id"
    assert known["payment.instalment_id"].required is False
    assert known["client.phone"].indexed
    assert known["loan.rate"].type == "numeric(6,2)"
    assert known["client.id_tail"].allowed == []


async def test_what_people_wrote_survives_a_new_reading(store: Store, shop: UUID) -> None:
    await catalogue(store, shop)
    said = {"description": "Lo que falta pagar", "examples": ["¿cuánto debo?"], "notes": "pesos"}
    async with store.transaction() as session:
        assert await describe(session, shop, "loan", "balance", said)
        assert not await describe(session, shop, "loan", "salary", said)
        glossary = [
            ("loan", "balance", "del glosario", []),
            ("loan", "rate", "Interés al año", ["¿qué tasa tengo?"]),
        ]
        await describe_new(session, shop, glossary)
    known = await catalogue(store, shop)
    balance, rate = known["loan.balance"], known["loan.rate"]
    assert (balance.description, balance.notes) == ("Lo que falta pagar", "pesos")
    assert balance.examples == ["¿cuánto debo?"]
    assert (rate.description, rate.examples) == ("Interés al año", ["¿qué tasa tengo?"])


async def test_shops_describe_their_fields_apart(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await catalogue(store, shop)
    await catalogue(store, other)
    async with store.transaction() as session:
        await describe(session, shop, "loan", "balance", {"description": "mine"})
    assert (await catalogue(store, other))["loan.balance"].description == ""


async def test_the_catalogue_follows_the_database(
    store: Store, shop: UUID, database_url: str
) -> None:
    await catalogue(store, shop)
    connection = await open_connection(database_url)
    await connection.execute(
        "ALTER TABLE app.loan ADD COLUMN purpose text NOT NULL DEFAULT 'car'"
        " CHECK (purpose IN ('car', 'house'))"
    )
    added = (await catalogue(store, shop))["loan.purpose"]
    assert (added.type, added.required, set(added.allowed)) == ("text", True, {"car", "house"})
    await connection.execute("ALTER TABLE app.loan DROP COLUMN purpose")
    await connection.close()
    assert "loan.purpose" not in await catalogue(store, shop)


@pytest.mark.parametrize("role", ["web", "pipeline"])
async def test_both_roles_may_read_what_is_introspected(
    store: Store, shop: UUID, role: str
) -> None:
    if role == "web":
        async with store.tenant(shop) as session:
            assert len(await introspected(session)) > 40
    else:
        async with store.reading() as session:
            assert len(await introspected(session)) > 40
