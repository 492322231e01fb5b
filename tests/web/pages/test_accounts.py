"""Entering by an e-mail, by the shop's key, and in the demo."""

import time
from dataclasses import replace

import httpx2
from pydantic import SecretStr

from services.clock import now
from store.people import change_person
from tests.web.conftest import KEY, asking
from tests.web.staff import ANA, PASSWORD, WORDS, actions, ana, person
from web.app import WebParts, build
from web.sessions import PLAIN


async def test_an_e_mail_and_its_password_open_the_door(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    answer = await visitor.post(
        "/entrar",
        data=WORDS | {"correo": "  ANA@tienda.cl ", "mantener": "si", "sigue": "/pedidos"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/pedidos")
    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=lax" in told
    assert "Max-Age=1209600" in told
    assert (await visitor.get("/pedidos")).status_code == 200
    assert await actions(parts) == ["session.opened"]


async def test_a_session_that_is_not_to_be_kept_ends_with_the_browser(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    answer = await visitor.post("/entrar", data=WORDS)
    assert "Max-Age" not in answer.headers["set-cookie"]


async def test_over_tls_the_cookie_belongs_to_this_host_alone(parts: WebParts) -> None:
    await ana(parts)
    transport = httpx2.ASGITransport(build(parts))
    async with httpx2.AsyncClient(transport=transport, base_url="https://127.0.0.1") as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        answer = await client.post("/entrar", data=WORDS)
        told = answer.headers["set-cookie"]
        assert told.startswith("__Host-sesion=")
        assert "Secure" in told
        assert "Path=/" in told
        assert "Domain" not in told
        assert (await client.get("/pedidos")).status_code == 200
        await client.post("/salir")
        assert (await client.get("/pedidos")).status_code == 303


async def test_an_unknown_e_mail_a_wrong_password_and_nobody_any_more_read_the_same(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    one = await ana(parts)
    wrong = await visitor.post("/entrar", data=WORDS | {"contrasena": "otra"})
    unknown = await visitor.post("/entrar", data=WORDS | {"correo": "eva@tienda.cl"})
    async with parts.store.tenant(parts.shop) as session:
        await change_person(session, parts.shop, one, disabled_at=now())
    gone = await visitor.post("/entrar", data=WORDS)
    pages = {
        answer.text.replace(ANA, "X").replace("eva@tienda.cl", "X") for answer in (wrong, unknown)
    }
    assert [answer.status_code for answer in (wrong, unknown, gone)] == [403] * 3
    assert len(pages) == 1
    assert "no van juntos" in gone.text
    assert "set-cookie" not in wrong.headers


async def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    """Both hash once; without that an unknown one would be a hundred times faster."""
    await ana(parts)
    took: dict[str, list[float]] = {ANA: [], "eva@tienda.cl": []}
    await visitor.post("/entrar", data={"correo": "warm@up.cl", "contrasena": "x"})
    for _ in range(4):
        for email, times in took.items():
            begun = time.process_time()
            await visitor.post("/entrar", data={"correo": email, "contrasena": "otra"})
            times.append(time.process_time() - begun)
    assert min(took["eva@tienda.cl"]) > min(took[ANA]) / 2


async def test_five_wrong_passwords_make_even_the_right_one_wait_and_longer_each_time(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    wrong = [await visitor.post("/entrar", data=WORDS | {"contrasena": str(n)}) for n in range(5)]
    right = await visitor.post("/entrar", data=WORDS)
    assert [answer.status_code for answer in wrong] == [403] * 5
    assert (right.status_code, "Espera 15 min" in right.text) == (429, True)
    assert int(right.headers["retry-after"]) > 800
    assert await actions(parts) == ["session.blocked"]


async def test_whoever_guesses_at_the_password_of_now_is_told_how_long_to_wait(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    await visitor.post("/entrar", data=WORDS)
    said = {"actual": "otra", "nueva": "lluvia verde sobre el puerto"}
    page = "/ajustes/cuenta/contrasena"
    found = [await visitor.post(page, data=said) for _ in range(6)]
    assert [one.status_code for one in found] == [422] * 5 + [429]
    assert "Espera 15 min." in found[-1].text
    assert 800 < int(found[-1].headers["retry-after"]) <= 900
    async with asking(build(parts)) as elsewhere:
        other = await elsewhere.post("/entrar", data=WORDS | {"correo": "eva@tienda.cl"})
    assert other.status_code == 403, "another account is not shut with it"


async def test_whoever_enters_is_not_counted(parts: WebParts, visitor: httpx2.AsyncClient) -> None:
    await ana(parts)
    for _ in range(2):
        for n in range(4):
            await visitor.post("/entrar", data=WORDS | {"contrasena": str(n)})
        assert (await visitor.post("/entrar", data=WORDS)).status_code == 303


async def test_once_somebody_is_in_charge_the_shop_s_key_opens_nothing(
    parts: WebParts, seller: httpx2.AsyncClient
) -> None:
    assert (await seller.get("/pedidos")).status_code == 200
    await person(parts, "seller")
    assert (await seller.get("/pedidos")).status_code == 200, "a seller is not in charge"
    await person(parts, "owner")
    assert (await seller.get("/pedidos")).status_code == 303
    refused = await seller.post("/entrar", data={"clave": KEY})
    assert (refused.status_code, "ya tiene cuentas" in refused.text) == (403, True)
    bearer = {"Authorization": f"Bearer {KEY}"}
    one = "/api/v1/conversations/00000000-0000-0000-0000-000000000001"
    assert (await seller.get(one, headers=bearer)).status_code == 401


async def test_a_new_key_ends_the_sessions_of_the_old_one(
    parts: WebParts, seller: httpx2.AsyncClient
) -> None:
    async with asking(build(replace(parts, key=SecretStr("otra-clave-nueva")))) as client:
        client.cookies = seller.cookies
        assert (await client.get("/pedidos")).status_code == 303


async def test_the_key_s_owner_makes_an_account_and_stays_in(
    parts: WebParts, seller: httpx2.AsyncClient
) -> None:
    before = dict(seller.cookies)[PLAIN]
    assert "/ajustes/cuenta/nueva" in (await seller.get("/pedidos")).text
    data = {"nombre": "Ana", "correo": ANA}
    for often in ("tienda123456", "leavemealone", "Tienda de Prueba 1"):
        easy = await seller.post("/ajustes/cuenta/nueva", data=data | {"contrasena": often})
        assert (easy.status_code, "fácil de adivinar" in easy.text) == (422, True), often
        assert often not in easy.text
    made = await seller.post("/ajustes/cuenta/nueva", data=data | {"contrasena": PASSWORD})
    assert made.status_code == 303
    page = await seller.get("/pedidos")
    assert page.status_code == 200
    assert "/ajustes/cuenta/nueva" not in page.text
    assert dict(seller.cookies)[PLAIN] != before
    async with asking(build(parts)) as stranger:
        stranger.cookies.set(PLAIN, before)
        assert (await stranger.get("/pedidos")).status_code == 303
        assert (await stranger.post("/entrar", data=WORDS)).status_code == 303


async def test_the_demo_lets_anybody_be_somebody_and_nobody_else(parts: WebParts) -> None:
    await person(parts, "seller", email="camila@demo.cl")
    await person(parts, "owner", email="boss@tienda.cl")
    demo, mine = {"Entrar como vendedora demo": "camila@demo.cl"}, {"quien": "camila@demo.cl"}
    async with asking(build(replace(parts, demo=demo))) as client:
        assert "Entrar como vendedora demo" in (await client.get("/entrar")).text
        other = await client.post("/entrar/demo", data={"quien": "boss@tienda.cl"})
        assert other.status_code == 403
        assert (await client.post("/entrar/demo", data=mine)).status_code == 303
        assert (await client.get("/pedidos")).status_code == 200
    async with asking(build(parts)) as client:
        assert (await client.post("/entrar/demo", data=mine)).status_code == 404


async def test_language_and_theme_belong_to_the_account_and_to_this_browser(
    parts: WebParts,
) -> None:
    await ana(parts)
    async with asking(build(parts)) as here, asking(build(parts)) as elsewhere:
        await here.post("/entrar", data=WORDS)
        form = {"nombre": "Ana", "atajos": "si", "idioma": "en", "tema": "oscuro"}
        await here.post("/ajustes/cuenta", data=form)
        shown = (await here.get("/ajustes/cuenta")).text
        await elsewhere.post("/entrar", data=WORDS)
        also = (await elsewhere.get("/ajustes/cuenta")).text
        await here.post("/ajustes/cuenta", data=form | {"idioma": "fr", "tema": "rosa"})
        kept = (await here.get("/ajustes/cuenta")).text
    for one in (shown, also, kept):
        assert '<html lang="en" data-theme="oscuro">' in one
        assert "Shortcuts" in one or "shortcuts" in one
