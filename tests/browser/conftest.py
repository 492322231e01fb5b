"""A real browser on a real server. Any console error or script error fails the test."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)

from tests.web.conftest import address, channel, inbox, pack, parts

__all__ = ["address", "channel", "inbox", "pack", "parts"]
HERE = Path(__file__).parent
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DESELECTED = pytest.StashKey[int]()
# Chromium notes these itself whenever a form is refused; they are answers, not faults.
EXPECTED = ("status of 403", "status of 422", "status of 429", "status of 503")
Scheme: TypeAlias = Literal["light", "dark"]
Open: TypeAlias = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser these tests cannot say anything, so they are left out, loudly."""
    here = [item for item in items if item.path.is_relative_to(HERE)]
    for item in here:
        item.add_marker("browser")
    if CHROMIUM is None and here:
        config.hook.pytest_deselected(items=here)
        items[:] = [item for item in items if item not in here]
        config.stash[DESELECTED] = len(here)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if count := config.stash.get(DESELECTED, 0):
        terminalreporter.section("NO BROWSER", red=True, bold=True)
        terminalreporter.line(
            f"{count} browser tests were left out: install Chromium (apt install chromium).",
            red=True,
        )


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield found
        await found.close()


@asynccontextmanager
async def watched(context: BrowserContext, *, besides: Sequence[str] = ()) -> AsyncIterator[Page]:
    """A page on which nothing may go wrong, besides what a test brings about."""
    faults: list[str] = []
    expected = (*EXPECTED, *besides)

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(
            text in message.text for text in expected
        ):
            faults.append(message.text)

    page = await context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(PATIENCE_MS)
    yield page
    assert faults == []


async def press(page: Page, key: str) -> None:
    """Once the page's scripts run: a page that shows may still be loading them."""
    await page.wait_for_load_state("domcontentloaded")
    await page.keyboard.press(key)


@pytest.fixture
async def open_page(browser: Browser, address: str) -> AsyncIterator[Open]:
    """Opens a path as a new visitor: how wide, light or dark, and whether scripts run."""
    async with AsyncExitStack() as stack:

        async def open_one(
            path: str,
            *,
            width: int = 390,
            scheme: Scheme = "light",
            scripts: bool = True,
            besides: Sequence[str] = (),
        ) -> Page:
            context = await browser.new_context(
                base_url=address,
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                locale="es-CL",
                timezone_id="America/Santiago",
                reduced_motion="reduce",
                java_script_enabled=scripts,
            )
            stack.push_async_callback(context.close)
            page = await stack.enter_async_context(watched(context, besides=besides))
            await page.goto(path)
            return page

        yield open_one
