"""Clientes and Mis datos in a real browser: for everybody, on a phone and at a desk."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from bot.channels.web import WebChannel
from store import app
from store.privacy.tables import PrivacyRequest
from store.session import Store
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LOOKS, check
from tests.web.conftest import KEY, Inbox
from tests.web.pages.test_customers import add_customer
from tests.web.pages.test_own_data import link, say
from web.chatting import chat_of

ANA = UUID(int=21)


async def entered(open_page: Open, path: str, **look: object) -> Page:
    page = await open_page(f"/entrar?sigue={path}", **look)
    await page.get_by_label("Clave").fill(KEY)
    await page.get_by_role("button", name="Entrar").click()
    return page


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    await add_customer(store, shop, ANA, "Ana " + "supercalifragilística" * 6)
    await say(store, shop, ANA, "https://tienda.example/" + "a" * 200)
    return ANA


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_the_list_empty_and_full_and_one_customer(
    open_page: Open, store: Store, shop: UUID, width: int, scheme: Scheme
) -> None:
    page = await entered(open_page, "/clientes", width=width, scheme=scheme)
    await expect(page.get_by_role("heading", name="Todavía no hay clientes")).to_be_visible()
    await check(page)
    await add_customer(store, shop, ANA, "Ana " + "supercalifragilística" * 6)
    for number in range(28):
        await add_customer(store, shop, UUID(int=100 + number), f"N {number}", minutes=number + 1)
    await page.reload()
    await check(page)
    await page.get_by_role("link", name="Ver más").click()
    await page.get_by_role("link", name="Ana").click()
    await page.get_by_text("Borrar datos").click()
    await check(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_a_customer_s_own_page(
    open_page: Open, store: Store, shop: UUID, ana: UUID, width: int, scheme: Scheme
) -> None:
    page = await open_page(await link(store, shop, ana), width=width, scheme=scheme)
    await check(page)
    await page.get_by_role("button", name="Ver mis datos").click()
    await page.get_by_text("Borrar mis datos").click()
    await check(page)
    await page.goto("/privacidad")
    await check(page)


async def test_without_scripts_a_customer_decides_of_everything(
    open_page: Open, store: Store, shop: UUID, ana: UUID
) -> None:
    page = await open_page(await link(store, shop, ana), scripts=False)
    await page.get_by_role("button", name="Ver mis datos").click()
    await page.get_by_role("button", name="No usar mis mensajes para entrenar").click()
    await expect(page.get_by_text("Anotado: los mensajes ya no enseñan al bot.")).to_be_visible()
    await page.get_by_role("button", name="Preparar una copia").click()
    await page.get_by_text("Borrar mis datos").click()
    await page.get_by_label("Escribe borrar para confirmar").fill("borrar")
    await page.get_by_role("button", name="Borrar para siempre").click()
    await expect(page.get_by_role("heading", name="Estamos borrando tus datos")).to_be_visible()
    async with store.reading() as session:
        rows = (await session.scalars(select(PrivacyRequest.kind))).all()
        row = (await session.scalars(select(app.Customer).where(app.Customer.id == ana))).one()
    assert sorted(rows) == ["erasure", "export", "opposition"]
    assert row.no_training


async def test_by_keyboard_a_seller_finds_a_customer_and_sees_how_they_are_known(
    open_page: Open, ana: UUID
) -> None:
    page = await entered(open_page, "/clientes", width=1280)
    await page.get_by_placeholder("Nombre, teléfono o usuario").fill("ana")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Ana").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("•••• 678")).to_be_visible()
    await page.get_by_role("button", name="Mostrar").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("+56912345678")).to_be_visible()
    assert str(ana) in page.url


async def test_without_scripts_the_public_chat_leads_a_customer_to_their_data(
    open_page: Open, store: Store, shop: UUID, ana: UUID, channel: WebChannel, inbox: Inbox
) -> None:
    """The address with the shop's key and the bare one are one chat: what is asked on one page is
    answered on the other."""
    page = await open_page("/c/demo", scripts=False)
    await page.get_by_role("link", name="Privacidad").click()
    await page.get_by_role("button", name="Pedir mis datos en el chat").click()
    await expect(page).to_have_url(re.compile(r"/chat$"))
    assert inbox.texts == ["/misdatos"]

    own = await link(store, shop, ana)
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    await channel.show(chat_of(cookies["chat"]), "uno", "bot", f"Entra en http://tienda{own}")
    for path in ("/chat", "/c/demo"):
        await page.goto(path)
        await expect(page.get_by_text(own)).to_be_visible()
    await page.goto(own)
    await page.get_by_role("button", name="Ver mis datos").click()
    await expect(page).to_have_url(re.compile(r"/mis-datos$"))
