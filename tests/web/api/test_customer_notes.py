"""Notes of a customer, for programs."""

from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from store import app
from tests.web.api.conftest import refusal
from tests.web.rows import add_conversation
from web.app import WebParts


@pytest.fixture
async def customer(first: WebParts) -> UUID:
    await add_conversation(first.store, first.shop)
    async with first.store.tenant(first.shop) as session:
        found: UUID | None = await session.scalar(select(app.Conversation.customer_id))
    assert found is not None
    return found


@pytest.fixture
def place(customer: UUID) -> str:
    return f"/api/v1/customers/{customer}/notes"


async def test_a_note_is_written_read_changed_and_removed(
    program: httpx2.AsyncClient, place: str
) -> None:
    made = await program.post(place, json={"text": " Prefiere la tarde "})
    assert (made.status_code, made.json()["by"]) == (201, "api")
    one = made.headers["location"]
    read = await program.get(one)
    assert (read.json()["text"], read.json()["edited_at"]) == ("Prefiere la tarde", None)
    assert refusal(await program.patch(one, json={"text": "Tarde"}))[0] == 428

    tag = {"If-Match": read.headers["etag"]}
    changed = await program.patch(one, json={"text": "Tarde, no antes"}, headers=tag)
    assert changed.json()["text"] == "Tarde, no antes"
    assert changed.json()["edited_at"] is not None
    assert refusal(await program.delete(one, headers=tag))[0] == 412
    gone = await program.delete(one, headers={"If-Match": changed.headers["etag"]})
    assert gone.status_code == 204
    assert refusal(await program.get(one)) == (404, "not_found")
    assert (await program.get(place)).json()["items"] == []


async def test_a_merged_customer_has_the_notes_of_both(
    program: httpx2.AsyncClient, first: WebParts, customer: UUID, place: str
) -> None:
    other = uuid4()
    async with first.store.transaction() as session:
        session.add(app.Customer(shop_id=first.shop, id=other, merged_into=customer))
    await program.post(f"/api/v1/customers/{other}/notes", json={"text": "dos"})
    await program.post(place, json={"text": "uno"})
    for whose in (place, f"/api/v1/customers/{other}/notes"):
        said = [one["text"] for one in (await program.get(whose)).json()["items"]]
        assert said == ["uno", "dos"]


async def test_nobody_of_another_shop_reads_or_writes_here(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, place: str
) -> None:
    await program.post(place, json={"text": "secreto"})
    assert refusal(await neighbour.get(place)) == (404, "not_found")
    assert refusal(await neighbour.post(place, json={"text": "hola"})) == (404, "not_found")
    for odd in ({"text": "  "}, {"text": "x" * 1001}, {}, {"text": "a", "by": "otra"}):
        assert refusal(await program.post(place, json=odd)) == (422, "invalid")
