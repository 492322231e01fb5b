"""Traces and the audit, as a program reads them."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest

from services.requests import id_of
from store.session import open_connection
from tests.web.api.conftest import refusal
from tests.web.pages.test_traces import NAME, NOW, failed, stored
from web.app import WebParts

TRACES, AUDIT = "/api/v1/traces", "/api/v1/audit-events"
PRODUCT = {"name": "Taza", "price": {"amount": "7990", "currency": "CLP"}}


async def test_a_request_is_found_with_its_steps_by_the_name_its_caller_gave_it(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    talk = await stored(first.store, first.shop, id_of(NAME))
    found = await program.get(f"{TRACES}/{NAME}")
    told = found.json()
    assert told["conversations"] == [str(talk)]
    names = [one["name"] for one in told["spans"]]
    assert names[:3] == ["receive", "queue", "reply"]
    assert names[-1] == "send"
    known = {"If-None-Match": found.headers["etag"]}
    assert (await program.get(f"{TRACES}/{NAME}", headers=known)).status_code == 304
    by_id = await program.get(f"{TRACES}/{told['request_id']}")
    assert by_id.json() == told
    assert refusal(await neighbour.get(f"{TRACES}/{NAME}")) == (404, "not_found")
    assert refusal(await program.get(f"{TRACES}/{uuid4()}")) == (404, "not_found")
    assert refusal(await program.get(f"{TRACES}/corto")) == (422, "invalid")


async def test_answers_are_listed_page_by_page_and_what_failed_apart(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    talk = uuid4()
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        await stored(first.store, first.shop, uuid4(), at=at, conversation=talk)
    wrong = await failed(first.store, first.shop, NOW)
    page = (await program.get(TRACES, params={"limit": 2})).json()
    rest = (await program.get(TRACES, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    moments = [one["started_at"] for one in [*page["items"], *rest["items"]]]
    assert len(moments) == 3
    assert moments == sorted(moments, reverse=True)
    faults = (await program.get(TRACES, params={"only": "failed"})).json()["items"]
    assert [one["request_id"] for one in faults] == [str(wrong)]
    assert faults[0]["error"] == "ModelUnavailable"
    assert (await program.get(TRACES, params={"only": "slow"})).json()["items"] == []
    of_talk = (await program.get(TRACES, params={"conversation": str(talk)})).json()["items"]
    assert len(of_talk) == 3
    assert (await neighbour.get(TRACES)).json()["items"] == []


@pytest.fixture
async def acted(program: httpx2.AsyncClient) -> list[str]:
    for number in range(3):
        made = await program.post("/api/v1/products", json={**PRODUCT, "sku": f"T-{number}"})
        assert made.status_code == 201
    return ["product.created"] * 3


async def test_what_programs_did_is_listed_and_narrowed_down(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, acted: list[str]
) -> None:
    page = (await program.get(AUDIT, params={"limit": 2})).json()
    rest = (await program.get(AUDIT, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    listed = [*page["items"], *rest["items"]]
    assert [one["number"] for one in listed] == [3, 2, 1]
    assert [one["action"] for one in listed] == acted
    named = (await program.get(AUDIT, params={"object": listed[0]["object"]})).json()["items"]
    assert [one["number"] for one in named] == [3]
    kind = (await program.get(AUDIT, params={"action": "person."})).json()["items"]
    assert kind == []
    early = (await program.get(AUDIT, params={"until": "2020-01-01T00:00:00Z"})).json()["items"]
    assert early == []
    other = await program.get(AUDIT, params={"cursor": page["next_cursor"], "actor": "shop"})
    assert refusal(other) == (400, "cursor_invalid")
    assert (await neighbour.get(AUDIT)).json()["items"] == []


async def test_an_entry_that_somebody_changed_is_found(
    program: httpx2.AsyncClient, acted: list[str], database_url: str
) -> None:
    place = f"{AUDIT}/verification"
    whole = (await program.get(place)).json()
    assert (whole["first"], whole["count"], whole["broken"]) == (1, len(acted), None)
    newest = (await program.get(AUDIT, params={"limit": 1})).json()["items"][0]
    assert whole["head"] == newest["hash"]
    last = (await program.get(place, params={"newest": 1})).json()
    assert (last["first"], last["count"], last["broken"]) == (3, 1, None)
    powerful = await open_connection(database_url)
    await powerful.execute("UPDATE app.audit_event SET action = 'x' WHERE number = 2")
    await powerful.close()
    assert (await program.get(place)).json()["broken"] == 2
