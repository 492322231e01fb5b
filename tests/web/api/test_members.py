"""The people of a shop, as whoever is in charge changes them by the API."""

import asyncio
from uuid import UUID

import httpx2
import pytest

from tests.web.api.conftest import refusal
from tests.web.conftest import asking
from tests.web.roles import acting
from tests.web.staff import PASSWORD, actions, person, staff
from web.app import WebParts, build

MEMBERS = "/api/v1/members"
EVA = {"name": " Eva Soto ", "email": "Eva@tienda.cl", "role": "seller"}


async def tag(who: httpx2.AsyncClient, one: UUID | str) -> dict[str, str]:
    return {"If-Match": (await who.get(f"{MEMBERS}/{one}")).headers["etag"]}


async def test_somebody_is_invited_and_enters_by_the_link(first: WebParts) -> None:
    async with staff(first, "owner") as owner, asking(build(first)) as eva:
        made = await owner.post(MEMBERS, json=EVA)
        told = made.json()
        assert made.status_code == 201
        assert made.headers["cache-control"] == "no-store"
        assert (told["name"], told["email"], told["active"]) == ("Eva Soto", "eva@tienda.cl", True)
        assert told["password_at"] is None
        one = (await owner.get(f"{MEMBERS}/{told['id']}")).json()
        assert one == {name: value for name, value in told.items() if name != "link"}
        fresh = (await owner.post(f"{MEMBERS}/{told['id']}/links")).json()["link"]
        assert (await eva.post(told["link"], data={"contrasena": PASSWORD})).status_code == 410
        assert (await eva.post(fresh, data={"contrasena": PASSWORD})).status_code == 303
        assert (await eva.get("/api/v1/me")).json()["role"] == "seller"
        assert refusal(await owner.post(MEMBERS, json=EVA)) == (409, "conflict")
        found = (await owner.get(MEMBERS, params={"q": "soto EVA"})).json()["items"]
        assert [each["id"] for each in found] == [told["id"]]
        listed = (await owner.get(MEMBERS, params={"limit": 1})).json()
        rest = {"limit": 1, "cursor": listed["next_cursor"]}
        following = (await owner.get(MEMBERS, params=rest)).json()
        names = [each["name"] for each in [*listed["items"], *following["items"]]]
        assert names == ["Eva Soto", "owner"]
    assert await actions(first) == ["person.password", "person.linked", "person.invited"]


async def test_who_gets_another_role_or_is_shut_out_is_out_at_once(first: WebParts) -> None:
    async with staff(first, "owner") as owner, staff(first, "seller") as seller:
        found = (await owner.get(MEMBERS, params={"q": "seller"})).json()["items"]
        place = f"{MEMBERS}/{found[0]['id']}"
        assert refusal(await owner.patch(place, json={"role": "viewer"}))[0] == 428
        match = await tag(owner, found[0]["id"])
        done = await owner.patch(place, json={"role": "viewer"}, headers=match)
        assert done.json()["role"] == "viewer"
        assert (await seller.get("/api/v1/me")).status_code == 401
        assert refusal(await owner.delete(place, headers=match)) == (412, "stale")
        match = {"If-Match": done.headers["etag"]}
        assert (await owner.delete(place, headers=match)).status_code == 204
        gone = await owner.get(place)
        assert (gone.json()["active"], gone.json()["disabled_at"] is None) == (False, False)
        match = {"If-Match": gone.headers["etag"]}
        again = await owner.patch(place, json={"active": True, "role": "seller"}, headers=match)
        assert (again.json()["active"], again.json()["role"]) == (True, "seller")
    assert await actions(first) == [
        "person.enabled", "person.role", "person.disabled", "person.role",
    ]  # fmt: skip


async def test_the_last_one_in_charge_stays_even_where_two_ask_at_once(first: WebParts) -> None:
    async with staff(first, "owner") as owner:
        (me,) = (await owner.get(MEMBERS)).json()["items"]
        place, any_ = f"{MEMBERS}/{me['id']}", {"If-Match": "*"}
        assert refusal(await owner.delete(place, headers=any_)) == (409, "conflict")
        for change in ({"role": "seller"}, {"active": False}):
            answer = await owner.patch(place, json=change, headers=any_)
            assert refusal(answer) == (409, "conflict")
        other = await person(first, "owner", email="otra@tienda.cl")
        both = (owner.delete(f"{MEMBERS}/{one}", headers=any_) for one in (other, me["id"]))
        answers = [one.status_code for one in await asyncio.gather(*both)]
        assert answers.count(204) == 1
    assert await actions(first) == ["person.disabled"]


async def test_nobody_gives_or_changes_more_than_they_have(first: WebParts) -> None:
    boss = await person(first, "admin")
    async with acting(first, "owner") as owner:
        place, any_ = f"{MEMBERS}/{boss}", {"If-Match": "*"}
        made = await owner.post(MEMBERS, json=EVA | {"role": "admin"})
        assert refusal(made) == (403, "forbidden")
        assert refusal(await owner.delete(place, headers=any_)) == (403, "forbidden")
        assert refusal(await owner.post(f"{place}/links")) == (403, "forbidden")
        low = await owner.patch(place, json={"role": "viewer"}, headers=any_)
        assert refusal(low) == (403, "forbidden")
        seller = await person(first, "seller")
        high = await owner.patch(f"{MEMBERS}/{seller}", json={"role": "admin"}, headers=any_)
        assert refusal(high) == (403, "forbidden")
        for odd in ({}, EVA | {"email": "eva"}, EVA | {"name": "E\x07va"}, EVA | {"role": "boss"}):
            assert refusal(await owner.post(MEMBERS, json=odd)) == (422, "invalid"), odd
    assert await actions(first) == []


@pytest.mark.parametrize("role", ["seller", "viewer"])
async def test_whoever_is_not_in_charge_sees_nobody(first: WebParts, role: str) -> None:
    async with acting(first, role) as who:
        assert refusal(await who.get(MEMBERS)) == (403, "forbidden")
        assert refusal(await who.post(MEMBERS, json=EVA)) == (403, "forbidden")


async def test_no_program_and_no_other_shop_reaches_them(
    first: WebParts, second: WebParts, program: httpx2.AsyncClient
) -> None:
    assert refusal(await program.get(MEMBERS)) == (403, "forbidden")
    seller = await person(first, "seller")
    async with staff(second, "owner") as stranger:
        place, any_ = f"{MEMBERS}/{seller}", {"If-Match": "*"}
        assert len((await stranger.get(MEMBERS)).json()["items"]) == 1
        answers = [
            await stranger.get(place), await stranger.delete(place, headers=any_),
            await stranger.patch(place, json={"role": "viewer"}, headers=any_),
            await stranger.post(f"{place}/links"),
        ]  # fmt: skip
    assert [refusal(one) for one in answers] == [(404, "not_found")] * 4
