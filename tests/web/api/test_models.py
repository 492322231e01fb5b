"""Models, as programs register them and have them put on their server."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import update

from config.settings import Settings
from jobs.schedule import DEPLOYMENT
from store.session import Store
from store.versions import ModelVersion
from tests.flow.rollouts import add_version
from tests.learning.training import versions
from tests.web.api.conftest import refusal
from web.api.jobs import id_of
from web.api.means import Means

MODELS = "/api/v1/models"
GIVEN = {"name": "ventas-4", "provider": "openai", "model": "gpt-6-luna"}


@pytest.fixture
def means(means: Means) -> Means:
    """With a key, and the address of a server that nobody started."""
    more: dict[str, Any] = {"openai": {"key": "sk-test"}, "ollama": {"url": "http://127.0.0.1:9"}}
    known = {name: getattr(means.settings, name) for name in ("app", "redis")}
    return replace(means, settings=Settings(**known, **more))


async def test_a_model_is_registered_once(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    key = {"Idempotency-Key": "one"}
    made = await program.post(MODELS, json=GIVEN, headers=key)
    assert (made.status_code, made.json()["state"]) == (201, "candidate")
    assert (await program.get(made.headers["location"])).json()["name"] == "ventas-4"
    again = await program.post(MODELS, json=GIVEN, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    taken = await program.post(MODELS, json=GIVEN)
    same = await program.post(MODELS, json=GIVEN | {"name": "otra"})
    unfit = await program.post(MODELS, json=GIVEN | {"name": "a|b"})
    gone = await program.post(MODELS, json={"name": "x", "provider": "ollama", "model": "x"})
    point = await program.post(MODELS, json={"name": "x", "checkpoint": 3})
    assert [refusal(one) for one in (taken, same, gone, point)] == [(422, "refused")] * 4
    assert unfit.status_code == 422
    assert len(await versions(store, shop)) == 1


async def test_what_was_trained_here_is_left_to_a_worker_to_deploy(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop)
    place = f"{MODELS}/{version.id}/deployment"
    assert refusal(await program.post(place)) == (409, "conflict")
    async with store.transaction() as session:
        await session.execute(update(ModelVersion).values(parameters={"folder": "/nowhere"}))
    asked = await program.post(place)
    job = id_of(DEPLOYMENT, str(version.id))
    assert (asked.status_code, asked.json()) == (202, {"job": job, "model": str(version.id)})
    shown = (await program.get(asked.headers["location"])).json()
    assert (shown["name"], shown["status"], shown["progress"]) == ("deployment", "pending", 0.0)
    audit = (await program.get("/api/v1/audit-events")).json()["items"]
    assert "model.deploy" in {one["action"] for one in audit}


async def test_a_version_that_no_server_has_is_refused(
    program: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop)
    asked = await program.post("/api/v1/evaluations", json={"model": version.name})
    said = {"model": str(version.id), "percent": 10}
    match = {"If-Match": "*"}
    canary = await program.put("/api/v1/deployments/reply/canary", json=said, headers=match)
    assert [refusal(one) for one in (asked, canary)] == [(409, "conflict")] * 2
    assert "does not answer" in asked.json()["detail"]
    jobs = (await program.get("/api/v1/jobs")).json()["items"]
    assert [one for one in jobs if one["name"] == "evaluation"] == []
