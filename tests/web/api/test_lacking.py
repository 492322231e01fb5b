"""Whoever may not do something reads what they lack."""

from dataclasses import replace

import httpx2
import pytest

from tests.web.api.conftest import asking, bearer, refusal
from tests.web.staff import a_key, staff
from web.app import WebParts

KEYS, MEMBERS = "/api/v1/api-keys", "/api/v1/members"


async def detail(client: httpx2.AsyncClient, path: str, **given: str) -> str:
    answer = await client.get(path, headers=given)
    assert refusal(answer) == (403, "forbidden")
    said: str = answer.json()["detail"]
    return said


async def test_a_key_reads_which_scope_it_needs(first: WebParts) -> None:
    narrow = bearer(await a_key(first, ["risk"]))
    async with asking(replace(first)) as client:
        said = await detail(client, "/api/v1/models", **narrow)
        alone = await detail(client, "/api/v1/traces", **narrow)
        never = await detail(client, KEYS, **narrow)
    assert "model.read" in said
    assert "scope reading, rollout, training or model.read alone" in said
    assert "scope trace.read have it" in alone
    assert "no key has" in never
    assert "(admin, owner)" in never


@pytest.mark.parametrize(("role", "path"), [("seller", MEMBERS), ("viewer", KEYS)])
async def test_a_person_reads_which_role_it_takes(first: WebParts, role: str, path: str) -> None:
    async with staff(first, role) as client:
        said = await detail(client, path)
    assert "the roles admin, owner have" in said
    assert f"you are {role}" in said


async def test_a_key_of_more_than_its_maker_has_is_refused_by_name(first: WebParts) -> None:
    async with staff(first, "owner") as client:
        wanted = {"name": "caja", "scopes": ["training", "reading"]}
        made = await client.post(KEYS, json=wanted, headers={"Sec-Fetch-Site": "same-origin"})
    assert refusal(made) == (403, "forbidden")
    assert "you lack evaluation.read, evaluation.write, training.write" in made.json()["detail"]
