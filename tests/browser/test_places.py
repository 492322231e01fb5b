"""Every page there is in a real browser: empty, with one and with a thousand of each kind, on a
phone and a desk, in light and dark."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from store.session import Store
from tests.browser.conftest import Open, Scheme
from tests.fixtures.store import add_shop
from tests.web.desks import equipped, seen_by, settings_in
from tests.web.lenders import lending
from tests.web.places import opened_once, places, plain, settle
from tests.web.thousands import multiply
from web.app import WebParts, build
from web.server import serve

PHONE, DESK = 390, 1280
HIGH: Final = 800
SERIOUS: Final = frozenset({"serious", "critical"})
MOST_BYTES: Final = 100_000
"""Of the page itself: what grows with a shop would be far over it."""
LOOKS: Final[Sequence[tuple[int, Scheme]]] = (
    (DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light")
)  # fmt: skip
"""Of one load: neither the width nor the scheme is asked of the server again."""
AXE: Final = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
UNSHADED: Final = """[...document.querySelectorAll(".wide-table")].filter(one =>
    one.scrollWidth > one.clientWidth
    && !getComputedStyle(one).backgroundAttachment.includes("local")).length"""
"""Tables that go on behind an edge which does not tell."""


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


async def faults(page: Page) -> list[str]:
    """At both widths a scroll sideways, and in both schemes what axe knows."""
    found = []
    await page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": width, "height": HIGH})
        beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{beyond} px beyond {width}"] if beyond > 0 else []
        hidden = await page.evaluate(UNSHADED)
        found += [f"{hidden} tables cut at {width}"] if hidden else []
        found += [
            f"{width} {scheme} {fault['id']}: {fault['nodes'][0]['html'][:200]}"
            for fault in await page.evaluate(AXE)
            if fault["impact"] in SERIOUS
        ]
    return found


async def walked(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    for path in addresses:
        answer = await page.goto(path)
        assert answer is not None
        wrong = await faults(page)
        if answer.status != 200:
            wrong.append(f"status {answer.status}")
        if (size := len(await answer.body())) > MOST_BYTES:
            wrong.append(f"{size} bytes")
        if wrong:
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


@pytest.mark.timeout(900)
async def test_no_page_with_a_thousand_of_each_kind_has_a_barrier(
    open_page: Open, whole: WebParts, store: Store
) -> None:
    await add_shop(store)
    await settle(store, whole.shop)
    once = await opened_once(whole)
    await multiply(store, whole.shop)
    page = await open_page("/hoy")
    addresses = [*plain(build(whole)), *places(whole.shop).values(), *once.values()]
    assert await walked(page, addresses) == {}
