"""Pages that everybody can use: no barrier that axe knows, and no sideways scroll on a phone."""

from itertools import product
from typing import cast
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.channels.web import WebChannel
from store.session import Store
from tests.browser.conftest import Open, Scheme
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY
from tests.web.rows import (
    PRAISED,
    add_conversation,
    add_delivery,
    add_row,
    add_score,
)
from web.chatting import chat_of

LOOKS = [
    pytest.param(width, cast("Scheme", scheme), id=f"{width}-{scheme}")
    for width, scheme in product((390, 1280), ("light", "dark"))
]
LONG = "supercalifragilístico" * 12 + " https://tienda.example/" + "a" * 200
RIGHT_TO_LEFT = "مرحبا، كم سعر الحقيبة؟"


async def check(page: Page) -> None:
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = await Axe().run(page)
    serious = [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in found.response["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]

    assert width <= 0
    assert serious == []


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_the_chat(open_page: Open, channel: WebChannel, width: int, scheme: Scheme) -> None:
    page = await open_page("/chat", width=width, scheme=scheme)
    await check(page)
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    chat = chat_of(cookies["chat"])
    for number, text in enumerate((LONG, RIGHT_TO_LEFT, "/fotos/MOC-001.svg")):
        await channel.show(chat, f"b{number}", "bot", text)
        await channel.show(chat, f"c{number}", "customer", text)
    await expect(page.locator(".line")).to_have_count(6)
    await expect(page.locator(".typing:visible")).to_have_count(1)

    await check(page)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_the_sellers_pages(
    open_page: Open, store: Store, shop: UUID, width: int, scheme: Scheme
) -> None:
    page = await open_page("/entrar", width=width, scheme=scheme)
    await check(page)
    await page.get_by_label("Clave").fill(KEY)
    await page.get_by_role("button", name="Entrar").click()
    await expect(page.get_by_role("heading", name="Hola")).to_be_visible()
    await check(page)
    await page.goto("/ejemplos")
    await expect(page.get_by_text("Todavía no hay ejemplos")).to_be_visible()
    await check(page)
    row = await add_row(
        store, shop, "larga", user_message=LONG, bot_response=RIGHT_TO_LEFT, product_name=LONG,
        context={"history": [LONG], "sources": [{"kind": "product", "id": "x", "title": LONG}],
                 "verdict": "ok"}, slots={"producto": LONG}, **PRAISED,
    )  # fmt: skip
    await add_score(store, shop, row, 1, evidence=[{"text": LONG, "weight": -1}])
    await add_delivery(store, shop, row, "failed", LONG)
    for score in (None, 1, 2, 3, 4):
        await add_row(store, shop, str(score), user_feedback="dale", quality_score=score)
    await page.reload()
    await expect(page.locator(".row")).to_have_count(6)
    await check(page)

    await page.goto(f"/ejemplos/{row}")

    await check(page)
    await page.goto("/ejemplos?nota=2&venta=si&intencion=saludo")
    await check(page)
