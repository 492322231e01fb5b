"""Answers to look at, as a program hands them to a reviewer; and the golden cases of a shop."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from store.ml import TrainingData
from tests.web.api.conftest import refusal
from tests.web.pages.test_teaching import unanswered
from tests.web.roles import acting
from tests.web.rows import add_conversation
from tests.web.staff import actions
from web.app import WebParts

REVIEW, CASES = "/api/v1/review", "/api/v1/golden-cases"
ASKED = ("¿hacen envíos a Arica?", "¿venden termos?", "¿abren el lunes?")
CASE: dict[str, Any] = {
    "messages": ["¿hacen envíos a Arica?"],
    "must": ["sí|claro"],
    "split": "dev",
}


@pytest.fixture
async def turns(first: WebParts, second: WebParts) -> list[UUID]:
    for parts in (first, second):
        await add_conversation(parts.store, parts.shop)
    return await unanswered(first.store, first.shop, *ASKED)


async def waiting(program: httpx2.AsyncClient, **asked: str | int) -> list[str]:
    """Page by page."""
    found, wanted = list[str](), {"limit": 2, **asked}
    while True:
        page = (await program.get(REVIEW, params=wanted)).json()
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            return found
        wanted["cursor"] = page["next_cursor"]


async def row(parts: WebParts, turn: UUID) -> TrainingData:
    async with parts.store.reading() as session:
        return await session.get_one(TrainingData, (parts.shop, turn))


async def test_a_case_is_decided_and_taken_back(
    program: httpx2.AsyncClient, first: WebParts, turns: list[UUID]
) -> None:
    one = f"{REVIEW}/{turns[0]}"
    assert await waiting(program) == [str(turn) for turn in turns]
    shown = (await program.get(one)).json()
    assert (shown["question"], shown["reason"], shown["state"]) == (
        ASKED[0], "unanswered", "pending",
    )  # fmt: skip
    said = {"decision": "done", "stars": 4, "intent": "consulta_envio"}
    key = {"Idempotency-Key": "revision-1"}
    done = await program.post(f"{one}/decisions", json=said, headers=key)
    assert done.status_code == 201
    assert (done.json()["state"], done.json()["meant"]) == ("done", "consulta_envio")
    assert done.json()["decided_by"] == "api"
    again = await program.post(f"{one}/decisions", json=said, headers=key)
    assert again.json() == done.json()
    assert refusal(await program.post(f"{one}/decisions", json=said)) == (409, "conflict")
    assert (await row(first, turns[0])).stars == 4
    assert await waiting(program) == [str(turn) for turn in turns[1:]]
    assert await waiting(program, state="done") == [str(turns[0])]

    act = {"act": done.json()["act"]}
    strange = await program.post(f"{REVIEW}/{turns[1]}/reversal", json=act)
    assert refusal(strange) == (409, "conflict")
    undone = await program.post(f"{one}/reversal", json=act)
    assert (undone.status_code, undone.json()["state"]) == (201, "pending")
    assert (await row(first, turns[0])).stars is None
    assert refusal(await program.post(f"{one}/reversal", json=act)) == (409, "conflict")
    assert "review.done" in await actions(first)


async def test_an_answer_is_added_before_the_others_and_once_for_a_key(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, turns: list[UUID]
) -> None:
    await waiting(program)
    last = str(turns[2])
    said = {"decision": "done", "stars": 4}
    assert (await program.post(f"{REVIEW}/{last}/decisions", json=said)).status_code == 201
    key = {"Idempotency-Key": "agregar-1"}

    made = await program.post(REVIEW, json={"id": last}, headers=key)

    assert (made.status_code, made.headers["location"]) == (201, f"{REVIEW}/{last}")
    told = made.json()
    assert (told["reason"], told["state"]) == ("added", "pending")
    assert await waiting(program) == [last, str(turns[0]), str(turns[1])]
    again = await program.post(REVIEW, json={"id": last}, headers=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await actions(first))[:2] == ["review.added", "review.done"]
    assert refusal(await neighbour.post(REVIEW, json={"id": last})) == (404, "not_found")
    assert refusal(await program.post(REVIEW, json={})) == (422, "invalid")


async def test_a_case_is_put_away_or_comes_back_later(
    program: httpx2.AsyncClient, turns: list[UUID]
) -> None:
    await waiting(program)
    skipped = await program.post(f"{REVIEW}/{turns[0]}/decisions", json={"decision": "skipped"})
    assert (skipped.json()["state"], skipped.json()["act"]) == ("pending", None)
    assert await waiting(program) == [str(turns[1]), str(turns[2]), str(turns[0])]
    for turn, decision in ((turns[1], "draft"), (turns[2], "discarded")):
        answer = await program.post(f"{REVIEW}/{turn}/decisions", json={"decision": decision})
        assert answer.json()["state"] == decision
        assert await waiting(program, state=decision) == [str(turn)]


async def test_a_better_answer_is_checked(
    program: httpx2.AsyncClient, first: WebParts, turns: list[UUID]
) -> None:
    await waiting(program)
    place = f"{REVIEW}/{turns[0]}/decisions"
    said = {"decision": "done", "better": "Cuesta $1.234."}
    wrong = await program.post(place, json=said)
    assert refusal(wrong) == (422, "refused")
    assert wrong.json()["errors"]
    assert (await row(first, turns[0])).correction is None
    assert (await program.post(place, json=said | {"sure": True})).status_code == 201
    assert (await row(first, turns[0])).correction == "Cuesta $1.234."
    strange = await program.post(place, json={"decision": "done", "intent": "nada"})
    assert refusal(strange) == (422, "refused")
    for odd in ({}, {"decision": "sold"}, {"decision": "done", "stars": 6}):
        assert refusal(await program.post(place, json=odd)) == (422, "invalid")


async def test_one_that_somebody_works_at_is_theirs(
    program: httpx2.AsyncClient, first: WebParts, turns: list[UUID]
) -> None:
    """Whoever has an account shuts the key out that opened until then."""
    await waiting(program)
    async with acting(first, "owner") as owner, acting(first, "admin") as other:
        assert ASKED[0] in (await owner.get("/revisar")).text
        listed = (await other.get(REVIEW)).json()["items"]
        assert [one["claimed_by"] for one in listed] == ["owner", None, None]
        place = f"{REVIEW}/{turns[0]}/decisions"
        taken = await other.post(place, json={"decision": "skipped"})
        assert refusal(taken) == (409, "conflict")
        assert (await owner.post(place, json={"decision": "discarded"})).status_code == 201


async def test_no_other_shop_finds_a_case(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, turns: list[UUID]
) -> None:
    await waiting(program)
    assert await waiting(neighbour) == []
    one, act = f"{REVIEW}/{turns[0]}", {"act": str(turns[0])}
    assert refusal(await neighbour.get(one)) == (404, "not_found")
    decided = await neighbour.post(f"{one}/decisions", json={"decision": "done"})
    assert refusal(decided) == (404, "not_found")
    assert refusal(await neighbour.post(f"{one}/reversal", json=act)) == (409, "conflict")


async def test_an_answer_becomes_a_golden_case(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, turns: list[UUID]
) -> None:
    said = {"reply": str(turns[0]), "must": ["sí|claro"]}
    made = await program.post(CASES, json=said)
    told = made.json()
    assert (made.status_code, ASKED[0] in told["messages"]) == (201, True)
    assert (told["training_id"], told["name"]) == (str(turns[0]), f"shop:{turns[0]}")
    again = await program.post(CASES, json=said | {"must": ["no"]})
    assert (again.json()["id"], again.json()["expected"]["must"]) == (told["id"], ["no"])
    assert refusal(await neighbour.post(CASES, json=said)) == (404, "not_found")
    talk = said | {"reply": str(first.shop)}
    assert refusal(await program.post(CASES, json=talk)) == (404, "not_found")
    assert refusal(await program.post(CASES, json=CASE | said)) == (422, "invalid")


async def test_golden_cases_of_the_pack_and_of_the_shop(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    brought = (await program.get(CASES, params={"limit": 200})).json()["items"]
    assert {one["origin"] for one in brought} == {"pack"}
    made = await program.post(CASES, json=CASE | {"messages": ["soy ana@correo.cl, ¿hay?"]})
    one, told = made.headers["location"], made.json()
    assert (told["origin"], told["split"], told["added_by"]) == ("shop", "dev", "api")
    assert "ana@correo.cl" not in told["messages"][0]
    assert told["expected"]["must"] == ["sí|claro"]
    assert refusal(await program.put(one, json=CASE)) == (428, "if_match_needed")
    match = {"If-Match": made.headers["etag"]}
    changed = await program.put(one, json=CASE | {"unknown": True}, headers=match)
    assert (changed.json()["id"], changed.json()["expected"]["unknown"]) == (told["id"], True)
    assert refusal(await program.delete(one, headers=match)) == (412, "stale")
    listed = (await program.get(CASES, params={"limit": 200})).json()["items"]
    assert len(listed) == len(brought) + 1
    await neighbour.get(CASES)
    for method in ("GET", "PUT", "DELETE"):
        lost = await neighbour.request(method, one, json=CASE, headers={"If-Match": "*"})
        assert refusal(lost) == (404, "not_found")

    pack = await program.delete(f"{CASES}/{brought[0]['id']}", headers={"If-Match": "*"})
    assert refusal(pack) == (422, "refused")
    fresh = {"If-Match": changed.headers["etag"]}
    assert (await program.delete(one, headers=fresh)).status_code == 204
    assert not (await program.get(one)).json()["active"]
    assert len((await program.get(CASES, params={"limit": 200})).json()["items"]) == len(brought)
    assert await actions(first) == ["case.remove", "case.keep", "case.keep"]
    for odd in (CASE | {"must": []}, CASE | {"intent": "nada"}):
        assert refusal(await program.post(CASES, json=odd)) == (422, "refused"), odd
    for odd in ({}, CASE | {"messages": []}, CASE | {"messages": [" "]}, CASE | {"more": 1}):
        assert refusal(await program.post(CASES, json=odd)) == (422, "invalid"), odd
