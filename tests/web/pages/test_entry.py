"""The seller's door."""

import httpx2
import pytest

from services.wire import Wire, connect
from tests.web.conftest import KEY, asking, without_redis
from web.app import WebParts, build


async def test_the_door_asks_for_the_key(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/entrar")

    assert answer.status_code == 200
    assert 'type="password"' in answer.text


async def test_the_key_opens_and_brings_back_where_one_wanted_to_go(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.post("/entrar", data={"clave": f" {KEY} ", "sigue": "/ejemplos?nota=4"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/ejemplos?nota=4")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert (await visitor.get("/hoy")).status_code == 200


async def test_a_link_with_the_key_opens_and_leaves_no_key_behind(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/entrar", params={"clave": KEY})

    assert (answer.status_code, answer.headers["location"]) == (303, "/hoy")
    assert KEY not in answer.headers["set-cookie"]


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_the_door_leads_nowhere_else(visitor: httpx2.AsyncClient, away: str) -> None:
    opened = await visitor.post("/entrar", data={"clave": KEY, "sigue": away})
    shown = await visitor.get("/entrar", params={"sigue": away})

    assert opened.headers["location"] == "/hoy"
    assert "evil.example" not in shown.text


async def test_a_wrong_key_stays_outside(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.post("/entrar", data={"clave": "otra"})

    assert answer.status_code == 403
    assert "no es la de esta tienda" in answer.text
    assert "set-cookie" not in answer.headers


async def test_after_five_wrong_keys_even_the_right_one_waits(visitor: httpx2.AsyncClient) -> None:
    wrong = [await visitor.post("/entrar", data={"clave": str(n)}) for n in range(5)]

    right = await visitor.post("/entrar", data={"clave": KEY})

    assert [answer.status_code for answer in wrong] == [403] * 5
    assert right.status_code == 429
    assert "Espera 15 min" in right.text


async def test_whoever_has_the_key_is_not_counted(visitor: httpx2.AsyncClient) -> None:
    answers = [await visitor.get("/entrar", params={"clave": KEY}) for _ in range(8)]

    assert {answer.status_code for answer in answers} == {303}


async def test_leaving_closes_the_door(seller: httpx2.AsyncClient) -> None:
    await seller.post("/salir")

    assert (await seller.get("/hoy")).status_code == 303


async def test_without_redis_the_door_says_to_come_back(parts: WebParts) -> None:
    wire = Wire(connect("unix:///nowhere/redis.sock"))
    async with asking(build(without_redis(parts, wire))) as client:
        answer = await client.post("/entrar", data={"clave": KEY})
    await wire.close()

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("theme", "kept"), [("oscuro", "oscuro"), ("claro", "claro"), ("auto", "auto"), ("x", "auto")]
)
async def test_the_theme_is_remembered(visitor: httpx2.AsyncClient, theme: str, kept: str) -> None:
    answer = await visitor.post("/tema", data={"tema": theme, "sigue": "/entrar"})

    assert answer.headers["location"] == "/entrar"
    assert f'data-theme="{kept}"' in (await visitor.get("/entrar")).text
