"""No program of one shop reads, changes or even finds anything of another."""

import re

import httpx2
import pytest

from app.describing import described
from config.settings import Settings
from tests.web.api.conftest import bearer
from tests.web.api.seeds import ids, sow
from tests.web.conftest import KEY
from web.api.contract import operations
from web.app import WebParts

PART = re.compile(r"\{(\w+)\}")
WORDS = {"task": "reply", "format": "csv", "file": "dataset.csv", "job": "AAAA", "field": "name",
         "rule": "errors", "fact": "horario", "loan_number": "1000",
         "instalment_number": "1", "label": "vip"}  # fmt: skip
LISTS = {"table": "product"}
CONTRACT = described(Settings())
EVERY = [(method, path) for path, method, _ in operations(CONTRACT)]
CLOSED = [(method, path) for path, method, one in operations(CONTRACT) if "security" in one]
STREAMS = ("/events",)


def filled(path: str, first: WebParts) -> str:
    known = ids(first.shop)
    return PART.sub(
        lambda part: WORDS.get(part[1]) or LISTS.get(part[1]) or str(known[part[1]]), path
    )


@pytest.fixture
async def sown(first: WebParts) -> WebParts:
    await sow(first.store, first.shop)
    return first


async def test_nothing_of_a_shop_is_found_by_the_program_of_another(
    sown: WebParts, neighbour: httpx2.AsyncClient
) -> None:
    canary, match = str(sown.shop), {"If-Match": "*"}
    for method, path in EVERY:
        if path.endswith(STREAMS):
            continue
        answer = await neighbour.request(method, filled(path, sown), headers=match, json={})
        assert answer.status_code < 500, (method, path, answer.text)
        assert canary not in answer.text, (method, path)
        named = set(PART.findall(path)) - {"task", "table", "field", "job", "rule", "fact"}
        if named:
            assert answer.status_code in {403, 404, 409, 422}, (method, path, answer.text)


async def test_a_shop_finds_what_is_its_own(sown: WebParts, program: httpx2.AsyncClient) -> None:
    found = 0
    for method, path in EVERY:
        if method != "get" or path.endswith(STREAMS):
            continue
        answer = await program.get(filled(path, sown))
        assert answer.status_code < 500, (path, answer.text)
        found += answer.status_code == 200
    assert found > 40


async def test_without_a_key_every_address_is_closed(
    sown: WebParts, program: httpx2.AsyncClient
) -> None:
    program.headers.pop("authorization")
    for method, path in CLOSED:
        answer = await program.request(method, filled(path, sown), json={})
        assert answer.status_code == 401, (method, path)
    opened = await program.get("/api/v1/me", headers=bearer(KEY))
    assert opened.json()["role"] == "service"
