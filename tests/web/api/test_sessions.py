"""One's own sessions: seen and ended over the API too, and never somebody else's."""

import httpx2

from tests.web.api.conftest import refusal
from tests.web.conftest import asking
from tests.web.staff import ANA, PASSWORD, actions, ana, let_in, person
from web.app import WebParts, build
from web.sessions import PLAIN

SESSIONS = "/api/v1/auth/sessions"


async def test_one_sees_and_ends_one_s_own_sessions_alone(first: WebParts) -> None:
    one, other = await ana(first), await person(first, "seller")
    app = build(first)
    async with asking(app) as here, asking(app) as there:
        here.cookies.set(PLAIN, await let_in(first, one))
        there.cookies.set(PLAIN, await let_in(first, other))
        for _ in range(2):
            await let_in(first, one)
        listed = (await here.get(SESSIONS)).json()["items"]
        assert [one["current"] for one in listed].count(True) == 1
        assert len(listed) == 3
        mine = next(one["id"] for one in listed if not one["current"])
        assert refusal(await there.delete(f"{SESSIONS}/{mine}")) == (404, "not_found")
        assert (await here.delete(f"{SESSIONS}/{mine}")).status_code == 204
        assert refusal(await here.delete(f"{SESSIONS}/{mine}")) == (404, "not_found")
        assert (await here.delete(SESSIONS)).status_code == 204
        assert [one["current"] for one in (await here.get(SESSIONS)).json()["items"]] == [True]
        assert len((await there.get(SESSIONS)).json()["items"]) == 1
    assert await actions(first) == ["session.ended", "session.ended"]


async def test_a_page_of_another_site_ends_nothing(first: WebParts) -> None:
    async with asking(build(first)) as here:
        here.cookies.set(PLAIN, await let_in(first, await ana(first)))
        evil = await here.delete(SESSIONS, headers={"Sec-Fetch-Site": "cross-site"})
        assert refusal(evil) == (403, "forbidden")


async def test_a_program_with_a_key_of_its_own_has_none(
    first: WebParts, program: httpx2.AsyncClient
) -> None:
    token = await let_in(first, None)
    opened = (await program.get(SESSIONS)).json()["items"]
    assert len(opened) == 1, "the shop's key ends what it opened"
    made = await program.post("/api/v1/api-keys", json={"name": "caja", "scopes": ["reading"]})
    assert made.status_code == 403, "only people make keys"
    assert token


async def test_somebody_enters_by_their_words_and_leaves(first: WebParts) -> None:
    one = await ana(first)
    async with asking(build(first)) as here:
        wrong = {"email": ANA, "password": "una-que-no-es-la-suya"}
        assert refusal(await here.post(SESSIONS, json=wrong)) == (401, "unauthorized")
        unknown = {"email": "nadie@tienda.cl", "password": PASSWORD}
        assert refusal(await here.post(SESSIONS, json=unknown)) == (401, "unauthorized")
        opened = await here.post(SESSIONS, json={"email": ANA, "password": PASSWORD})
        assert (opened.status_code, opened.json()["role"]) == (201, "owner")
        assert "httponly" in opened.headers["set-cookie"].lower()
        assert (await here.get("/api/v1/me")).json()["person"] == str(one)
        assert (await here.delete(f"{SESSIONS}/current")).status_code == 204
        assert refusal(await here.get("/api/v1/me")) == (401, "unauthorized")
    assert await actions(first) == ["session.closed", "session.opened"]


async def test_whoever_guesses_waits(first: WebParts) -> None:
    await ana(first)
    async with asking(build(first)) as here:
        wrong = {"email": ANA, "password": "una-que-no-es-la-suya"}
        tried = [await here.post(SESSIONS, json=wrong) for _ in range(6)]
    assert [one.status_code for one in tried] == [401] * 5 + [429]
    assert refusal(tried[-1]) == (429, "too_many")
    assert int(tried[-1].headers["retry-after"]) > 60
