"""Who wants more than is theirs: more guesses, more rights, another site, another address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import quote

import httpx2
import pytest

from services.clock import now
from tests.web.conftest import HOME, KEY, asking
from tests.web.staff import WORDS, a_key, ana, staff
from web.api.problems import PREFIX
from web.app import WebParts, build
from web.permissions import GRANTS, SERVICE

KEYS = "/api/v1/api-keys"
LOST = "//["
"""An address that cannot be taken apart."""


@asynccontextmanager
async def coming_from(parts: WebParts, address: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(build(parts), client=(address, 40_000))
    async with httpx2.AsyncClient(
        transport=transport, base_url=HOME, headers={"Sec-Fetch-Site": "same-origin"}
    ) as client:
        yield client


@pytest.mark.parametrize("scope", ["rollout", "training", "model.activate", "system.read"])
async def test_an_owner_makes_no_key_that_may_do_more_than_they(
    parts: WebParts, scope: str
) -> None:
    async with staff(parts, "owner") as client:
        refused = await client.post(KEYS, json={"name": "x", "scopes": ["serving", scope]})
        kept = await client.get(KEYS)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert kept.json()["items"] == []


@pytest.mark.parametrize("role", ["owner", "admin"])
async def test_whoever_makes_keys_may_make_any_that_does_what_they_do(
    parts: WebParts, role: str
) -> None:
    scopes = sorted(GRANTS[role] & SERVICE)  # type: ignore[index]
    async with staff(parts, role) as client:
        made = await client.post(KEYS, json={"name": "x", "scopes": scopes})
    assert made.status_code == 201, made.text


@pytest.mark.parametrize("spelt", ["ana\x00@tienda.cl", "\x00ana@tienda.cl", " \x00 ANA@tienda.cl"])
async def test_an_e_mail_spelt_another_way_is_guessed_at_no_more_often(
    parts: WebParts, visitor: httpx2.AsyncClient, spelt: str
) -> None:
    await ana(parts)
    for number in range(5):
        await visitor.post("/entrar", data=WORDS | {"contrasena": f"no es esta {number}"})
    assert (await visitor.post("/entrar", data=WORDS | {"correo": spelt})).status_code == 429


async def test_whoever_has_a_whole_network_of_addresses_guesses_no_more_often(
    parts: WebParts,
) -> None:
    await ana(parts)
    for number in range(5):
        async with coming_from(parts, f"2001:db8:0:1::{number + 1}") as client:
            wrong = WORDS | {"contrasena": f"no es esta {number}"}
            assert (await client.post("/entrar", data=wrong)).status_code == 403
    async with coming_from(parts, "2001:db8:0:1:ffff::9") as client:
        assert (await client.post("/entrar", data=WORDS)).status_code == 429
    async with coming_from(parts, "2001:db8:0:2::1") as client:
        assert (await client.post("/entrar", data=WORDS)).status_code == 303


async def test_an_address_is_the_same_in_both_of_its_spellings(parts: WebParts) -> None:
    for number, address in enumerate(["::ffff:192.0.2.7", "192.0.2.7"] * 3):
        async with coming_from(parts, address) as client:
            answer = await client.post("/entrar", data={"clave": f"no es esta {number}"})
    assert answer.status_code == 429


@pytest.mark.parametrize("where", ["/entrar", "/tema", "/idioma"])
async def test_an_address_that_cannot_be_taken_apart_leads_home(
    visitor: httpx2.AsyncClient, where: str
) -> None:
    answer = await visitor.post(where, data={"clave": KEY, "sigue": LOST})
    assert answer.status_code == 303
    assert answer.headers["location"] in {"/", "/hoy"}
    assert (await visitor.get("/entrar", params={"sigue": LOST})).status_code == 200


async def test_an_origin_that_cannot_be_taken_apart_is_another_site(parts: WebParts) -> None:
    async with asking(build(parts)) as client:
        del client.headers["Sec-Fetch-Site"]
        headers = {"Origin": "http://["}
        page = await client.post("/tema", data={"tema": "oscuro"}, headers=headers)
        program = await client.post(f"{PREFIX[0]}v1/ask", json={}, headers=headers)
    assert (page.status_code, program.status_code) == (403, 403)


@pytest.mark.parametrize(
    "away", ["https://evil.example", "//evil.example", "/\\evil.example", LOST]
)
async def test_after_a_product_is_saved_one_stays_in_the_house(
    seller: httpx2.AsyncClient, away: str
) -> None:
    given = {"sku": "POL-1", "name": "Polera", "price": "9990", "stock": "3", "active": "si"}
    saved = await seller.post("/catalogo/producto", data=given | {"sigue": away})
    assert (saved.status_code, saved.headers["location"]) == (303, "/catalogo?hecho=guardado")


@pytest.mark.parametrize("away", ["https://evil.example/ejemplos", "//evil.example/ejemplos", LOST])
async def test_after_a_lesson_one_stays_in_the_house(seller: httpx2.AsyncClient, away: str) -> None:
    answer = await seller.post("/ejemplos/varios", data={"accion": "incluir", "vuelve": away})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ejemplos?error=ninguna")


async def test_a_page_that_says_where_it_was_in_a_broken_way_is_answered(
    seller: httpx2.AsyncClient,
) -> None:
    gone = f"/conversaciones/{quote('00000000-0000-0000-0000-000000000001')}/nota"
    answer = await seller.post(gone, data={"nota": "x"}, headers={"Referer": "http://["})
    assert answer.status_code == 404


async def test_one_program_that_knows_no_key_keeps_none_out_that_does(parts: WebParts) -> None:
    """An old key that still calls from an address does not stop the others that do."""
    key = await a_key(parts, ["reading"])
    async with asking(build(parts)) as client:
        for _ in range(25):
            wrong = await client.get("/api/v1/me", headers={"Authorization": "Bearer bk_live_old"})
        right = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert wrong.status_code == 429
    assert right.status_code == 200


async def test_a_key_that_is_over_is_counted_like_a_wrong_one(parts: WebParts) -> None:
    key = await a_key(parts, ["reading"], expires_at=now() - timedelta(days=1))
    async with asking(build(parts)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        answers = [(await client.get("/api/v1/me")).status_code for _ in range(21)]
    assert answers == [401] * 20 + [429]
