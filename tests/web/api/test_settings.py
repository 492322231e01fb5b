"""What a shop says of itself and when its people are there, as a program reads and changes it."""

import asyncio

import httpx2
import pytest

from config.manners import HoursSettings
from store import choices
from store.audit import AuditEvent, Wanted, events
from tests.web.api.conftest import refusal
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts

FACTS, FACT = "/api/v1/settings/facts", "/api/v1/settings/facts/horario"
HOURS, TONE = "/api/v1/settings/hours", "/api/v1/settings/tone"
PAGE = "/ajustes/respuestas"
OPEN = "Abrimos de lunes a viernes, de 9 a 18."
DAYS = ("mon", "tue", "wed", "thu", "fri")


async def tag(program: httpx2.AsyncClient, path: str) -> dict[str, str]:
    return {"If-Match": (await program.get(path)).headers["etag"]}


async def said(parts: WebParts) -> dict[str, str]:
    async with parts.store.tenant(parts.shop) as session:
        return await choices.facts(session, parts.shop)


async def deeds(parts: WebParts) -> list[AuditEvent]:
    async with parts.store.tenant(parts.shop) as session:
        return list(await events(session, parts.shop, Wanted()))


async def test_what_the_shop_says_is_told_changed_and_taken_back(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    listed = (await program.get(FACTS)).json()
    assert [one["name"] for one in listed["items"]] == list(first.pack.facts)
    assert {one["text"] for one in listed["items"]} == {None}
    known = await program.get(FACT)
    assert refusal(await program.put(FACT, json={"text": OPEN})) == (428, "if_match_needed")
    match = {"If-Match": known.headers["etag"]}
    done = await program.put(FACT, json={"text": f" {OPEN} "}, headers=match)
    assert (done.json()["text"], done.json()["sample"]) == (OPEN, known.json()["sample"])
    assert refusal(await program.put(FACT, json={"text": ""}, headers=match)) == (412, "stale")
    now = {"If-None-Match": done.headers["etag"]}
    assert (await program.get(FACT, headers=now)).status_code == 304
    assert (await neighbour.get(FACT)).json()["text"] is None

    back = await program.put(FACT, json={"text": None}, headers={"If-Match": "*"})
    assert back.json() == known.json()
    assert await said(first) == {}
    last, before = await deeds(first)
    assert (last.action, last.object, last.before, last.after) == (
        "settings.facts", "fact:horario", {"text": OPEN}, {"text": None},
    )  # fmt: skip
    assert (before.actor, before.after) == ("shop", {"text": OPEN})


async def test_nothing_that_two_say_at_once_is_lost(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    names = list(first.pack.facts)
    tags = [await tag(program, f"{FACTS}/{name}") for name in names]
    asked = (
        program.put(f"{FACTS}/{name}", json={"text": name}, headers=match)
        for name, match in zip(names, tags, strict=True)
    )
    assert {one.status_code for one in await asyncio.gather(*asked)} == {200}
    assert await said(first) == {name: name for name in names}
    same = await tag(program, FACT)
    asked = (program.put(FACT, json={"text": one}, headers=same) for one in ("a", "b", "c"))
    assert sorted(one.status_code for one in await asyncio.gather(*asked)) == [200, 412, 412]


async def test_hours_are_read_as_a_person_wrote_them_and_kept_day_by_day(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    usual = await program.get(HOURS)
    assert (usual.json()["own"], usual.json()["week"]) == (False, {})
    given = {"week": {"lun-vie": "15:00-19:00, 9:00-13:00"}, "holidays": ["2026-12-25"] * 2}
    match = {"If-Match": usual.headers["etag"]}
    done = await program.put(HOURS, json=given, headers=match)
    closed = {"sat": "closed", "sun": "closed"}
    assert done.json() == usual.json() | {
        "own": True,
        "week": dict.fromkeys(DAYS, "09:00-13:00,15:00-19:00") | closed,
        "holidays": ["2026-12-25"],
    }
    assert refusal(await program.put(HOURS, json=given, headers=match)) == (412, "stale")
    assert (await neighbour.get(HOURS)).json() == usual.json()

    always = await program.put(HOURS, json={"week": {}}, headers=await tag(program, HOURS))
    assert (always.json()["own"], always.json()["week"]) == (True, {})
    back = await program.put(HOURS, json={"week": None}, headers=await tag(program, HOURS))
    assert back.json() == usual.json()
    async with first.store.tenant(first.shop) as session:
        assert await choices.hours(session, first.shop, HoursSettings()) == HoursSettings()
    assert await actions(first) == ["settings.hours"] * 3
    assert (await deeds(first))[0].before == {"hours": "siempre", "holidays": 0}


async def test_a_page_shows_what_a_program_said_and_the_other_way_round(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    """Whoever has an account shuts the key out that opened until then."""
    week = {"week": {"mon": "9:00-13:00,15:00-19:00"}}
    await program.put(FACT, json={"text": OPEN}, headers={"If-Match": "*"})
    await program.put(HOURS, json=week, headers={"If-Match": "*"})
    async with acting(first, "owner") as owner:
        assert OPEN in (await owner.get(PAGE)).text
        assert 'value="09:00-13:00, 15:00-19:00"' in (await owner.get("/ajustes/tienda")).text
        await owner.post(PAGE, data={"nombre": ["horario"], "texto": ["Siempre."]})
        await owner.post("/ajustes/tienda", data={"modo": "siempre"})
        told, hours = (await owner.get(FACT)).json(), (await owner.get(HOURS)).json()
    assert (told["text"], hours["own"], hours["week"]) == ("Siempre.", True, {})


@pytest.mark.parametrize(
    "given",
    [
        {}, {"week": {"mon": "nine"}}, {"week": {"someday": "09:00-18:00"}},
        {"week": {"mon": "09:00-18:00", "lun": "09:00-18:00"}}, {"week": {"mon": "18:00-18:00"}},
        {"week": {}, "holidays": ["2026-02-30"]}, {"week": {}, "more": 1},
        {"week": {}, "holidays": [f"2026-01-{day:02}" for day in range(1, 32)] * 4},
    ],
)  # fmt: skip
async def test_hours_that_nobody_can_read_are_refused(
    program: httpx2.AsyncClient, given: dict[str, object], first: WebParts
) -> None:
    answer = await program.put(HOURS, json=given, headers={"If-Match": "*"})
    assert refusal(answer) == (422, "invalid")
    assert await actions(first) == []


async def test_what_is_no_fact_of_the_pack_is_not_there(program: httpx2.AsyncClient) -> None:
    for name in ("greeting", "nada", "unknown"):
        path = f"{FACTS}/{name}"
        assert refusal(await program.get(path)) == (404, "not_found")
        lost = await program.put(path, json={"text": "x"}, headers={"If-Match": "*"})
        assert refusal(lost) == (404, "not_found")
    for odd in ({}, {"text": 1}, {"text": "e" * 801}, {"text": "a\x00b"}, {"text": "", "more": 1}):
        answer = await program.put(FACT, json=odd, headers={"If-Match": "*"})
        assert refusal(answer) == (422, "invalid"), odd


async def test_the_tone_is_chosen_and_left_to_the_configuration_again(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    usual = {"tone": None, "intensity": None}
    known = await program.get(TONE)
    assert known.json() == usual
    formal = {"tone": "formal", "intensity": 0.2}
    assert refusal(await program.put(TONE, json=formal)) == (428, "if_match_needed")
    match = {"If-Match": known.headers["etag"]}
    assert (await program.put(TONE, json=formal, headers=match)).json() == formal
    assert refusal(await program.put(TONE, json=formal, headers=match)) == (412, "stale")
    assert (await neighbour.get(TONE)).json() == usual
    back = await program.put(TONE, json={"tone": None}, headers=await tag(program, TONE))
    assert back.json() == usual
    last, before = await deeds(first)
    told = {"tone": "formal", "intensity": "0.2"}
    assert (last.action, last.before, last.after) == ("settings.tone", told, usual)
    assert (before.before, before.after) == (usual, told)
    for odd in ({}, {"tone": "loud"}, {"tone": "formal", "intensity": 2}):
        answer = await program.put(TONE, json=odd, headers={"If-Match": "*"})
        assert refusal(answer) == (422, "invalid")
