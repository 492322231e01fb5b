"""The bell of every page, in a real browser: it counts by the live stream and leads to them."""

import re

import pytest
from playwright.async_api import expect

from services.news import News, key_of
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LOOKS, check, shop
from tests.web.pages.test_alerts import fired
from tests.web.staff import ANA, PASSWORD, ana
from web.app import WebParts

__all__ = ["shop"]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_the_bell_rings_while_a_page_is_open(
    open_page: Open, parts: WebParts, width: int, scheme: Scheme
) -> None:
    await ana(parts)
    page = await open_page("/entrar", width=width, scheme=scheme)
    await page.get_by_label("Correo").fill(ANA)
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_label("Contraseña").press("Enter")
    await expect(page).to_have_url(re.compile(r"/hoy$"))
    bell = page.locator("#campana")
    await expect(bell).to_contain_text("Ninguna alerta abierta")
    await expect(bell).to_be_visible(visible=width > 390)
    await fired(parts.store, parts.shop, "errors")
    await fired(parts.store, parts.shop, "queue")
    news = News(parts.wire, key_of(parts.channel.prefix, parts.shop))
    await news.tell("alert", rule="errors")
    link = page.get_by_role("link", name="2 alertas abiertas")
    await expect(link).to_be_visible()
    await check(page)
    await link.click()
    await expect(page.get_by_role("heading", name="Respuestas que fallan")).to_be_visible()
    await expect(link).to_be_visible()
    await check(page)
    for path in ("/admin/sistema", "/conversaciones", "/hoy"):
        await page.goto(path)
