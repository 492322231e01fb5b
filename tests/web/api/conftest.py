"""Two shops with an API each, asked by programs of their own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx2
import pytest
from pydantic import SecretStr

from events.happened import named
from store.session import Store
from store.shops import ShopRow, upsert_shop
from tests.web.conftest import HOME, Ending
from web.api.means import Means
from web.app import WebParts, build

OTHER = "llave-de-la-otra"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def settled(store: Store, shop: UUID, key: str) -> None:
    row = ShopRow(id=shop, key=key, name="Tienda", pack="ventas", currency="CLP")
    async with store.transaction() as session:
        await upsert_shop(session, row)


@pytest.fixture
async def first(parts: WebParts, means: Means) -> WebParts:
    await settled(parts.store, parts.shop, str(parts.shop))
    return replace(parts, means=means, offer=means.offer, api_per_minute=60_000)


@pytest.fixture
async def second(first: WebParts) -> WebParts:
    """In the same database, with its own key."""
    shop = named("shop", f"neighbour of {first.shop}")
    await settled(first.store, shop, str(shop))
    return replace(first, shop=shop, key=SecretStr(OTHER))


@pytest.fixture
async def program(first: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(first) as client:
        yield client


@pytest.fixture
async def neighbour(second: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(second) as client:
        yield client


def asking(parts: WebParts) -> httpx2.AsyncClient:
    transport = Ending(build(parts), raise_app_exceptions=False)
    key = parts.key.get_secret_value()
    return httpx2.AsyncClient(transport=transport, base_url=HOME, headers=bearer(key))


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Its status and its code, after a look at its form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["type"] == f"urn:aprendiz:{told['code']}"
    return answer.status_code, told["code"]
