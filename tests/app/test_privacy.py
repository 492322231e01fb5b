"""`main.py customer` and `privacy` at the terminal."""

import json
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from app.commands_privacy import customer, privacy
from events.happened import named
from store.app import Customer
from store.session import Store
from tests.app.terminal import Ended, typed
from tests.jobs.canary import CANARY, furnish, where

SHOP = named("shop", "demo")


@pytest.fixture
async def who(store: Store) -> str:
    await furnish(store, SHOP)
    async with store.transaction() as session:
        await session.execute(text("UPDATE app.shop SET key = 'demo'"))
        named_ = text("UPDATE app.customer SET name = 'Ana Rojas' RETURNING id")
        return str(await session.scalar(named_))


async def asked(env: dict[str, str], *words: str) -> Ended:
    return await typed(customer, env, *words)


async def test_a_customer_is_found_by_how_their_name_begins_and_counted(
    who: str, terminal: dict[str, str]
) -> None:
    told = (await asked(terminal, "show", "ana r", "--json")).json
    assert told["id"] == who
    assert told["rows"]["mensajes"] == 1
    assert who in (await asked(terminal, "show", who)).said


async def test_an_export_is_one_zip(who: str, terminal: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "ana.zip"
    told = (await asked(terminal, "export", who, "--to", str(target), "--json")).json
    assert told["file"] == str(target)
    with ZipFile(target) as archive:
        assert json.loads(archive.read("datos.json"))["secciones"]["perfil"][0]["nombre"]


async def test_an_erasure_is_typed_out_and_leaves_a_receipt(
    who: str, terminal: dict[str, str], store: Store
) -> None:
    done = (await asked(terminal, "erase", who, "--yes", "--json")).json
    assert done["gone"]["app.message"] == 1
    assert await where(store, CANARY, SHOP) == {}
    [row] = [
        one for one in (await typed(privacy, terminal, "requests", "--json")).json
        if one["kind"] == "erasure"
    ]  # fmt: skip
    assert (row["state"], row["customer"], row["days_left"]) == ("done", None, None)


async def test_who_is_blocked_or_opposes_is_so_until_it_is_taken_back(
    who: str, terminal: dict[str, str], store: Store
) -> None:
    await asked(terminal, "block", who)
    await asked(terminal, "oppose", who)
    async with store.reading() as session:
        row = await session.get(Customer, (SHOP, UUID(who)))
    assert row is not None
    assert (row.restricted_at is not None, row.no_training) == (True, True)
    await asked(terminal, "block", who, "--off")
    await asked(terminal, "oppose", who, "--off")
    async with store.reading() as session:
        row = await session.get(Customer, (SHOP, UUID(who)))
    assert row is not None
    assert (row.restricted_at, row.no_training) == (None, False)


async def test_nobody_is_said_with_what_to_do_next(terminal: dict[str, str], who: str) -> None:
    done = await asked(terminal, "show", "nadie")
    assert done.code == 1
    assert who not in done.said
    assert "there is no customer 'nadie'" in done.said


async def test_what_is_too_old_is_counted_without_touching_it(
    who: str, terminal: dict[str, str], store: Store
) -> None:
    async with store.transaction() as session:
        await session.execute(
            text(
                "UPDATE app.message SET at = now() - interval '200 days',"
                " text = 'mi RUT es 12.345.678-5', raw = '{}'"
            )
        )
        await session.execute(
            text("UPDATE app.media_file SET created_at = now() - interval '40 days', path = 'x/y'")
        )
    dry = (await typed(privacy, terminal, "retention", "--dry-run", "--json")).json
    assert (dry["messages"], dry["files"]) == (1, 1)
    await typed(privacy, terminal, "retention")
    async with store.reading() as session:
        rows = (await session.execute(text("SELECT text, raw, masks FROM app.message"))).all()
        kept = await session.scalar(text("SELECT count(*) FROM app.media_file WHERE path <> ''"))
    assert [tuple(row) for row in rows] == [("mi RUT es [RUT_1]", None, None)]
    assert kept == 0
    again = (await typed(privacy, terminal, "retention", "--dry-run", "--json")).json
    assert (again["messages"], again["files"]) == (0, 0)
