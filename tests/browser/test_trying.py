"""The bot is tried in a real browser: a conversation, and its two keys."""

from dataclasses import replace
from uuid import UUID

import pytest
from playwright.async_api import expect

from store.session import Store
from tests.browser.conftest import Open, Scheme
from tests.browser.test_teach import LOOKS, check, enter
from tests.fixtures.store import add_shop
from tests.web.conftest import parts as plain
from tests.web.pages.test_trying import Echo
from web.app import WebParts

assert plain


@pytest.fixture
async def shop(store: Store) -> UUID:
    return await add_shop(store)


@pytest.fixture
def parts(parts: WebParts) -> WebParts:
    return replace(parts, rehearse=Echo())


async def test_a_conversation_is_had_edited_and_cleared_by_keyboard(open_page: Open) -> None:
    page = await open_page("/probar", width=1280)
    await enter(page)
    said, field = page.locator(".turn.customer .text"), page.get_by_label("Tu mensaje")
    for number, text in enumerate(("hola", "¿cuánto cuesta?"), 1):
        await field.fill(text)
        await field.press("Enter")
        await expect(said).to_have_count(number)
    await page.wait_for_load_state()

    await field.press("ArrowUp")
    await expect(field).to_have_value("¿cuánto cuesta?")
    await field.fill("¿cuánto demora?")
    await field.press("Enter")
    await expect(said).to_have_text(["hola", "¿cuánto demora?"])
    await page.get_by_role("button", name="Azul").last.click()
    await expect(said).to_have_text(["hola", "¿cuánto demora?", "Azul"])
    await page.wait_for_load_state()

    await page.get_by_label("Tu mensaje").press("Control+l")
    await expect(said).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_it_is_fit_for_everybody(open_page: Open, width: int, scheme: Scheme) -> None:
    page = await open_page("/probar", width=width, scheme=scheme)
    await enter(page)
    await check(page)
    await page.get_by_label("Tu mensaje").fill("larga" * 60)
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await check(page)
    turns = await page.locator(".talked").bounding_box()
    panel = await page.locator(".panel").bounding_box()
    assert turns is not None
    assert panel is not None
    assert (panel["y"] > turns["y"] + turns["height"]) == (width < 1000)
