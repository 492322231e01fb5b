"""Every page shows ways that are open: no link leads whoever sees it to a closed door."""

import re
from collections import Counter, deque
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx2
import pytest

from store.session import Store
from tests.builders import add_history
from tests.web.desks import equipped, settings_in
from tests.web.roles import acting
from web.app import WebParts

LINK: Final = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+|=[^&]*")
ALIKE: Final = 2
"""So many addresses that differ in an id alone are tried."""
CLOSED: Final = {401, 403, 404, 405}
NO_PAGES: Final = ("/static/", "/archivos/", "/fotos/")


async def closed(client: httpx2.AsyncClient, first: str) -> dict[str, str]:
    """Links that led nowhere, with the page that has each."""
    left, seen = deque([(first, "")]), Counter[str]()
    found: dict[str, str] = {}
    while left:
        address, page = left.popleft()
        seen[ID.sub("*", address)] += 1
        if seen[ID.sub("*", address)] > ALIKE or address.startswith(NO_PAGES):
            continue
        answer = await client.get(address, follow_redirects=True)
        if answer.status_code in CLOSED:
            found[address] = page
        if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
            links = LINK.findall(answer.text)
            left.extend((urljoin(address, one.replace("&amp;", "&")), address) for one in links)
    assert len(seen) > 10, "hardly any page was found"
    return found


@pytest.mark.parametrize("role", ["admin", "owner", "seller", "viewer"])
async def test_no_link_leads_to_a_closed_door(
    parts: WebParts, store: Store, tmp_path: Path, prefix: str, redis_url: str, role: str
) -> None:
    tooled, _ = equipped(parts, settings_in(tmp_path, prefix, redis_url))
    await add_history(store, parts.shop, 4)
    async with acting(tooled, role) as client:
        assert await closed(client, "/hoy") == {}
