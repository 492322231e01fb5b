"""Every page, asked for what no form of ours would ask: it says so, and nothing breaks."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.state import Endpoints
from tests.web.api.conftest import settled
from tests.web.conftest import HOME, Ending
from tests.web.desks import equipped, seen_by, settings_in
from web.api.problems import PREFIX
from web.app import WebParts

PART = re.compile(r"\{(\w+)(?::\w+)?\}")
Asked: TypeAlias = tuple[str, dict[str, str], dict[str, str]]
"""A path, its query, and the form that is sent there."""
ENDLESS = ("/vivo", "/stream")
UNDECLARED = {"/conversaciones": ("desde", "hasta", "buscar", "canal", "etiqueta", "antes")}
"""What a page reads of its address by itself."""
EVIL = {
    "a text that Postgres cannot hold": "a\x00b",
    "an address that cannot be taken apart": "//[",
    "a number that no column holds": "9" * 30,
    "the first day there is": "0001-01-01",
    "the last day there is": "9999-12-31",
    "a place in a list that no page gave": f"2026-01-01T00:00:00_{UUID(int=1)}",
    "another kind of place": f"2026-01-01T00:00:00~{UUID(int=1)}",
}


@pytest.fixture
async def pages(
    parts: WebParts, tmp_path: Path, prefix: str, endpoints: Endpoints
) -> AsyncIterator[httpx2.AsyncClient]:
    await settled(parts.store, parts.shop, str(parts.shop))
    whole, _ = equipped(parts, settings_in(tmp_path, prefix, endpoints.redis_url))
    transport = Ending(seen_by(whole, "admin"), raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport, base_url=HOME, headers={"Sec-Fetch-Site": "same-origin"}
    ) as client:
        client.app = transport.app  # type: ignore[attr-defined]
        yield client


def routes(client: httpx2.AsyncClient) -> Iterator[APIRoute]:
    for route in client.app.routes:  # type: ignore[attr-defined]
        ours = isinstance(route, APIRoute) and route.methods != {"HEAD"}
        if ours and not route.path.startswith(PREFIX) and not route.path.endswith(ENDLESS):
            yield route


def asked_of(route: APIRoute) -> tuple[list[str], list[str]]:
    """The names in its query, and in its form."""
    parts: list[Dependant] = [route.dependant]
    for one in parts:
        parts.extend(one.dependencies)
    query = [field for one in parts for field in one.query_params]
    form = [field for one in parts for field in one.body_params]
    return _names(query), _names(form)


def _names(fields: list[Any]) -> list[str]:
    found: list[str] = []
    for field in fields:
        kind = field.field_info.annotation
        nested = isinstance(kind, type) and issubclass(kind, BaseModel)
        found += kind.model_fields if nested else [field.alias]
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", EVIL)
async def test_no_page_breaks(pages: httpx2.AsyncClient, what: str) -> None:
    broken, evil = set(), EVIL[what]
    for route in routes(pages):
        method, (query, form) = next(iter(route.methods or "")), asked_of(route)
        query += UNDECLARED.get(route.path, ())
        path = PART.sub(str(uuid4()), route.path)
        asked: list[Asked] = [(path, {name: evil}, {}) for name in query]
        asked += [(path, {}, dict.fromkeys(form, evil))] if form else []
        if "{" in route.path:
            asked.append((PART.sub(quote(evil, safe=""), route.path), {}, {}))
        for where, said, filled in asked:
            data = filled if method == "POST" else None
            answer = await pages.request(method, where, params=said, data=data)
            if answer.status_code == 500:
                broken.add((method, route.path, *said, *filled))
    assert broken == set()


def test_no_address_is_mounted_twice(parts: WebParts) -> None:
    """The second would never be asked, and may need another permission."""
    app = seen_by(parts, "admin")
    known = [
        (method, route.path)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]
    assert len(known) == len(set(known))
