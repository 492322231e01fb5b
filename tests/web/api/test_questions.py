"""Questions that nobody could answer, answered once by a program."""

from uuid import UUID

import httpx2
import pytest

from tests.web.api.conftest import refusal
from tests.web.pages.test_teaching import cluster, unanswered
from tests.web.rows import add_conversation
from web.app import WebParts

CLUSTERS = "/api/v1/unanswered-clusters"
ASKED = ("¿hacen envíos a Arica?", "hacen envios a arica")


@pytest.fixture
async def asked(first: WebParts) -> UUID:
    await add_conversation(first.store, first.shop)
    await unanswered(first.store, first.shop, *ASKED)
    return (await cluster(first.store, first.shop)).id


async def test_a_question_is_answered_for_all_and_taken_back(
    program: httpx2.AsyncClient, asked: UUID
) -> None:
    place = f"{CLUSTERS}/{asked}"
    (one,) = (await program.get(CLUSTERS)).json()["items"]
    assert (one["id"], one["times"], one["question"]) == (str(asked), 2, ASKED[1])
    assert [put["text"] for put in one["asked"]] == list(reversed(ASKED))
    done = await program.post(f"{place}/answer", json={"answer": "Sí, a todo el país."})
    assert done.status_code == 201
    assert (done.json()["state"], done.json()["answer"]) == ("answered", "Sí, a todo el país.")
    example = await program.get(f"/api/v1/training/conversations/{done.json()['example_id']}")
    assert (example.json()["answer"], example.json()["allowed"]) == ("Sí, a todo el país.", True)
    assert (await program.get(CLUSTERS)).json()["items"] == []
    answered = (await program.get(CLUSTERS, params={"state": "answered"})).json()["items"]
    assert [one["id"] for one in answered] == [str(asked)]
    names = [one["title"] for one in (await program.get("/api/v1/documents")).json()["items"]]
    assert names == ["Preguntas frecuentes"]
    undone = await program.post(f"{place}/reversal", json={"act": done.json()["act"]})
    assert (undone.status_code, undone.json()["state"]) == (201, "open")
    again = await program.post(f"{place}/reversal", json={"act": done.json()["act"]})
    assert refusal(again) == (409, "conflict")
    assert (await program.get("/api/v1/documents")).json()["items"] == []


async def test_a_question_is_ignored_or_names_what_the_shop_does_not_have(
    program: httpx2.AsyncClient, asked: UUID
) -> None:
    place = f"{CLUSTERS}/{asked}"
    wanted = {"decision": "missing", "product": "mochila verde"}
    missing = (await program.put(f"{place}/decision", json=wanted)).json()
    assert (missing["state"], missing["wanted"]) == ("missing", "mochila verde")
    ignored = (await program.put(f"{place}/decision", json={"decision": "ignored"})).json()
    assert ignored["state"] == "ignored"
    back = await program.post(f"{place}/reversal", json={"act": ignored["act"]})
    assert back.json()["state"] == "missing"


async def test_an_answer_with_a_price_that_nobody_asks_is_refused(
    program: httpx2.AsyncClient, asked: UUID
) -> None:
    wrong = await program.post(
        f"{CLUSTERS}/{asked}/answer", json={"answer": "Escríbeme a ana@example.com"}
    )
    told = refusal(wrong)
    assert told == (422, "refused")
    assert wrong.json()["errors"][0]["loc"] == ["body", "text"]
    empty = await program.post(f"{CLUSTERS}/{asked}/answer", json={"answer": " "})
    assert refusal(empty) == (422, "invalid")


async def test_another_shop_finds_and_decides_nothing(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, asked: UUID
) -> None:
    place = f"{CLUSTERS}/{asked}"
    done = await program.put(f"{place}/decision", json={"decision": "ignored"})
    act = done.json()["act"]
    assert (await neighbour.get(CLUSTERS)).json()["items"] == []
    refused = [
        await neighbour.get(place),
        await neighbour.post(f"{place}/answer", json={"answer": "Sí."}),
        await neighbour.put(f"{place}/decision", json={"decision": "ignored"}),
    ]
    assert [refusal(one) for one in refused] == [(404, "not_found")] * 3
    theirs = await neighbour.post(f"{place}/reversal", json={"act": act})
    assert refusal(theirs) == (409, "conflict")
    assert (await program.get(place)).json()["state"] == "ignored"
