"""A lender's risks by the API: whose they are, who looked, and what a person made of them."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from prediction.model import encoded
from store import risk_models
from store.audit import Wanted, events
from tests.web.api.conftest import asking, bearer, refusal
from tests.web.lenders import TODAY, Lender, a_model
from tests.web.staff import a_key
from web.app import WebParts

MANY = "/api/v1/risk/predictions"
MODELS = "/api/v1/risk/models"
REVIEW = {"outcome": "corrected", "note": "El pago de mayo faltaba.", "reviewer": "Eva Rojas"}


@pytest.fixture
async def lender(first: WebParts) -> Lender:
    found = Lender(first.store, first.shop)
    await found.lends(*(f"Persona {n}" for n in range(5)))
    return found


async def foretold(lender: Lender) -> list[UUID]:
    model = await lender.trains()
    return [await lender.foretells(model, place, 0.1 + place * 0.15) for place in range(5)]


async def noted(parts: WebParts) -> list[tuple[str, str]]:
    async with parts.store.tenant(parts.shop) as session:
        found = await events(session, parts.shop, Wanted(action="risk."))
    return [(one.action, one.actor.partition(":")[0]) for one in found]


async def test_pages_of_predictions_hold_each_of_them_once_the_likeliest_first(
    program: httpx2.AsyncClient, lender: Lender
) -> None:
    await foretold(lender)
    seen: list[Any] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await program.get(MANY, params=query)).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert [one["loan"] for one in seen] == ["1004", "1003", "1002", "1001", "1000"]
    first = seen[0]
    assert (first["probability"], first["kind"], first["current"]) == (0.7, "loan", True)
    assert first["factors"][0]["words"].startswith("pagó con atraso")
    assert (first["client"], first["as_of"]) == ("C-4", TODAY.isoformat())


async def test_predictions_are_filtered(program: httpx2.AsyncClient, lender: Lender) -> None:
    await foretold(lender)

    async def loans(**query: Any) -> list[str]:  # noqa: ANN401  of an address
        found = (await program.get(MANY, params=query)).json()["items"]
        return [one["loan"] for one in found]

    assert await loans(at_least=0.5) == ["1004", "1003"]
    assert await loans(client="c-2") == ["1002"]
    assert await loans(loan="1001") == ["1001"]
    assert await loans(loan="9999") == []
    assert await loans(kind="instalment") == []


async def test_who_reads_whose_risk_is_written_down(
    first: WebParts, program: httpx2.AsyncClient, lender: Lender
) -> None:
    one = (await foretold(lender))[0]
    await program.get(MANY)
    told = await program.get(f"{MANY}/{one}")
    again = await program.get(f"{MANY}/{one}", headers={"If-None-Match": told.headers["etag"]})
    assert again.status_code == 304
    assert [name for name, _ in await noted(first)] == ["risk.seen", "risk.seen", "risk.listed"]


async def test_one_loan_and_one_instalment_are_found_by_their_numbers(
    first: WebParts, program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, lender: Lender
) -> None:
    loans, plans = await lender.trains(), await lender.trains("instalment")
    await lender.foretells(loans, 2, 0.9, days_ago=1)
    await lender.foretells(loans, 2, 0.4)
    await lender.foretells(plans, 2, 0.2)
    loan = await program.get("/api/v1/risk/loans/1002")
    assert (loan.json()["probability"], loan.json()["kind"]) == (0.4, "loan")
    assert loan.json()["factors"][0]["words"].startswith("pagó con atraso")
    known = {"If-None-Match": loan.headers["etag"]}
    assert (await program.get("/api/v1/risk/loans/1002", headers=known)).status_code == 304
    plan = (await program.get("/api/v1/risk/loans/1002/instalments/1")).json()
    assert (plan["probability"], plan["instalment"]) == (0.2, 1)
    for path in ("loans/9999", "loans/1001", "loans/1002/instalments/2"):
        assert refusal(await program.get(f"/api/v1/risk/{path}")) == (404, "not_found"), path
    assert refusal(await neighbour.get("/api/v1/risk/loans/1002")) == (404, "not_found")
    assert [name for name, _ in await noted(first)] == ["risk.seen"] * 3


async def test_a_review_is_a_persons(
    first: WebParts, program: httpx2.AsyncClient, lender: Lender
) -> None:
    one = (await foretold(lender))[2]
    nobody = {name: REVIEW[name] for name in ("outcome", "note")}
    refused = await program.post(f"{MANY}/{one}/reviews", json=nobody)
    assert refusal(refused) == (422, "refused")
    made = await program.post(f"{MANY}/{one}/reviews", json=REVIEW)
    assert made.status_code == 201
    assert made.json()["by"].startswith("Eva Rojas (")
    assert made.json()["probability"] == pytest.approx(0.4)
    listed = (await program.get(f"{MANY}/{one}/reviews")).json()["items"]
    assert listed == [made.json()]
    assert (await program.get(f"{MANY}/{one}")).json()["reviewed"] == "corrected"
    assert ("risk.reviewed", "shop") in await noted(first)


async def test_a_model_is_shown_with_its_drift_and_its_card_and_can_be_used(
    program: httpx2.AsyncClient, lender: Lender
) -> None:
    before, model = await lender.trains(), await lender.trains()
    async with lender.store.transaction() as session:
        psi = {"late_share": 0.31, "score": 0.02}
        await risk_models.note_drift(session, lender.shop, model.id, TODAY, psi)
    listed = (await program.get(MODELS, params={"kind": "loan"})).json()["items"]
    assert {one["version"]: one["active"] for one in listed} == {1: False, 2: True}
    whole = (await program.get(f"{MODELS}/{model.id}")).json()
    assert [one["feature"] for one in whole["drift"]] == ["score", "late_share"]
    assert whole["drift"][1] == {
        "feature": "late_share", "psi": 0.31, "day": TODAY.isoformat(), "shift": "changed",
    }  # fmt: skip
    assert whole["metrics"]["cases"] == encoded(a_model())["metrics"]["cases"]
    card = await program.get(f"{MODELS}/{model.id}/card")
    assert card.headers["content-type"].startswith("text/markdown")
    assert card.text.startswith("# Ficha del modelo")
    used = await program.post(f"{MODELS}/{before.id}/activation")
    assert (used.status_code, used.json()["active"]) == (200, True)
    assert (await program.get(f"{MODELS}/{model.id}")).json()["active"] is False


async def test_training_and_asking_are_left_to_a_worker(
    first: WebParts, program: httpx2.AsyncClient, lender: Lender
) -> None:
    for path, body in ((MODELS, {"kind": "loan"}), (MANY, None)):
        asked = await program.post(path, json=body)
        assert asked.status_code == 202, asked.text
        job = await program.get(asked.headers["location"])
        assert job.json()["status"] == "pending"
    assert [name for name, _ in await noted(first)] == ["risk.predict", "risk.train"]


async def test_where_nothing_is_lent_nothing_is_trained(program: httpx2.AsyncClient) -> None:
    assert refusal(await program.post(MODELS, json={"kind": "loan"})) == (409, "conflict")
    assert (await program.get(MANY)).json()["items"] == []


async def test_no_shop_finds_the_risks_of_another(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, lender: Lender
) -> None:
    one = (await foretold(lender))[0]
    model = (await program.get(MODELS)).json()["items"][0]["id"]
    assert (await neighbour.get(MANY)).json()["items"] == []
    assert (await neighbour.get(MODELS)).json()["items"] == []
    for answer in (
        await neighbour.get(f"{MANY}/{one}"),
        await neighbour.get(f"{MANY}/{one}/reviews"),
        await neighbour.post(f"{MANY}/{one}/reviews", json=REVIEW),
        await neighbour.get(f"{MODELS}/{model}"),
        await neighbour.get(f"{MODELS}/{model}/card"),
        await neighbour.post(f"{MODELS}/{model}/activation"),
    ):
        assert refusal(answer) == (404, "not_found")


async def test_a_key_needs_the_scope(first: WebParts, lender: Lender) -> None:
    async with asking(first) as client:
        for scope, may in (("risk", True), ("reading", False), ("training", False)):
            key = bearer(await a_key(first, [scope]))
            answer = await client.get(MANY, headers=key)
            assert answer.status_code == (200 if may else 403), scope
