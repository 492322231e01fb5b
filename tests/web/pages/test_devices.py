"""Sessions that cannot be forced on anybody, that end, and that one can end."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from services.clock import now
from store.web_sessions import ABSOLUTE, IDLE
from tests.web.conftest import asking
from tests.web.staff import PASSWORD, WORDS, actions, ana, let_in, person, staff
from web.app import WebParts, build
from web.sessions import PLAIN


async def test_an_id_that_a_stranger_planted_is_never_taken_over(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    visitor.cookies.set(PLAIN, "planted-by-a-stranger")
    await visitor.post("/entrar", data=WORDS)
    async with asking(build(parts)) as stranger:
        stranger.cookies.set(PLAIN, "planted-by-a-stranger")
        assert (await stranger.get("/pedidos")).status_code == 303


async def test_entering_again_gives_a_new_id_and_ends_the_old_one(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    await visitor.post("/entrar", data=WORDS)
    before = dict(visitor.cookies)[PLAIN]
    await visitor.post("/entrar", data=WORDS)
    assert dict(visitor.cookies)[PLAIN] != before
    async with asking(build(parts)) as stranger:
        stranger.cookies.set(PLAIN, before)
        assert (await stranger.get("/pedidos")).status_code == 303


async def test_leaving_ends_the_session_for_whoever_copied_it(
    parts: WebParts, visitor: httpx2.AsyncClient
) -> None:
    await ana(parts)
    await visitor.post("/entrar", data=WORDS)
    copied = dict(visitor.cookies)[PLAIN]
    await visitor.post("/salir")
    assert PLAIN not in dict(visitor.cookies)
    async with asking(build(parts)) as stranger:
        stranger.cookies.set(PLAIN, copied)
        assert (await stranger.get("/pedidos")).status_code == 303
    assert await actions(parts) == ["session.closed", "session.opened"]


@pytest.mark.parametrize(
    ("age", "status"),
    [(IDLE - timedelta(minutes=5), 200), (IDLE, 303), (ABSOLUTE + timedelta(hours=1), 303)],
)
async def test_a_session_ends_by_itself(parts: WebParts, age: timedelta, status: int) -> None:
    token = await let_in(parts, await person(parts, "seller"), now() - age)
    async with asking(build(parts)) as client:
        client.cookies.set(PLAIN, token)
        assert (await client.get("/pedidos")).status_code == status


async def test_a_new_password_ends_every_other_session(parts: WebParts) -> None:
    one = await ana(parts)
    async with asking(build(parts)) as here, asking(build(parts)) as there:
        for client in (here, there):
            client.cookies.set(PLAIN, await let_in(parts, one))
        where = "/ajustes/cuenta/contrasena"
        wrong = await here.post(where, data={"actual": "otra", "nueva": PASSWORD + "x"})
        assert wrong.status_code == 422
        done = await here.post(where, data={"actual": PASSWORD, "nueva": "otra-frase-muy-larga"})
        assert done.status_code == 303
        assert (await here.get("/pedidos")).status_code == 200
        assert (await there.get("/pedidos")).status_code == 303
        again = await there.post("/entrar", data=WORDS)
        assert again.status_code == 403


async def test_one_sees_and_ends_one_s_own_sessions_alone(parts: WebParts) -> None:
    one, other = await ana(parts), await person(parts, "seller")
    async with asking(build(parts)) as here, asking(build(parts)) as there:
        here.cookies.set(PLAIN, await let_in(parts, one))
        there.cookies.set(PLAIN, await let_in(parts, other))
        page = (await here.get("/ajustes/sesiones")).text
        assert page.count('class="card person"') == 1
        theirs = (await there.get("/ajustes/sesiones")).text
        assert "Esta sesión" in theirs
        second = await let_in(parts, one)
        listed = (await here.get("/ajustes/sesiones")).text
        ended = listed.partition('action="/ajustes/sesiones/')[2].partition("/cerrar")[0]
        assert (await there.post(f"/ajustes/sesiones/{ended}/cerrar")).status_code == 303
        async with asking(build(parts)) as third:
            third.cookies.set(PLAIN, second)
            assert (await third.get("/pedidos")).status_code == 200, "not theirs to end"
            await here.post(f"/ajustes/sesiones/{ended}/cerrar")
            assert (await third.get("/pedidos")).status_code == 303


async def test_many_who_enter_at_once_are_all_let_in(parts: WebParts) -> None:
    await ana(parts)
    app = build(parts)

    async def enter() -> int:
        async with asking(app) as client:
            return (await client.post("/entrar", data=WORDS)).status_code

    assert await asyncio.gather(*(enter() for _ in range(5))) == [303] * 5


async def test_a_taste_is_kept_with_the_account(parts: WebParts) -> None:
    async with staff(parts, "seller") as client:
        await client.post("/idioma", data={"idioma": "en"})
        client.cookies.delete("idioma")
        assert "Sessions" in (await client.get("/ajustes/sesiones")).text
