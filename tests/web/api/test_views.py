"""Views are kept by a person for themselves, whether on a page or by a program of theirs."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx2
import pytest

from tests.web.api.conftest import refusal
from tests.web.roles import acting
from web.api.views import Page
from web.app import WebParts
from web.views import PAGES

VIEWS = "/api/v1/views"
SALES: dict[str, Any] = {"page": "/conversaciones", "name": "Ventas", "filters": {"venta": "si"}}


@pytest.fixture
async def seller(first: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with acting(first, "seller") as client:
        yield client


async def test_a_view_is_kept_listed_shown_on_its_page_and_removed(
    seller: httpx2.AsyncClient,
) -> None:
    made = await seller.post(VIEWS, json=SALES)
    assert made.status_code == 201
    other = SALES | {"page": "/clientes", "name": "Ana", "filters": {"q": "ana"}}
    assert (await seller.post(VIEWS, json=other)).status_code == 201

    assert [one["name"] for one in (await seller.get(VIEWS)).json()["items"]] == ["Ana", "Ventas"]
    wanted = {"page": "/conversaciones"}
    assert (await seller.get(VIEWS, params=wanted)).json()["items"] == [made.json()]
    assert 'href="/conversaciones?venta=si"' in (await seller.get("/conversaciones")).text

    again = await seller.post(VIEWS, json=SALES | {"filters": {"venta": "no", "ver": "todas"}})
    assert (again.json()["id"], again.json()["filters"]) == (made.json()["id"], {"venta": "no"})
    one = f"{VIEWS}/{made.json()['id']}"
    assert (await seller.delete(one)).status_code == 204
    assert refusal(await seller.delete(one)) == (404, "not_found")


async def test_nobody_elses_views_are_seen_or_removed_and_a_key_has_none(
    seller: httpx2.AsyncClient, first: WebParts, program: httpx2.AsyncClient
) -> None:
    assert refusal(await program.get(VIEWS)) == (403, "forbidden")
    assert refusal(await program.post(VIEWS, json=SALES)) == (403, "forbidden")
    assert refusal(await program.delete(f"{VIEWS}/{first.shop}")) == (403, "forbidden")
    made = (await seller.post(VIEWS, json=SALES)).json()
    async with acting(first, "owner") as other:
        assert (await other.get(VIEWS)).json()["items"] == []
        assert refusal(await other.delete(f"{VIEWS}/{made['id']}")) == (404, "not_found")


async def test_what_asks_for_nothing_or_may_not_be_seen_is_refused(
    seller: httpx2.AsyncClient,
) -> None:
    for odd in ({"ver": "todas"}, {"color": "rojo"}, {"venta": " "}):
        assert refusal(await seller.post(VIEWS, json=SALES | {"filters": odd})) == (422, "refused")
    strange: list[dict[str, Any]] = [{"filters": {}}, {"page": "/pedidos"}, {"name": " "}]
    for one in strange:
        assert refusal(await seller.post(VIEWS, json=SALES | one)) == (422, "invalid")
    traces = SALES | {"page": "/admin/trazas", "filters": {"ver": "lentas"}}
    assert refusal(await seller.post(VIEWS, json=traces)) == (403, "forbidden")
    for number in range(20):
        named = SALES | {"name": f"vista {number}"}
        assert (await seller.post(VIEWS, json=named)).status_code == 201
    assert refusal(await seller.post(VIEWS, json=SALES)) == (422, "refused")


def test_every_list_that_can_be_kept_is_known() -> None:
    assert set(get_args(Page)) == set(PAGES)
