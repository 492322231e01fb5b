"""Invitations, roles and keys: nobody gives more than they have, and a secret is shown once."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest

from services.clock import now
from store.api_keys import keys_of
from store.audit import Actor
from store.people import NewPerson, add_person, person_by_email
from tests.fixtures.store import add_shop
from tests.web.conftest import asking
from tests.web.staff import PASSWORD, a_key, actions, let_in, person, staff
from web.app import WebParts, build
from web.keys import Wanted, make_key
from web.sessions import PLAIN

TEAM, KEYS = "/ajustes/equipo", "/ajustes/claves"
EVA = {"nombre": "Eva", "correo": "eva@tienda.cl", "rol": "seller"}
ONE = "/api/v1/conversations/00000000-0000-0000-0000-000000000001"


def link_in(answer: httpx2.Response) -> str:
    found = re.search(r'value="http://127\.0\.0\.1(/invitacion/[\w-]+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


async def test_an_invitation_is_a_link_that_opens_once(parts: WebParts) -> None:
    async with staff(parts, "owner") as owner, asking(build(parts)) as eva:
        made = await owner.post(TEAM, data=EVA)
        link = link_in(made)
        assert made.headers["cache-control"] == "no-store"
        listed = (await owner.get(TEAM)).text
        assert link not in listed
        assert "Invitación pendiente" in listed
        assert "eva@tienda.cl" in (await eva.get(link)).text
        easy = await eva.post(link, data={"contrasena": "evaevaevaeva"})
        assert easy.status_code == 422
        assert (await eva.post(link, data={"contrasena": PASSWORD})).status_code == 303
        assert (await eva.get("/pedidos")).status_code == 200
        assert "Invitación pendiente" not in (await owner.get(TEAM)).text
        assert (await eva.get(link)).status_code == 410
        assert (await eva.post(link, data={"contrasena": PASSWORD + "x"})).status_code == 410
    assert await actions(parts) == ["person.password", "person.invited"]


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"correo": "eva"}, 422, "no está bien escrito"),
        ({"nombre": " "}, 422, "Escribe un nombre"),
        ({"nombre": "E\x07va"}, 422, "Escribe un nombre"),
        ({"correo": "e\x00va@tienda.cl"}, 422, "no está bien escrito"),
        ({"rol": "admin"}, 422, "no alcanza"),
        ({"rol": "boss"}, 422, "no alcanza"),
        ({"correo": "OWNER@tienda.cl"}, 409, "Ya hay alguien"),
    ],
)
async def test_an_invitation_that_cannot_be_says_why_and_keeps_what_was_typed(
    parts: WebParts, changed: dict[str, str], status: int, why: str
) -> None:
    async with staff(parts, "owner") as owner:
        answer = await owner.post(TEAM, data=EVA | changed)
    assert (answer.status_code, why in answer.text) == (status, True)
    assert await actions(parts) == []


async def test_whoever_enters_without_a_password_waits_for_no_link(parts: WebParts) -> None:
    new = NewPerson(shop_id=parts.shop, id=uuid4(), email="l@tienda.cl", name="Luz", role="seller")
    async with parts.store.tenant(parts.shop) as session:
        assert await add_person(session, new)
    async with staff(parts, "owner") as owner:
        listed = (await owner.get(TEAM)).text
    assert "l@tienda.cl" in listed
    assert "Invitación pendiente" not in listed


async def test_a_role_changes_at_once_and_its_holder_enters_anew(parts: WebParts) -> None:
    one = await person(parts, "seller")
    async with staff(parts, "owner") as owner, asking(build(parts)) as seller:
        seller.cookies.set(PLAIN, await let_in(parts, one))
        data = {"accion": "rol", "rol": "viewer"}
        assert (await owner.post(f"{TEAM}/{one}", data=data)).status_code == 303
        assert (await seller.get("/pedidos")).status_code == 303
        seller.cookies.set(PLAIN, await let_in(parts, one))
        assert (await seller.get("/pedidos")).status_code == 200
        assert (await seller.post(f"/pedidos/{one}")).status_code == 403


async def test_an_owner_changes_nobody_who_may_more(parts: WebParts) -> None:
    one = await person(parts, "admin")
    async with staff(parts, "owner") as owner:
        for data in (
            {"accion": "quitar"},
            {"accion": "enlace"},
            {"accion": "rol", "rol": "viewer"},
        ):
            answer = await owner.post(f"{TEAM}/{one}", data=data)
            assert (answer.status_code, "no alcanza" in answer.text) == (409, True)


async def test_the_last_one_in_charge_stays(parts: WebParts) -> None:
    async with staff(parts, "owner") as owner:
        async with parts.store.tenant(parts.shop) as session:
            me = await person_by_email(session, parts.shop, "owner@tienda.cl")
        assert me is not None
        for data in ({"accion": "quitar"}, {"accion": "rol", "rol": "seller"}):
            answer = await owner.post(f"{TEAM}/{me.id}", data=data)
            assert (answer.status_code, "única persona a cargo" in answer.text) == (409, True)
        assert (await owner.get("/pedidos")).status_code == 200


async def test_whoever_is_shut_out_is_out_and_may_come_back(parts: WebParts) -> None:
    one = await person(parts, "seller")
    token = await let_in(parts, one)
    async with staff(parts, "owner") as owner, asking(build(parts)) as seller:
        await owner.post(f"{TEAM}/{one}", data={"accion": "quitar"})
        seller.cookies.set(PLAIN, token)
        assert (await seller.get("/pedidos")).status_code == 303
        await owner.post(f"{TEAM}/{one}", data={"accion": "devolver"})
        seller.cookies.set(PLAIN, await let_in(parts, one))
        assert (await seller.get("/pedidos")).status_code == 200


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(parts: WebParts) -> None:
    async with staff(parts, "owner") as owner, asking(build(parts)) as program:
        data = {"nombre": "Caja", "permiso": "serving", "dura": "30"}
        made = await owner.post(KEYS, data=data)
        found = re.search(r"bk_live_[0-9a-f]{32}_[\w-]{43}", made.text)
        assert found is not None
        assert made.headers["cache-control"] == "no-store"
        assert found[0] not in (await owner.get(KEYS)).text
        program.headers["Authorization"] = f"Bearer {found[0]}"
        assert (await program.get(ONE)).status_code == 404, "in, and there is no such thing"
        assert "usada" in (await owner.get(KEYS)).text
        async with parts.store.tenant(parts.shop) as session:
            (key,) = await keys_of(session, parts.shop)
        await owner.post(f"{KEYS}/{key.id}/revocar")
        assert (await program.get(ONE)).status_code == 401
    assert await actions(parts) == ["key.revoked", "key.created"]


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ({"accion": "quitar"}, []),
        ({"accion": "rol", "rol": "seller"}, []),
        ({"accion": "rol", "rol": "owner"}, ["serving"]),
    ],
)
async def test_the_keys_somebody_made_end_with_their_right_to_make_them(
    parts: WebParts, done: dict[str, str], left: list[str]
) -> None:
    one = await person(parts, "admin", email="eva@tienda.cl")
    async with parts.store.tenant(parts.shop) as session:
        for scope in ("serving", "rollout"):
            made = Wanted(scope, [scope])
            await make_key(session, parts.shop, Actor(f"person:{one}"), made)
    mine = await a_key(parts, ["serving"])
    async with staff(parts, "admin") as boss, asking(build(parts)) as program:
        assert (await boss.post(f"{TEAM}/{one}", data=done)).status_code == 303
        program.headers["Authorization"] = f"Bearer {mine}"
        assert (await program.get(ONE)).status_code == 404, "another's key stands"
    async with parts.store.tenant(parts.shop) as session:
        keys = await keys_of(session, parts.shop)
    assert [key.name for key in keys if key.stands(now()) and key.name != "caja"] == left
    assert (await actions(parts)).count("key.revoked") == 2 - len(left)


@pytest.mark.parametrize(
    "data",
    [
        {"nombre": "Caja", "permiso": "training"},
        {"nombre": "Caja", "permiso": "rollout"},
        {"nombre": "Caja"},
        {"nombre": "", "permiso": "serving"},
        {"nombre": "Caja", "permiso": "serving", "dura": "9999"},
    ],
)
async def test_an_owner_makes_no_key_that_may_more_than_owners(
    parts: WebParts, data: dict[str, str]
) -> None:
    async with staff(parts, "owner") as owner:
        assert (await owner.post(KEYS, data=data)).status_code == 422
    assert await actions(parts) == []


async def test_a_key_of_another_shop_a_wrong_one_and_one_that_is_over_open_nothing(
    parts: WebParts,
) -> None:
    good = await a_key(parts, ["serving"])
    over = await a_key(parts, ["serving"], expires_at=now() - timedelta(minutes=1))
    other = await add_shop(parts.store, "other")
    keys = {
        good: 404,
        over: 401,
        good[:-1] + ("a" if good[-1] != "a" else "b"): 401,
        good.replace("bk_live_", "bk_test_"): 401,
        "bk_live_x_y": 401,
    }
    async with asking(build(parts)) as program:
        for key, status in keys.items():
            answer = await program.get(ONE, headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == status, key
            assert key not in answer.text
    async with asking(build(replace(parts, shop=other))) as program:
        answer = await program.get(ONE, headers={"Authorization": f"Bearer {good}"})
        assert answer.status_code == 401


async def test_a_cookie_acts_on_the_api_only_from_our_own_pages(parts: WebParts) -> None:
    handler, body = f"{ONE}/handler", {"handler": "human"}
    answers = {"same-origin": 404, "same-site": 403, "cross-site": 403, "none": 403, "": 401}
    async with staff(parts, "seller") as client:
        for site, status in answers.items():
            del client.headers["Sec-Fetch-Site"]
            headers = {"Sec-Fetch-Site": site} if site else {"Origin": "http://127.0.0.1"}
            answer = await client.put(handler, json=body, headers=headers)
            assert answer.status_code == status, site
            client.headers["Sec-Fetch-Site"] = "same-origin"


async def test_two_shops_see_their_own_people_and_keys(parts: WebParts) -> None:
    other = replace(parts, shop=await add_shop(parts.store, "other"), shop_name="Otra")
    await person(other, "seller", email="ajena@otra.cl")
    await a_key(other, ["serving"])
    async with staff(parts, "admin") as admin:
        for path in (TEAM, KEYS, "/admin/auditoria", "/admin/auditoria.csv"):
            page = (await admin.get(path)).text
            assert "ajena@otra.cl" not in page
            assert "caja" not in page
            assert "key.created" not in page
    token = await let_in(other, await person(other, "owner"))
    async with asking(build(parts)) as stranger:
        stranger.cookies.set(PLAIN, token)
        assert (await stranger.get("/pedidos")).status_code == 303
