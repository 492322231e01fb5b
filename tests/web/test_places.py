"""What each role finds on every page: no address that is missing, shut or not for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from starlette.routing import Match

from tests.fixtures.store import add_shop
from tests.web.conftest import asking
from tests.web.desks import equipped, seen_by, settings_in
from tests.web.lenders import lending
from tests.web.places import NO_PAGES, opened_once, pages, places, plain, settle
from web.app import WebParts, build
from web.permissions import GRANTS, Perm, Role
from web.routing import PUBLIC

LINK: Final = re.compile(r'<a [^>]*?href="([^"#]+)')
FORM: Final = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
ACTION: Final = re.compile(r'\baction="([^"]*)"')
OF_BUTTON: Final = re.compile(r'<button(?![^>]*formmethod="get")[^>]*formaction="([^"]*)"')
SHUT: Final = re.compile(r"<fieldset[^>]* disabled")
DOES: Final = re.compile(r'method="post"')
ROLES: Final[tuple[Role, ...]] = ("viewer", "seller", "owner", "admin")


@pytest.fixture
def whole(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> WebParts:
    """With every page there can be."""
    tooled, _ = equipped(lending(parts), settings_in(tmp_path, prefix, redis_url))
    return replace(tooled, demo={"Eva": "eva@demo.cl"})


async def test_every_page_has_a_place_where_a_browser_looks_at_it(whole: WebParts) -> None:
    """A new page whose address names something is put into `places`, or into NO_PAGES."""
    await add_shop(whole.store)
    await settle(whole.store, whole.shop)
    app = build(whole)
    known = {*places(whole.shop), *await opened_once(whole)}
    stand = {urlsplit(path).path for path in plain(app)}

    assert set(pages(app)) - stand == set(known)
    assert {path for _, path in app.state.needs} >= NO_PAGES


@dataclass(frozen=True)
class Walk:
    """Somebody of a role who follows whatever a page offers."""

    app: FastAPI
    role: Role
    client: httpx2.AsyncClient

    def may(self, method: str, path: str) -> bool:
        scope = {"type": "http", "method": method, "path": path}
        for route in self.app.routes:
            if route.matches(scope)[0] == Match.FULL:
                need = self.app.state.needs.get((method, route.path))  # type: ignore[attr-defined]
                return need is None or need == PUBLIC or Perm(need) in GRANTS[self.role]
        return False

    async def faults(self, addresses: list[str]) -> dict[str, object]:
        found: dict[str, object] = {}
        links: dict[str, str] = {}
        for address in addresses:
            if not self.may("GET", urlsplit(address).path):
                continue
            answer = await self.client.get(address)
            if answer.status_code not in {200, 303}:
                found[address] = answer.status_code
            links |= dict.fromkeys(offered(answer.text, address), address)
            for to in deeds(answer.text, address):
                if not self.may("POST", to):
                    found[f"{address} does {to}"] = "not for this role"
        for to, address in links.items():
            answer = await self.client.get(to)
            if answer.status_code >= httpx2.codes.BAD_REQUEST:
                found[f"{address} leads to {to}"] = answer.status_code
        return found


def offered(text: str, at: str) -> Iterator[str]:
    for to in LINK.findall(text):
        address = urljoin(at, unescape(to))
        if not urlsplit(address).netloc and not urlsplit(address).scheme:
            yield address


def deeds(text: str, at: str) -> Iterator[str]:
    """Where its forms go; one that is shut only shows what is chosen."""
    for form, inside in FORM.findall(text):
        if SHUT.search(inside):
            continue
        if DOES.search(form):
            to = ACTION.search(form)
            if not OF_BUTTON.findall(inside) or to:
                yield urlsplit(urljoin(at, unescape(to[1]) if to else at)).path
        yield from (urlsplit(urljoin(at, unescape(to))).path for to in OF_BUTTON.findall(inside))


@pytest.mark.parametrize("role", ROLES)
async def test_whatever_a_page_offers_is_there_for_whoever_sees_it(
    whole: WebParts, role: Role
) -> None:
    await add_shop(whole.store)
    await settle(whole.store, whole.shop)
    once = await opened_once(whole)
    app = seen_by(whole, role)
    async with asking(app) as client:
        walk = Walk(app, role, client)
        addresses = [*plain(app), *places(whole.shop).values(), *once.values()]
        found = await walk.faults(addresses)
        assert found == {}
