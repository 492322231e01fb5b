"""Every page there is in a real browser: empty and with one of each kind, on a phone and a desk, in
light and dark."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from store.session import Store
from tests.browser.conftest import Open
from tests.fixtures.store import add_shop
from tests.web.desks import equipped, seen_by, settings_in
from tests.web.lenders import lending
from tests.web.places import opened_once, places, plain, settle
from web.app import WebParts, build
from web.server import serve

PHONE, DESK = 390, 1280
HIGH: Final = 800
SERIOUS: Final = frozenset({"serious", "critical"})
COLOURS: Final[dict[str, Any]] = {"runOnly": ["color-contrast"]}
"""All that dark changes for axe."""


@pytest.fixture
def whole(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> WebParts:
    """With every page there can be."""
    tooled, _ = equipped(lending(parts), settings_in(tmp_path, prefix, redis_url))
    return replace(tooled, demo={"Eva": "eva@demo.cl"})


@pytest.fixture
async def address(whole: WebParts) -> AsyncIterator[str]:
    """A real server, where whoever comes is an administrator."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    running = asyncio.create_task(serve(seen_by(whole, "admin"), "127.0.0.1", 0, ports.put_nowait))
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(ports.get(), 60)}"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def barriers(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    found = await Axe().run(page, options=options)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found.response["violations"]
        if fault["impact"] in SERIOUS
    ]


async def faults(page: Page) -> list[str]:
    """At both widths what axe knows and a scroll sideways; in the dark, colours."""
    found = []
    for width in (DESK, PHONE):
        await page.set_viewport_size({"width": width, "height": HIGH})
        beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{beyond} px beyond {width}"] if beyond > 0 else []
        found += [f"{width} {one}" for one in await barriers(page)]
    await page.emulate_media(color_scheme="dark")
    found += [f"dark {one}" for one in await barriers(page, COLOURS)]
    await page.emulate_media(color_scheme="light")
    return found


async def walked(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for path in addresses:
        await page.goto(path)
        if wrong := await faults(page):
            found[path] = wrong
    return found


@pytest.mark.timeout(900)
async def test_no_page_of_an_empty_shop_has_a_barrier(open_page: Open, whole: WebParts) -> None:
    page = await open_page("/hoy")
    assert await walked(page, plain(build(whole))) == {}


@pytest.mark.timeout(900)
async def test_no_page_with_one_of_each_kind_has_a_barrier(
    open_page: Open, whole: WebParts, store: Store
) -> None:
    await add_shop(store)
    await settle(store, whole.shop)
    once = await opened_once(whole)
    page = await open_page("/hoy")
    addresses = [*plain(build(whole)), *places(whole.shop).values(), *once.values()]
    assert await walked(page, addresses) == {}
