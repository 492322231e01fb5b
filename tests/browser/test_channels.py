"""Connecting a bot and choosing how it speaks, in a real browser."""

from dataclasses import dataclass, replace

import pytest
from playwright.async_api import expect

from bot.states import States
from store.accounts import AccountRow, save_account
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LOOKS, check
from tests.web.conftest import KEY
from tests.web.pages.test_channels import ACCOUNT, TOKEN, Line
from web.app import WebParts
from web.connecting import CLOUD, Found, Offer
from web.hands import Hand


@dataclass
class NumberLine(Line):
    """Meta has to be told where to call, Telegram not."""

    async def connect(self, account: str, offer: Offer, by: Hand, *, anyway: bool) -> Found:
        found = await super().connect(account, offer, by, anyway=anyway)
        if offer.network != CLOUD:
            return found
        return replace(found, path=f"/whatsapp/{'0a1b' * 10}", verify="word-of-ours")


@pytest.fixture
def parts(parts: WebParts) -> WebParts:
    """Ways to the networks, one of which the settings name."""
    named = ("web:main", ACCOUNT, "telegram:soporte")
    line = NumberLine(fixed=("telegram:soporte",))
    return replace(parts, connecting=line, channels=named)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_a_token_is_tried_in_its_place_and_a_tone_is_picked(
    open_page: Open, parts: WebParts, width: int, scheme: Scheme
) -> None:
    row = AccountRow(
        shop_id=parts.shop, account=ACCOUNT, network="telegram", name="main", options={},
        secrets=b"sealed",
    )  # fmt: skip
    async with parts.store.transaction() as session:
        await save_account(session, row)
    refused = "Telegram does not know the token: check TELEGRAM_BOT_TOKEN"
    await States(parts.wire, parts.channel.prefix).tell(ACCOUNT, "refused", refused)
    page = await open_page("/entrar", width=width, scheme=scheme)
    await page.get_by_label("Clave de la tienda").fill(KEY)
    await page.get_by_role("button", name="Entrar con la clave").click()
    await page.goto("/ajustes/canales")
    await check(page)
    form = page.locator("#conectar")
    await form.get_by_label("Token de tu bot de Telegram").fill(TOKEN)
    await form.get_by_role("button", name="Probar conexión").click()
    await expect(form.get_by_role("status")).to_contain_text("@TiendaBot")
    await expect(form.get_by_label("Token de tu bot de Telegram")).to_have_value(TOKEN)
    await page.locator("summary", has_text="Cambiar token").click()
    await check(page)
    await page.goto("/primeros-pasos")
    await check(page)
    await page.get_by_label("Breve").check()
    await page.get_by_role("button", name="Elegir este tono").click()
    await expect(page.locator("#paso-tono")).to_contain_text("Listo")
    await check(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_a_number_is_connected_and_what_meta_needs_is_there_to_copy(
    open_page: Open, width: int, scheme: Scheme
) -> None:
    page = await open_page("/entrar", width=width, scheme=scheme)
    await page.get_by_label("Clave de la tienda").fill(KEY)
    await page.get_by_role("button", name="Entrar con la clave").click()
    await page.goto("/ajustes/canales")
    form = page.locator("#conectar-whatsapp")
    await form.get_by_label("Identificador del número").fill("1122334455667")
    await form.get_by_label("Token de acceso").fill("EAAtoken0")
    await form.get_by_label("Secreto de la app").fill("secreto-de-la-app")
    await form.get_by_role("button", name="Conectar").click()
    await expect(page.locator("#meta-verificacion")).to_have_value("word-of-ours")
    await check(page)
