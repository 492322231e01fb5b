"""Notes that the shop's people leave each other."""

import httpx2
import pytest

from tests.web.api.conftest import refusal
from tests.web.rows import add_conversation
from web.app import WebParts


@pytest.fixture
async def place(first: WebParts) -> str:
    await add_conversation(first.store, first.shop)
    return f"/api/v1/conversations/{first.shop}/notes"


async def test_a_note_is_written_and_read_the_newest_first(
    program: httpx2.AsyncClient, place: str
) -> None:
    for number in range(3):
        made = await program.post(place, json={"text": f" nota {number} "})
        assert (made.status_code, made.json()["by"]) == (201, "api")
    page = (await program.get(place, params={"limit": 2})).json()
    rest = (await program.get(place, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    said = [one["text"] for one in [*page["items"], *rest["items"]]]
    assert said == ["nota 2", "nota 1", "nota 0"]
    assert [
        one["text"] for one in (await program.get(f"{place[:-5]}messages")).json()["items"]
    ] == []


async def test_a_note_is_repeated_by_its_key_and_written_once(
    program: httpx2.AsyncClient, place: str
) -> None:
    key = {"Idempotency-Key": "nota-1"}
    first = await program.post(place, json={"text": "una vez"}, headers=key)
    second = await program.post(place, json={"text": "una vez"}, headers=key)
    assert second.json() == first.json()
    assert len((await program.get(place)).json()["items"]) == 1


async def test_nobody_of_another_shop_reads_or_writes_here(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, place: str
) -> None:
    await program.post(place, json={"text": "secreto"})
    assert refusal(await neighbour.get(place)) == (404, "not_found")
    assert refusal(await neighbour.post(place, json={"text": "hola"})) == (404, "not_found")
    for odd in ({"text": "  "}, {"text": "x" * 2001}, {}, {"text": "a", "by": "otra"}):
        assert refusal(await program.post(place, json=odd)) == (422, "invalid")
    assert len((await program.get(place)).json()["items"]) == 1
