"""The pages where sellers teach, in a real browser."""

from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from learning.questions import gather
from services.clock import now
from store.session import Store
from tests.browser.conftest import Open, Scheme, press
from tests.fixtures.store import add_shop
from tests.learning.teachers import UNKNOWN
from tests.web.conftest import KEY
from tests.web.rows import PRAISED, add_conversation, add_row

LOOKS: list[tuple[int, Scheme]] = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
PAGES = ("/ejemplos", "/ejemplos/nuevo", "/ejemplos/importar", "/revisar", "/revisar?ver=hechas",
         "/sin-respuesta", "/sin-respuesta?ver=faltan", "/admin/calidad",
         "/admin/calidad?conjunto=vivo")  # fmt: skip


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def enter(page: Page) -> None:
    await page.get_by_label("Clave").fill(KEY)
    await page.get_by_role("button", name="Entrar").click()


async def unanswered(store: Store, shop: UUID, *texts: str) -> None:
    at = now() - timedelta(hours=1)
    for number, text in enumerate(texts):
        await add_row(
            store, shop, f"u{number}", at=at, minutes=number, user_message=text, context=UNKNOWN
        )
    await gather(store, shop, now())


async def check(page: Page) -> None:
    width = await page.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert width[0] <= width[1], page.url
    found = await Axe().run(page)
    bad = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in bad] == [], page.url


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_every_page_is_fit_for_everybody_empty_and_full(
    open_page: Open, store: Store, shop: UUID, width: int, scheme: Scheme
) -> None:
    page = await open_page("/ejemplos", width=width, scheme=scheme)
    await enter(page)
    for path in PAGES:
        await page.goto(path)
        await check(page)
    await add_row(store, shop, "larga" * 40, user_message="x" * 900, **PRAISED)
    await unanswered(store, shop, "¿hacen envíos a Arica?", "y" * 600, "¿venden termos?")
    for path in PAGES:
        await page.goto(path)
        await check(page)


async def test_a_sale_is_marked_and_undone_by_keyboard(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "a")
    page = await open_page("/ejemplos", width=1280)
    await enter(page)
    await expect(page.locator(".lesson")).to_have_count(1)

    await page.wait_for_load_state()
    await press(page, "j")
    await press(page, "v")
    await expect(page.locator(".lesson .tag.sale")).to_have_text("Venta")
    await press(page, "u")

    await expect(page.get_by_text("Deshecho: todo quedó como antes.")).to_be_visible()
    await expect(page.locator(".lesson .tag.sale")).to_have_count(0)


async def test_several_are_chosen_with_a_range_and_left_out(
    open_page: Open, store: Store, shop: UUID
) -> None:
    for number in range(5):
        await add_row(store, shop, f"n{number}", minutes=number)
    page = await open_page("/ejemplos", width=1280)
    await enter(page)
    await expect(page.locator(".lesson")).to_have_count(5)

    await page.wait_for_load_state()
    await press(page, "j")
    await expect(page.locator(".here")).to_have_count(1)
    await press(page, "x")
    await press(page, "j")
    await press(page, "j")
    await press(page, "Shift+X")
    await expect(page.locator(".lesson input:checked")).to_have_count(3)
    await page.locator("#varios").get_by_role("button", name="Excluir").click()

    await expect(page.locator(".lesson .tag.bad")).to_have_count(3)


async def test_a_case_is_reviewed_by_keyboard_alone(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await unanswered(store, shop, "¿hacen envíos a Arica?", "¿venden termos?")
    page = await open_page("/revisar", width=1280)
    await enter(page)
    await expect(page.get_by_text("¿hacen envíos a Arica?")).to_be_visible()

    await page.wait_for_load_state()
    await press(page, "4")
    await expect(page.get_by_role("radio", name="★ 4")).to_be_checked()
    await press(page, "Enter")
    await expect(page.get_by_text("¿venden termos?")).to_be_visible()
    await press(page, "d")
    await expect(page.get_by_text("¡Al día!")).to_be_visible()
    await press(page, "u")

    await expect(page.get_by_text("¿venden termos?")).to_be_visible()


async def test_without_scripts_everything_can_be_taught(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await unanswered(store, shop, "¿hacen envíos a Arica?")
    page = await open_page("/ejemplos", scripts=False)
    await enter(page)

    await page.get_by_role("button", name="Fue venta", exact=True).last.click()
    await expect(page.get_by_text("Marcada como venta.")).to_be_visible()
    await page.get_by_role("button", name="Deshacer").click()
    await page.goto("/revisar")
    await page.get_by_role("radio", name="★ 2").check()
    await page.get_by_role("button", name="Guardar y siguiente").click()
    await expect(page.get_by_text("¡Al día!")).to_be_visible()
    await page.goto("/sin-respuesta")
    await page.get_by_text("Responder una vez").first.click()
    await page.get_by_label("Tu respuesta").fill("Sí, a Arica llegamos por tierra.")
    await page.get_by_role("button", name="Guardar la respuesta").click()

    await expect(page.get_by_text("Respondida. El bot ya la encuentra.")).to_be_visible()


async def test_the_door_opens_by_keyboard_and_leads_back(open_page: Open) -> None:
    page = await open_page("/ejemplos")
    await expect(page.get_by_label("Clave")).to_be_focused()

    await page.keyboard.type("otra")
    await press(page, "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("no es la de esta tienda")
    await page.keyboard.type(KEY)
    await press(page, "Enter")

    await expect(page.get_by_text("Todavía no hay ejemplos")).to_be_visible()
