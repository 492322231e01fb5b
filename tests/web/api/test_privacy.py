"""What customers ask of their data, brought and followed by a program."""

from io import BytesIO
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx2
import pytest

from jobs.asking import TERMS
from jobs.attempts import Attempt
from jobs.exporting import export
from jobs.schedule import EXPORT, Run
from store import app
from tests.web.api.conftest import refusal
from tests.web.pages.test_customers import ANA, PHONE, add_customer
from tests.web.pages.test_own_data import say
from tests.web.staff import actions
from web.api.means import Means
from web.app import WebParts

REQUESTS, WHO = "/api/v1/privacy-requests", f"/api/v1/customers/{ANA}"


@pytest.fixture
async def ana(first: WebParts) -> UUID:
    await add_customer(first.store, first.shop, ANA, "Ana Rojas")
    await say(first.store, first.shop, ANA, "quiero una mochila")
    return ANA


async def worked(first: WebParts, means: Means, request: str) -> None:
    attempt = await Attempt.claim(first.store, Run(EXPORT, first.shop, request), TERMS)
    assert attempt is not None
    async with attempt:
        await export(attempt, means.settings)


@pytest.mark.usefixtures("ana")
async def test_a_copy_is_asked_for_made_by_a_job_and_taken(
    program: httpx2.AsyncClient, first: WebParts, means: Means
) -> None:
    asked = await program.post(f"{WHO}/exports")
    assert (asked.status_code, asked.json()["state"], asked.json()["file"]) == (202, "open", None)
    place = asked.headers["location"]
    assert place == f"{REQUESTS}/{asked.json()['id']}"
    again = await program.post(f"{WHO}/exports")
    assert again.json()["id"] == asked.json()["id"]
    assert refusal(await program.get(f"{place}/file")) == (404, "not_found")
    waiting = await program.get(place)
    await worked(first, means, asked.json()["id"])
    done = await program.get(place, headers={"If-None-Match": waiting.headers["etag"]})
    assert (done.status_code, done.json()["state"]) == (200, "done")
    file = await program.get(done.json()["file"])
    assert file.headers["content-type"] == "application/zip"
    assert file.headers["cache-control"] == "private, no-store"
    told = ZipFile(BytesIO(file.content)).read("datos.json").decode()
    assert "quiero una mochila" in told
    assert PHONE in told
    assert await actions(first) == ["customer.copied", "customer.export"]


@pytest.mark.usefixtures("ana")
async def test_whoever_is_to_be_forgotten_is_not_answered_meanwhile(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    asked = await program.post(f"{WHO}/erasures")
    assert (asked.status_code, asked.json()["kind"]) == (202, "erasure")
    listed = (await program.get(REQUESTS, params={"customer_id": str(ANA)})).json()["items"]
    assert [one["id"] for one in listed] == [asked.json()["id"]]
    assert await actions(first) == ["customer.erasure"]


@pytest.mark.usefixtures("ana")
async def test_a_restriction_holds_until_it_is_taken_back(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    for restricted in (True, False):
        done = await program.put(f"{WHO}/restrictions", json={"restricted": restricted})
        assert done.json() == {"id": str(ANA), "restricted": restricted}
        async with first.store.tenant(first.shop) as session:
            row = await session.get_one(app.Customer, (first.shop, ANA))
        assert (row.restricted_at is not None) is restricted
    kinds = [one["kind"] for one in (await program.get(REQUESTS)).json()["items"]]
    assert kinds == ["restriction", "restriction"]
    assert refusal(await program.put(f"{WHO}/restrictions", json={})) == (422, "invalid")


@pytest.mark.usefixtures("ana")
async def test_another_shop_neither_asks_nor_sees_nor_takes(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, means: Means
) -> None:
    asked = (await program.post(f"{WHO}/exports")).json()["id"]
    await worked(first, means, asked)
    place = f"{REQUESTS}/{asked}"
    tried = [
        await neighbour.post(f"{WHO}/exports"),
        await neighbour.post(f"{WHO}/erasures"),
        await neighbour.put(f"{WHO}/restrictions", json={"restricted": True}),
        await neighbour.get(place),
        await neighbour.get(f"{place}/file"),
        await program.post(f"/api/v1/customers/{uuid4()}/exports"),
    ]
    assert [refusal(one) for one in tried] == [(404, "not_found")] * len(tried)
    assert (await neighbour.get(REQUESTS)).json()["items"] == []


@pytest.mark.usefixtures("ana")
async def test_whoever_does_not_want_to_teach_is_written_down_as_having_said_so(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    match = {"If-Match": (await program.get(WHO)).headers["etag"]}
    done = await program.patch(WHO, json={"no_training": True, "tone": "formal"}, headers=match)
    assert (done.json()["no_training"], done.json()["tone"]) == (True, "formal")
    kinds = [one["kind"] for one in (await program.get(REQUESTS)).json()["items"]]
    assert kinds == ["opposition"]
    assert await actions(first) == ["customer.opposition", "customer.changed"]
    assert refusal(await program.patch(WHO, json={"tone": "coach"}, headers=match)) == (
        412,
        "stale",
    )
