"""What every resource of the API has in common."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.web.api.conftest import asking, bearer, refusal
from tests.web.conftest import KEY, served
from web.api.allowance import MINUTE_MS
from web.app import WebParts

PRODUCTS = "/api/v1/products"
BAG: dict[str, Any] = {
    "sku": "MOCH-1",
    "name": "Mochila",
    "price": {"amount": "24990", "currency": "CLP"},
}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def test_a_request_is_named_by_its_caller_or_by_us(program: httpx2.AsyncClient) -> None:
    given = await program.get(PRODUCTS, headers={"X-Request-ID": "pedido-0001"})
    assert given.headers["x-request-id"] == "pedido-0001"
    for odd in ("corto", "x" * 65, "con espacio y mas", "ñandú-ñandú"):
        made = await program.get(PRODUCTS, headers={b"X-Request-ID": odd.encode()})
        assert made.headers["x-request-id"] not in {odd, ""}
        assert len(made.headers["x-request-id"]) == 36


async def test_a_request_that_is_repeated_is_answered_again_and_done_once(
    program: httpx2.AsyncClient,
) -> None:
    again = key()
    first = await program.post(PRODUCTS, json=BAG, headers=again)
    assert first.status_code == 201
    assert "idempotent-replayed" not in first.headers
    second = await program.post(PRODUCTS, json=BAG, headers=again)
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["location"] == first.headers["location"]
    other = await program.post(PRODUCTS, json={**BAG, "stock": 9}, headers=again)
    assert refusal(other) == (409, "idempotency_key_reused")
    assert len((await program.get(PRODUCTS)).json()["items"]) == 1


async def test_a_refusal_is_not_kept_under_its_key(program: httpx2.AsyncClient) -> None:
    again = key()
    wrong = {**BAG, "price": {"amount": "1", "currency": "USD"}}
    assert refusal(await program.post(PRODUCTS, json=wrong, headers=again))[0] == 422
    assert (await program.post(PRODUCTS, json=BAG, headers=again)).status_code == 201


async def test_of_requests_at_once_one_is_done(program: httpx2.AsyncClient) -> None:
    again = key()
    asked = (program.post(PRODUCTS, json=BAG, headers=again) for _ in range(5))
    answers = await asyncio.gather(*asked)
    assert {one.status_code for one in answers} <= {201, 409}
    for late in (one for one in answers if one.status_code == 409):
        assert refusal(late) == (409, "in_flight")
        assert late.headers["retry-after"] == "1"
    assert len((await program.get(PRODUCTS)).json()["items"]) == 1


async def test_a_key_of_one_shop_is_nothing_to_another(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    again = key()
    mine = await program.post(PRODUCTS, json=BAG, headers=again)
    theirs = await neighbour.post(PRODUCTS, json=BAG, headers=again)
    assert theirs.status_code == 201
    assert "idempotent-replayed" not in theirs.headers
    assert theirs.json()["id"] != mine.json()["id"]


async def test_an_address_says_everything_it_can_do(program: httpx2.AsyncClient) -> None:
    new = await program.post(PRODUCTS, json=BAG)
    refused = await program.patch(new.headers["location"], json={})
    assert refusal(refused) == (405, "method_not_allowed")
    assert refused.headers["allow"] == "DELETE, GET, HEAD, PUT"
    assert refusal(await program.get("/api/v1/nada")) == (404, "not_found")
    assert refusal(await program.get("/api/nada")) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {}, {**BAG, "more": 1}, {**BAG, "name": ""}, {**BAG, "name": "a\x00b"},
        {**BAG, "stock": -1},
        {**BAG, "name": "x" * 201}, {**BAG, "price": {"amount": "1e5", "currency": "CLP"}},
        {**BAG, "price": 24990}, {**BAG, "keywords": ["x"] * 51}, [], "hola",
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_named(program: httpx2.AsyncClient, body: object) -> None:
    answer = await program.post(PRODUCTS, json=body)
    assert refusal(answer) == (422, "invalid")
    assert all({"loc", "msg", "type"} == one.keys() for one in answer.json()["errors"])


async def test_too_large_a_body_is_told_as_a_problem(program: httpx2.AsyncClient) -> None:
    answer = await program.post(PRODUCTS, content=b"x" * (1024**2 + 1))
    assert refusal(answer) == (413, "too_large")
    stranger = await program.get(PRODUCTS, headers={"Host": "evil.example"})
    assert refusal(stranger) == (400, "bad_request")


@pytest.mark.parametrize("path", [PRODUCTS, "/nlu/parse", "/api/v1/ai/training/conversaciones"])
async def test_a_body_that_tells_no_length_is_stopped_on_its_way(
    first: WebParts, path: str
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    head = {**bearer(KEY), "Content-Type": "application/json"}
    async with served(first) as address, httpx2.AsyncClient(base_url=address) as client:
        answer = await client.post(path, content=endless(), headers=head)
    assert refusal(answer) == (413, "too_large")


async def test_who_asks_too_much_waits(first: WebParts) -> None:
    async with asking(replace(first, api_per_minute=3)) as program:
        answers = [await program.get(PRODUCTS) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert refusal(answers[3]) == (429, "too_many")
    assert answers[0].headers["ratelimit-policy"] == '"minute";q=3;w=60'
    assert answers[0].headers["ratelimit"].startswith('"minute";r=2;t=')
    assert 1 <= int(answers[3].headers["retry-after"]) <= MINUTE_MS / 3 / 1000 + 1


async def test_who_shows_no_key_or_a_wrong_one_reads_nothing(program: httpx2.AsyncClient) -> None:
    for wrong in ("", "Bearer", "Bearer no", "Basic no", "Bearer bk_live_x_y"):
        answer = await program.get(PRODUCTS, headers={"Authorization": wrong})
        assert refusal(answer) == (401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"
