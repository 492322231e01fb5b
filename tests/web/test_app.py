"""What holds for every page: who may open it, and what its answer carries."""

import re

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tests.web.conftest import KEY, asking
from web.app import WebParts, build
from web.routing import PUBLIC
from web.shield import HEADERS


def path_of(route: BaseRoute) -> str:
    return str(getattr(route, "path", route))


def test_every_route_declares_who_may_open_it(parts: WebParts) -> None:
    app = build(parts)

    mounted = {
        (method, path_of(route))
        for route in app.routes
        for method in getattr(route, "methods", None) or ("?",)
    }
    assert mounted == set(app.state.needs)


def test_a_start_reads_no_endpoint_and_each_can_be_read(parts: WebParts) -> None:
    routes = [route for route in build(parts).routes if isinstance(route, APIRoute)]

    assert not any("dependant" in vars(route) for route in routes)
    assert len([route for route in routes if route.dependant.call is route.endpoint]) > 400
    assert all(route.unique_id and route.app for route in routes)
    with pytest.raises(AttributeError, match="nothing_of_it"):
        _ = routes[0].nothing_of_it  # type: ignore[attr-defined]


async def test_a_page_of_the_shop_sends_a_stranger_to_the_door(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    needs = build(parts).state.needs
    locked = [key for key, need in needs.items() if need != PUBLIC and "/api/" not in key[1]]
    assert len(locked) > 10
    for method, path in locked:
        filled = re.sub(r"\{[\w:]+\}", "00000000-0000-0000-0000-000000000001", path)

        answer = await visitor.request(method, filled)

        assert answer.status_code == 303, (method, path)
        reads = method in {"GET", "HEAD"}
        assert answer.headers["location"] == (f"/entrar?sigue={filled}" if reads else "/entrar")


async def test_a_part_of_a_seller_page_takes_the_whole_page_to_the_door(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/ejemplos", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/entrar?sigue=/ejemplos"


async def test_a_route_without_a_permission_is_closed(parts: WebParts) -> None:
    app = build(parts)
    app.add_api_route("/olvidada", lambda: "secreto", methods=["GET"])
    async with asking(app) as client:
        await client.post("/entrar", data={"clave": KEY})

        answer = await client.get("/olvidada")

    assert answer.status_code == 303


async def test_the_first_page_is_the_chat(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "/chat")


@pytest.mark.parametrize("path", ["/chat", "/entrar", "/nada", "/salud", "/fotos/MOC-001.svg"])
async def test_every_answer_is_shielded(visitor: httpx2.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/static/x/app.py", "/nada"])
async def test_what_is_not_ours_to_show_is_a_friendly_404(
    visitor: httpx2.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)

    assert answer.status_code == 404
    assert "Esta página no existe" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "http://127.0.0.1"}, 303),
        ({"Origin": "http://127.0.0.1:81"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Cookie": "chat=0"}, 403),
        ({}, 303),
    ],
)
async def test_only_our_own_pages_may_make_a_browser_act(
    parts: WebParts, headers: dict[str, str], status: int
) -> None:
    transport = httpx2.ASGITransport(build(parts))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post("/salir", headers=headers)

    assert answer.status_code == status


async def test_a_name_that_is_not_ours_is_refused(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/chat", headers={"Host": "evil.example"})

    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765"])
async def test_loopback_names_are_ours(visitor: httpx2.AsyncClient, host: str) -> None:
    assert (await visitor.get("/salud", headers={"Host": host})).status_code == 200


async def test_a_body_beyond_a_megabyte_is_refused(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.post("/entrar", data={"clave": "x" * 1_100_000})

    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"
