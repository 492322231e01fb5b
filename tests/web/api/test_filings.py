"""Conversations as a program files them: done, put off, labelled; and what is said often."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from services.clock import now
from tests.web.api.conftest import refusal
from tests.web.staff import staff
from tests.web.talks import PRICE, add_talk, page
from web.app import WebParts

TALKS, REPLIES = "/api/v1/conversations", "/api/v1/quick-replies"
SENT = {"key": "despacho", "text": "Despachamos en 24 horas."}


@pytest.fixture
async def talk(first: WebParts) -> UUID:
    return await add_talk(first.store, first.shop, "Ana", *PRICE)


async def silenced(parts: WebParts, talk: UUID) -> bool:
    keys = parts.word.stream.keys
    return bool(await parts.wire.command("EXISTS", keys.silence(talk)))


async def test_who_resolves_a_conversation_gives_the_word_back(
    program: httpx2.AsyncClient, first: WebParts, talk: UUID
) -> None:
    one = f"{TALKS}/{talk}"
    await program.put(f"{one}/handler", json={"handler": "human"})
    assert await silenced(first, talk)
    done = await program.put(f"{one}/state", json={"state": "resolved"})
    assert done.json() | {"at": None} == {
        "state": "resolved", "until": None, "at": None, "labels": [],
    }  # fmt: skip
    assert not await silenced(first, talk)
    assert (await program.get(one)).json()["state"] == "resolved"
    (listed,) = (await program.get(TALKS)).json()["items"]
    assert (listed["state"], listed["labels"]) == ("resolved", [])
    async with staff(first, "seller") as seller:
        assert "/reabrir" in (await seller.get(page(talk))).text
        await seller.post(page(talk, "/reabrir"))
        assert (await seller.get(f"{one}/state")).json()["state"] == "open"


async def test_a_conversation_is_put_off_until_a_moment_that_comes(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, talk: UUID
) -> None:
    place = f"{TALKS}/{talk}/state"
    later = (now() + timedelta(hours=3)).isoformat()
    put_off = {"state": "snoozed", "until": later}
    done = await program.put(place, json=put_off)
    assert done.json()["state"] == "snoozed"
    known = await program.get(place)
    asked = {"If-None-Match": known.headers["etag"]}
    assert (await program.get(place, headers=asked)).status_code == 304
    assert refusal(await neighbour.get(place)) == (404, "not_found")
    assert refusal(await neighbour.put(place, json=put_off)) == (404, "not_found")
    past, far = (now() + timedelta(days=days) for days in (-1, 400))
    for odd in (
        {"state": "snoozed"}, {"state": "open", "until": later},
        {"state": "snoozed", "until": past.isoformat()},
        {"state": "snoozed", "until": far.isoformat()},
    ):  # fmt: skip
        assert refusal(await program.put(place, json=odd)) == (422, "refused"), odd
    assert refusal(await program.put(place, json={"state": "lost"})) == (422, "invalid")
    assert (await program.get(place)).json() == known.json()


async def test_labels_are_put_and_taken_one_by_one_and_none_is_lost(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, talk: UUID
) -> None:
    place = f"{TALKS}/{talk}/labels"
    names = [f"grupo {number}" for number in range(8)]
    asked = (program.put(f"{place}/{name}") for name in names)
    assert {one.status_code for one in await asyncio.gather(*asked)} == {200}
    again = await program.put(f"{place}/{names[0]}")
    assert sorted(again.json()["labels"]) == names
    assert refusal(await program.put(f"{place}/nueve")) == (422, "refused")
    for odd in ("a,b", "%23", ","):
        assert refusal(await program.put(f"{place}/{odd}")) == (422, "refused"), odd
    for method in ("PUT", "DELETE"):
        lost = await neighbour.request(method, f"{place}/{names[0]}")
        assert refusal(lost) == (404, "not_found")

    for name in names[1:]:
        left = await program.delete(f"{place}/{name}")
    assert left.json()["labels"] == [names[0]]
    assert (await program.delete(f"{place}/nada")).json() == left.json()
    (listed,) = (await program.get(TALKS)).json()["items"]
    assert listed["labels"] == [names[0]]
    async with staff(first, "seller") as seller:
        assert names[0] in (await seller.get(page(talk))).text


async def test_what_is_said_often_is_written_once(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, talk: UUID
) -> None:
    made = await program.post(REPLIES, json=SENT | {"key": "/Despacho Hoy"})
    one, match = made.headers["location"], {"If-Match": made.headers["etag"]}
    assert (made.status_code, made.json()["key"]) == (201, "despacho-hoy")
    again = await program.post(REPLIES, json=SENT | {"key": "despacho hoy"})
    assert refusal(again) == (409, "conflict")
    await program.post(REPLIES, json=SENT | {"key": "cuenta"})
    listed = (await program.get(REPLIES, params={"limit": 1})).json()
    rest = {"limit": 1, "cursor": listed["next_cursor"]}
    found = [*listed["items"], *(await program.get(REPLIES, params=rest)).json()["items"]]
    assert [found_one["key"] for found_one in found] == ["cuenta", "despacho-hoy"]
    assert (await neighbour.get(REPLIES)).json()["items"] == []
    for method, body in (("GET", None), ("PUT", {"text": "x"}), ("DELETE", None)):
        answer = await neighbour.request(method, one, json=body, headers={"If-Match": "*"})
        assert refusal(answer) == (404, "not_found")

    text = {"text": " Mañana. "}
    assert refusal(await program.put(one, json=text)) == (428, "if_match_needed")
    done = await program.put(one, json=text, headers=match)
    assert (done.json()["text"], done.json()["by"]) == ("Mañana.", "api")
    assert refusal(await program.put(one, json=text, headers=match)) == (412, "stale")
    assert refusal(await program.delete(one, headers=match)) == (412, "stale")
    async with staff(first, "seller") as seller:
        assert "Mañana." in (await seller.get(page(talk))).text
    fresh = {"If-Match": done.headers["etag"]}
    assert (await program.delete(one, headers=fresh)).status_code == 204
    assert refusal(await program.get(one)) == (404, "not_found")
    for odd in ({}, SENT | {"key": ""}, SENT | {"text": " "}, SENT | {"more": 1}):
        assert refusal(await program.post(REPLIES, json=odd)) == (422, "invalid")


async def test_a_shop_has_a_hundred_of_them(program: httpx2.AsyncClient) -> None:
    for number in range(100):
        await program.post(REPLIES, json=SENT | {"key": f"r{number}"})
    assert refusal(await program.post(REPLIES, json=SENT)) == (422, "refused")
