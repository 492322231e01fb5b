"""Who answers customers and what understands them, as programs decide it."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from config.settings import Settings
from handlers.learned import Classifiers
from nlu.classifier import unpacked
from store import nlu
from store.session import Store
from tests.flow.rollouts import add_version
from tests.handlers.test_learned import taught
from tests.web.api.conftest import refusal
from web.api.means import Means
from web.app import WebParts

REPLY, NLU = "/api/v1/deployments/reply", "/api/v1/deployments/nlu"
ANY = {"If-Match": "*"}
OWN = {"errors": 0.02, "slow_ms": 3000}


@pytest.fixture
def means(means: Means) -> Means:
    known = {name: getattr(means.settings, name) for name in ("app", "redis")}
    return replace(means, settings=Settings(**known, openai={"key": "sk-test"}))  # type: ignore[arg-type]


async def canary(program: httpx2.AsyncClient, version: UUID, **said: Any) -> httpx2.Response:  # noqa: ANN401
    body = {"model": str(version), "percent": 10, **said}
    return await program.put(f"{REPLY}/canary", json=body, headers=ANY)


async def test_a_version_without_gates_is_tried_by_whoever_says_why(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = (await add_version(store, shop, provider="openai")).id
    refused = await canary(program, version)
    assert refusal(refused) == (409, "conflict")
    assert "it was never evaluated" in refused.json()["detail"]
    assert "force and a reason" in refused.json()["detail"]
    assert refusal(await canary(program, version, force=True)) == (422, "invalid")
    assert refusal(await canary(program, version, force=True, reason=" ")) == (422, "invalid")
    begun = await canary(program, version, force=True, reason="de noche, con pocos")
    assert (begun.status_code, begun.json()["rollout"]["forced"]) == (200, True)
    audit = (await program.get("/api/v1/audit-events")).json()["items"][0]
    assert (audit["after"]["forced"], audit["after"]["reason"]) == (True, "de noche, con pocos")


async def test_a_rollout_gets_limits_of_its_own_and_keeps_them(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = (await add_version(store, shop, provider="openai")).id
    forced = {"force": True, "reason": "prueba"}
    begun = await canary(program, version, **forced, guards=OWN)
    usual = {
        "leaks": 1, "invented": 2, "off_policy": 0.015, "slow": 0.05, "handover": 0.02,
        "latency_share": 0.2, "latency_ms": 300,
    }  # fmt: skip
    assert begun.json()["rollout"]["guards"] == usual | OWN
    audit = (await program.get("/api/v1/audit-events")).json()["items"][0]
    assert audit["after"]["guards"] == "errors 0.02, slow_ms 3000"
    on = await canary(program, version, percent=25)
    assert (on.json()["rollout"]["percent"], on.json()["rollout"]["guards"]) == (25, usual | OWN)
    back = await canary(program, version, percent=25, guards={})
    assert back.json()["rollout"]["guards"] == usual | {"errors": 0.05, "slow_ms": 3500}


async def test_one_in_the_shadow_gets_other_limits_and_stays_there(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = (await add_version(store, shop, provider="openai")).id
    await canary(program, version, percent=0, force=True, reason="prueba")
    given = {"percent": 0, "guards": {"handover": 0, "latency_ms": 500}}
    limited = await canary(program, version, **given, reason="más estricto")
    assert limited.status_code == 200
    shown = limited.json()["rollout"]
    assert (shown["state"], shown["percent"], shown["stage"]) == ("shadow", 0, 1)
    assert (shown["guards"]["handover"], shown["guards"]["latency_ms"]) == (0, 500)
    audit = (await program.get("/api/v1/audit-events")).json()["items"]
    told = audit[0]["after"]
    assert (told["guards"], told["reason"]) == ("handover 0, latency_ms 500", "más estricto")
    again = await canary(program, version, percent=0)
    assert (again.status_code, again.json()["rollout"]["guards"]) == (200, shown["guards"])
    assert len((await program.get("/api/v1/audit-events")).json()["items"]) == len(audit)


async def test_of_several_who_decide_at_once_one_does(
    program: httpx2.AsyncClient, first: WebParts, store: Store, shop: UUID
) -> None:
    version = (await add_version(store, shop, provider="openai")).id
    await canary(program, version, force=True, reason="prueba")
    known = {"If-Match": (await program.get(REPLY)).headers["etag"]}
    asked = [
        program.put(f"{REPLY}/canary", json={"model": str(version), "percent": n}, headers=known)
        for n in (20, 30, 40)
    ]
    answers = sorted(one.status_code for one in await asyncio.gather(*asked))
    assert answers[0] == 200
    assert set(answers[1:]) <= {409, 412}

    async with first.store.tenant(first.shop) as session:
        for number in range(3):
            await nlu.keep_model(session, first.shop, "ventas", taught() + b" " * number, {})
    known = {"If-Match": (await program.get(NLU)).headers["etag"]}
    asked = [program.put(NLU, json={"active": n}, headers=known) for n in (1, 2, None)]
    assert sorted(one.status_code for one in await asyncio.gather(*asked)) == [200, 412, 412]


@pytest.mark.parametrize(
    "odd",
    [
        {"errors": 0}, {"errors": 1}, {"leaks": 0}, {"slow_ms": 1.5}, {"more": 1}, 3,
        {"handover": 1}, {"latency_share": -0.1}, {"latency_ms": -1},
    ],
)  # fmt: skip
async def test_limits_that_cannot_be_are_refused(program: httpx2.AsyncClient, odd: object) -> None:
    assert refusal(await canary(program, uuid4(), guards=odd)) == (422, "invalid")


async def test_a_classifier_is_activated_and_taken_back(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    alone = await program.get(NLU)
    assert (alone.json()["active"], alone.json()["versions"]) == (None, [])
    none = await program.put(NLU, json={"active": 1}, headers=ANY)
    assert refusal(none) == (422, "refused")
    assert "main.py nlu train" in none.json()["detail"]
    async with first.store.tenant(first.shop) as session:
        await nlu.keep_model(session, first.shop, "ventas", taught(), {"count": 7})
        await nlu.keep_model(session, first.shop, "ventas", taught() + b" ", {})
        await nlu.keep_model(session, first.shop, "otro", taught("otro"), {})
    now = await program.get(NLU)
    assert (now.json()["active"], [one["version"] for one in now.json()["versions"]]) == (
        3,
        [3, 2, 1],
    )
    assert refusal(await program.put(NLU, json={"active": 1})) == (428, "if_match_needed")
    match = {"If-Match": now.headers["etag"]}
    done = await program.put(NLU, json={"active": 1, "reason": "la de antes"}, headers=match)
    assert (done.status_code, done.json()["active"]) == (200, 1)
    assert refusal(await program.put(NLU, json={"active": 1}, headers=match)) == (412, "stale")
    other = await program.put(NLU, json={"active": 3}, headers=ANY)
    assert refusal(other) == (409, "conflict")
    assert "otro" in other.json()["detail"]
    own = (await Classifiers(first.store, pack=first.pack).of(first.shop)).classifier
    assert own is not None
    assert own.header == unpacked(taught()).header
    back = await program.post(f"{NLU}/rollbacks", json={"reason": "entiende menos"})
    assert (back.status_code, back.json()["active"]) == (201, None)
    again = await program.post(f"{NLU}/rollbacks", json={"reason": "otra vez"})
    assert refusal(again) == (409, "conflict")
    async with first.store.tenant(first.shop) as session:
        await nlu.keep_model(session, first.shop, "ventas", taught() + b"  ", {})
    assert (await program.put(NLU, json={"active": 4}, headers=ANY)).status_code == 200
    former = await program.post(f"{NLU}/rollbacks", json={"reason": "la otra no es de aquí"})
    assert (former.status_code, former.json()["active"]) == (201, 2)
    assert (await neighbour.get(NLU)).json()["versions"] == []
    audit = (await program.get("/api/v1/audit-events")).json()["items"]
    assert [one["action"] for one in audit] == ["classifier.activated"] * 4
    assert audit[3]["after"] == {"version": 1, "reason": "la de antes"}


async def test_what_cannot_be_deployed_says_what_can(program: httpx2.AsyncClient) -> None:
    for asked in (
        await program.put(f"{NLU}/canary", json={"model": str(uuid4()), "percent": 10}),
        await program.delete(f"{NLU}/canary"),
    ):
        assert refusal(asked) == (409, "conflict")
        assert "PUT /api/v1/deployments/nlu" in asked.json()["detail"]
    unknown = await program.get("/api/v1/deployments/style")
    assert refusal(unknown) == (422, "invalid")
    assert "'reply'" in unknown.json()["errors"][0]["msg"]
    place = f"/training/fine-tuning/models/{uuid4()}/activate"
    assert refusal(await program.post(place)) == (404, "not_found")
