"""Notes of a customer: on both pages that show them, for the shop's people alone."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select, update

from store.audit import Wanted, events
from store.inbox import CustomerNote
from store.privacy import retention
from store.session import Store, driver
from tests.web.talks import PRICE, add_talk
from tests.web.talks import page as of_talk
from web.conversations import place

NOW = datetime.now(UTC)
SAID = re.compile(r"<textarea id=\"n(?P<id>[0-9a-f-]{36})\"")
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def talk(store: Store, shop: UUID) -> UUID:
    return await add_talk(store, shop, "Ana", *PRICE, at=NOW)


@pytest.fixture
async def ana(store: Store, shop: UUID, talk: UUID) -> UUID:
    found = await place(store, shop, talk)
    assert found is not None
    return found.customer


async def kept(store: Store, shop: UUID) -> list[CustomerNote]:
    async with store.tenant(shop) as session:
        return list(await session.scalars(select(CustomerNote)))


async def acts(store: Store, shop: UUID) -> list[str]:
    async with store.tenant(shop) as session:
        told = await events(session, shop, Wanted())
    return [one.action for one in told if one.action.startswith("customer.note")]


async def test_a_note_is_written_changed_removed_and_each_taken_back(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID, talk: UUID
) -> None:
    here = f"/clientes/{ana}"
    made = await seller.post(f"{here}/notas", data={"nota": "<i>Paga</i> los viernes"})
    assert made.headers["location"] == f"{here}#notas"
    shown = (await seller.get(here)).text
    assert "&lt;i&gt;Paga&lt;/i&gt; los viernes" in shown
    found = SAID.search((await seller.get(of_talk(talk))).text)
    assert found is not None, "the conversation shows it, too"
    one = f"{here}/notas/{found['id']}"

    done = await seller.post(one, data={"nota": "Paga los lunes", "de": str(talk)})
    assert done.headers["location"] == f"{of_talk(talk)}#notas"
    assert "Paga los lunes" in (await seller.get(here)).text
    await seller.post(one, data={"nota": "Paga los lunes"})
    await seller.post(f"{one}/deshacer")
    assert "los viernes" in (await seller.get(here)).text
    await seller.post(one, data={"nota": "Paga los martes"})
    await seller.post(f"{one}/borrar")
    gone = (await seller.get(here)).text
    assert "los martes" not in gone
    assert "Nota borrada." in gone
    for _ in range(2):
        await seller.post(f"{one}/deshacer", data={"borrada": "si"})
        assert "los martes" in (await seller.get(here)).text

    assert sorted(await acts(store, shop)) == [
        "customer.note_changed", "customer.note_changed", "customer.note_removed",
        "customer.note_restored", "customer.note_restored", "customer.noted",
    ]  # fmt: skip


async def test_what_says_nothing_or_is_nobodys_changes_nothing(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    here = f"/clientes/{ana}/notas"
    assert (await seller.post(here, data={"nota": " "})).status_code == 303
    assert (await seller.post(here, data={"nota": "x" * 2001})).status_code == 422
    for path in (f"/clientes/{uuid4()}/notas", f"{here}/{uuid4()}", f"{here}/{uuid4()}/borrar"):
        assert (await seller.post(path, data={"nota": "hola"})).status_code == 404
    assert await kept(store, shop) == []
    assert await acts(store, shop) == []


async def test_after_a_day_the_night_forgets_what_a_note_was(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    here = f"/clientes/{ana}/notas"
    for text in ("una", "otra"):
        await seller.post(here, data={"nota": text})
    una, otra = sorted(await kept(store, shop), key=lambda one: one.text != "una")
    await seller.post(f"{here}/{una.id}", data={"nota": "uno"})
    await seller.post(f"{here}/{otra.id}/borrar")

    for days, left in ((-1, {"uno": "una", "otra": None}), (1, {"uno": None})):
        async with store.transaction() as session:
            at = datetime.now(UTC) + timedelta(days=days)
            await retention.settle_notes(await driver(session), shop, at)
        assert {one.text: one.was for one in await kept(store, shop)} == left


async def test_what_was_removed_long_ago_stays_so(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    here = f"/clientes/{ana}/notas"
    await seller.post(here, data={"nota": "Paga los viernes"})
    (note,) = await kept(store, shop)
    await seller.post(f"{here}/{note.id}/borrar")
    async with store.transaction() as session:
        await session.execute(update(CustomerNote).values(gone_at=NOW - timedelta(hours=30)))

    await seller.post(f"{here}/{note.id}/deshacer", data={"borrada": "si"})

    (note,) = await kept(store, shop)
    assert note.gone_at is not None
    assert "customer.note_restored" not in await acts(store, shop)


def test_nothing_that_answers_or_learns_reads_what_is_noted_of_a_customer() -> None:
    named = re.compile(r"CustomerNote\b|customer_note\b")
    found = {
        path.relative_to(ROOT).parts[0]
        for part in ROOT.iterdir()
        if part.is_dir() and part.name not in {"tests", "docs"} and not part.name.startswith(".")
        for path in part.rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"store", "web"}
