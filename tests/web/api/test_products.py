"""The catalogue by the API: versions, refusals, and whose products they are."""

from typing import Any
from uuid import uuid4

import httpx2

from tests.web.api.conftest import refusal

MANY = "/api/v1/products"
BAG: dict[str, Any] = {
    "sku": "MOCH-1",
    "name": "Mochila",
    "price": {"amount": "24990", "currency": "CLP"},
    "stock": 3,
}


async def made(program: httpx2.AsyncClient, **other: object) -> httpx2.Response:
    answer = await program.post(MANY, json={**BAG, **other})
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_product_is_made_read_changed_and_removed(program: httpx2.AsyncClient) -> None:
    new = await made(program)
    where, tag = new.headers["location"], new.headers["etag"]
    assert (await program.get(where)).json() == new.json()
    known = await program.get(where, headers={"If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")

    cheaper = {**BAG, "price": {"amount": "19990", "currency": "CLP"}}
    del cheaper["sku"]
    changed = await program.put(where, json=cheaper, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["price"]["amount"]) == (200, "19990")
    stale = await program.put(where, json=cheaper, headers={"If-Match": tag})
    assert refusal(stale) == (412, "stale")
    assert refusal(await program.put(where, json=cheaper)) == (428, "if_match_needed")

    gone = await program.delete(where, headers={"If-Match": changed.headers["etag"]})
    assert gone.status_code == 204
    assert (await program.get(where)).json()["active"] is False


async def test_one_sku_is_one_product(program: httpx2.AsyncClient) -> None:
    await made(program)
    assert refusal(await program.post(MANY, json=BAG)) == (409, "conflict")


async def test_prices_are_in_the_money_of_the_shop(program: httpx2.AsyncClient) -> None:
    for price in (
        {"amount": "10", "currency": "USD"},
        {"amount": "10.5", "currency": "CLP"},
    ):
        assert refusal(await program.post(MANY, json={**BAG, "price": price})) == (422, "refused")


async def test_pages_of_products_hold_each_of_them_once(program: httpx2.AsyncClient) -> None:
    for number in range(7):
        await made(program, sku=f"SKU-{number}")
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = (await program.get(MANY, params=query)).json()
        seen += [one["sku"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [f"SKU-{number}" for number in range(7)]


async def test_a_cursor_serves_its_own_list_alone(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    for number in range(3):
        await made(program, sku=f"SKU-{number}")
    cursor = (await program.get(MANY, params={"limit": 1})).json()["next_cursor"]
    for query in ({"cursor": cursor, "active": True}, {"cursor": "AAAA"}, {"cursor": cursor[:-2]}):
        refused = await program.get(MANY, params=query)
        assert refusal(refused) == (400, "cursor_invalid")
    assert refusal(await neighbour.get(MANY, params={"cursor": cursor})) == (400, "cursor_invalid")


async def test_no_shop_sees_the_products_of_another(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    new = await made(program)
    where, match = new.headers["location"], {"If-Match": new.headers["etag"]}
    assert (await neighbour.get(MANY)).json()["items"] == []
    body = {name: value for name, value in BAG.items() if name != "sku"}
    for answer in (
        await neighbour.get(where),
        await neighbour.put(where, json=body, headers=match),
        await neighbour.delete(where, headers=match),
    ):
        assert refusal(answer) == (404, "not_found")
    assert (await program.get(where)).json() == new.json()


async def test_an_import_that_there_is_not_is_not_found(program: httpx2.AsyncClient) -> None:
    refused = await program.post(f"/api/v1/product-imports/{uuid4()}/reversal", json={})
    assert refusal(refused) == (404, "not_found")
