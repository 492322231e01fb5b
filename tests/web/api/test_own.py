"""A customer's own data over the API: theirs alone, and only by their link."""

from uuid import UUID

import httpx2
import pytest

from store import app
from tests.web.api.conftest import refusal
from tests.web.api.seeds import came_by_link
from tests.web.api.test_privacy import worked
from tests.web.conftest import HOME
from tests.web.pages.test_customers import ANA, add_customer
from tests.web.pages.test_own_data import say
from tests.web.staff import actions, staff
from web.api.means import Means
from web.app import WebParts, build
from web.customer import COOKIE

OWN, BETO = "/api/v1/own-data", UUID(int=22)


def browser(parts: WebParts, kept: str, site: str = "same-origin") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(build(parts), raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": site}
    client = httpx2.AsyncClient(transport=transport, base_url=HOME, headers=headers)
    client.cookies.set(COOKIE, kept)
    return client


@pytest.fixture
async def ana(first: WebParts) -> httpx2.AsyncClient:
    await add_customer(first.store, first.shop, ANA, "Ana Rojas")
    await say(first.store, first.shop, ANA, "quiero una mochila")
    await add_customer(first.store, first.shop, BETO, "Beto", minutes=5)
    return browser(first, await came_by_link(first, ANA))


async def test_one_sees_and_changes_what_is_one_s_own(
    ana: httpx2.AsyncClient, first: WebParts
) -> None:
    seen = (await ana.get(OWN)).json()
    assert (seen["id"], seen["name"], seen["learning"]) == (str(ANA), "Ana Rojas", True)
    changed = await ana.patch(OWN, json={"name": "Ana R.", "locale": "en", "learning": False})
    told = changed.json()
    assert (told["name"], told["locale"], told["learning"]) == ("Ana R.", "en", False)
    assert [one["kind"] for one in told["requests"]] == ["opposition", "rectification"]
    async with first.store.tenant(first.shop) as session:
        other = await session.get_one(app.Customer, (first.shop, BETO))
    assert (other.name, other.no_training) == ("Beto", False)
    assert await actions(first) == ["customer.opposition", "customer.rectification"]


async def test_one_takes_a_copy_and_asks_to_be_forgotten(
    ana: httpx2.AsyncClient, first: WebParts, means: Means
) -> None:
    asked = await ana.post(f"{OWN}/exports")
    assert (asked.status_code, asked.json()["state"]) == (202, "open")
    await worked(first, means, asked.json()["id"])
    done = (await ana.get(asked.headers["location"])).json()
    assert (await ana.get(done["file"])).headers["content-type"] == "application/zip"
    beto = browser(first, await came_by_link(first, BETO))
    assert refusal(await beto.get(asked.headers["location"])) == (404, "not_found")
    assert refusal(await beto.get(done["file"])) == (404, "not_found")
    gone = await ana.post(f"{OWN}/erasures")
    assert (gone.status_code, gone.json()["kind"]) == (202, "erasure")


async def test_a_customer_opens_nothing_else_and_nobody_else_opens_this(
    ana: httpx2.AsyncClient, first: WebParts, second: WebParts, program: httpx2.AsyncClient
) -> None:
    for path in ("/customers", f"/customers/{ANA}", "/conversations", "/me", "/privacy-requests"):
        assert refusal(await ana.get(f"/api/v1{path}")) == (403, "forbidden"), path
    assert refusal(await program.get(OWN)) == (403, "forbidden")
    async with staff(first, "admin") as admin:
        assert refusal(await admin.get(OWN)) == (403, "forbidden")
    kept = dict(ana.cookies)[COOKIE]
    assert refusal(await browser(second, kept).get(OWN)) == (401, "unauthorized")
    assert refusal(await browser(first, "x" * 43).get(OWN)) == (401, "unauthorized")
    evil = browser(first, kept, "cross-site")
    assert refusal(await evil.post(f"{OWN}/erasures")) == (403, "forbidden")
