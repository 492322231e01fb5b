"""The door and the pages about who may enter, in a real browser."""

import re

import pytest
from playwright.async_api import expect

from store.audit import record
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LONG, LOOKS, RIGHT_TO_LEFT, check, shop
from tests.web.conftest import KEY
from tests.web.staff import ANA, PASSWORD, a_key, ana, person
from web.app import WebParts

__all__ = ["shop"]
HOME = re.compile(r"/hoy$")
PAGES = ("/ajustes/equipo", "/ajustes/claves", "/ajustes/sesiones", "/ajustes/cuenta")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_the_pages_of_people(
    open_page: Open, parts: WebParts, width: int, scheme: Scheme
) -> None:
    await ana(parts)
    await person(parts, "viewer", email=f"{'largo' * 10}@tienda.cl")
    await a_key(parts, ["serving", "reading"])
    async with parts.store.tenant(parts.shop) as session:
        told: dict[str, object] = {"role": LONG, "name": RIGHT_TO_LEFT}
        await record(session, parts.shop, "shop", "person.role", f"person:{LONG}", after=told)
    page = await open_page("/entrar", width=width, scheme=scheme)
    await check(page)
    await page.get_by_label("Correo").fill(ANA)
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Mostrar").click()
    await expect(page.get_by_label("Contraseña")).to_have_attribute("type", "text")
    await page.get_by_label("Contraseña").press("Enter")
    await expect(page).to_have_url(HOME)
    for path in (*PAGES, "/admin/auditoria"):
        await page.goto(path)
        await check(page)


@pytest.mark.usefixtures("shop")
async def test_without_javascript_a_shop_gets_its_first_account_and_invites_a_second(
    open_page: Open,
) -> None:
    page = await open_page("/entrar", scripts=False)
    await page.get_by_label("Clave de la tienda").fill(KEY)
    await page.get_by_role("button", name="Entrar con la clave").click()
    await page.get_by_role("complementary").get_by_role("link", name="Crea tu cuenta").click()
    await page.get_by_label("Tu nombre").fill("Ana")
    await page.get_by_label("Correo").fill(ANA)
    await page.get_by_label("Contraseña").fill("ana-ana-ana-ana")
    await page.get_by_role("button", name="Crear mi cuenta").click()
    await expect(page.get_by_role("alert")).to_contain_text("fácil de adivinar")
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Crear mi cuenta").click()
    await expect(page).to_have_url(HOME)
    await page.goto("/ajustes/equipo")
    await page.get_by_label("Nombre", exact=True).fill("Eva")
    await page.get_by_label("Correo").fill("eva@tienda.cl")
    await page.get_by_role("button", name="Invitar").click()
    link = await page.get_by_label("Enlace", exact=True).input_value()
    await page.goto("/mas")
    await page.get_by_role("button", name="Salir").click()
    await page.goto(link)
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Guardar y entrar").click()
    await page.goto("/ajustes/sesiones")
    await expect(page.get_by_text("Esta sesión")).to_be_visible()


@pytest.mark.usefixtures("shop")
async def test_whoever_mistypes_reads_why_and_need_not_type_the_e_mail_again(
    open_page: Open, parts: WebParts
) -> None:
    await ana(parts)
    page = await open_page("/entrar")
    await page.get_by_label("Correo").fill(ANA)
    await page.get_by_label("Contraseña").fill("otra")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("no van juntos")
    await expect(page.get_by_label("Correo")).to_have_value(ANA)
    await expect(page.get_by_label("Contraseña")).to_be_focused()
    for _ in range(5):
        await page.get_by_label("Contraseña").fill("otra")
        await page.keyboard.press("Enter")
        await page.wait_for_load_state()
    await expect(page.get_by_role("alert")).to_contain_text("Espera 15 min")
