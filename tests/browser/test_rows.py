"""The seller's pages in a real browser."""

from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from store.session import Store
from tests.browser.conftest import Open
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY
from tests.web.rows import PRAISED, add_conversation, add_row, add_score, judge


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def enter(page: Page) -> None:
    await page.get_by_label("Clave").fill(KEY)
    await page.get_by_role("button", name="Entrar").click()
    await expect(page.get_by_role("heading", name="Lo que aprende tu bot")).to_be_visible()


async def test_the_door_opens_by_keyboard_and_leads_back(open_page: Open) -> None:
    page = await open_page("/filas")
    await expect(page.get_by_label("Clave")).to_be_focused()

    await page.keyboard.type("otra")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("no es la de esta tienda")
    await page.keyboard.type(KEY)
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Todavía no hay conversaciones")).to_be_visible()


async def test_a_row_and_its_score_appear_without_a_reload(
    open_page: Open, store: Store, shop: UUID
) -> None:
    page = await open_page("/filas")
    await enter(page)

    row = await add_row(store, shop, "viva")
    await expect(page.get_by_text("pregunta viva", exact=True)).to_be_visible()
    await expect(page.get_by_text("Aún sin respuesta del cliente")).to_be_visible()
    await add_score(store, shop, row, 1)
    await judge(store, shop, row, **PRAISED)

    await expect(page.get_by_text("5 de 5")).to_be_visible()
    await expect(page.locator(".tag.sale")).to_have_text("Venta")
    await expect(page.locator(".clue")).to_have_text("la quiero")


async def test_the_category_filters_as_soon_as_it_is_picked(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "precio")
    await add_row(store, shop, "pago", category="proceso_pago")
    page = await open_page("/filas")
    await enter(page)

    await page.get_by_label("Categoría").select_option("pago")

    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.get_by_text("pregunta pago", exact=True)).to_be_visible()
    assert page.url.endswith("/filas?categoria=proceso_pago")


async def test_without_scripts_filters_and_details_work(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "vendida", **PRAISED)
    await add_row(store, shop, "otra")
    page = await open_page("/filas", scripts=False)
    await enter(page)

    await page.get_by_role("link", name="Solo ventas").click()
    await expect(page.locator(".row")).to_have_count(1)
    await page.get_by_label("Categoría").select_option("pago")
    await page.get_by_role("button", name="Filtrar").click()
    await expect(page.get_by_text("Nada por aquí")).to_be_visible()
    await page.get_by_role("link", name="Quitar filtros").click()
    await page.get_by_role("link", name="Ver detalle").first.click()

    await expect(page.get_by_role("heading", name="¿Por qué respondió esto?")).to_be_visible()


async def test_what_people_wrote_asks_for_nothing(
    open_page: Open, store: Store, shop: UUID
) -> None:
    text = '<b hx-get="/salir" hx-trigger="load">x</b><img src=x onerror="alert(1)">'
    await add_row(store, shop, "x", user_message=text, bot_response=text, user_feedback=text)
    page = await open_page("/filas")
    await enter(page)

    await expect(page.locator(".turn .text")).to_have_text([text] * 3)
    await expect(page.locator(".turn b, .turn img")).to_have_count(0)


async def test_one_can_leave(open_page: Open) -> None:
    page = await open_page("/filas")
    await enter(page)

    await page.get_by_role("button", name="Salir").click()

    await expect(page.get_by_label("Clave")).to_be_visible()
