"""A seller's day in a real browser: by keyboard, without scripts, on a phone and at a desk."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import cast
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from services.news import News, key_of
from store.session import Store
from tests.browser.conftest import Open, Scheme, press
from tests.browser.test_everybody import LONG, RIGHT_TO_LEFT, check
from tests.web.conftest import KEY
from tests.web.talks import add_order, add_talk, hand_over, line_of
from web.app import WebParts

NOW = datetime.now(UTC)
SAID = [
    ("customer", "¿cuánto cuesta la mochila?"),
    ("bot", "La mochila cuesta $24.990"),
    ("customer", "gracias"),
]
LOOKS = [
    pytest.param(width, cast("Scheme", scheme), id=f"{width}-{scheme}")
    for width, scheme in product((390, 1280), ("light", "dark"))
]


async def enter(page: Page, path: str) -> None:
    await page.get_by_label("Clave").fill(KEY)
    await press(page, "Enter")
    await page.wait_for_url(lambda url: "/entrar" not in url and url.endswith(path))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_nobody_meets_a_barrier_empty_one_or_many(
    open_page: Open, store: Store, shop: UUID, width: int, scheme: Scheme
) -> None:
    page = await open_page("/hoy", width=width, scheme=scheme)
    await enter(page, "/hoy")
    for path in ("/hoy", "/conversaciones"):
        await page.goto(path)
        await expect(page.get_by_text("Todavía no hay conversaciones")).to_be_visible()
        await check(page)
    ana = await add_talk(store, shop, LONG[:80], ("customer", LONG), ("bot", RIGHT_TO_LEFT), at=NOW)
    await hand_over(store, shop, ana, at=NOW)
    for number in range(32):
        await add_talk(store, shop, f"Cliente {number}", *SAID, at=NOW - timedelta(minutes=number))
    reply = f"/conversaciones/{ana}/respuestas/{line_of(ana, 1)}"
    for path in ("/hoy", "/conversaciones", f"/conversaciones/{ana}", f"{reply}/mejorar",
                 f"{reply}/porque"):  # fmt: skip
        await page.goto(path)
        await check(page)


async def test_a_seller_works_through_the_inbox_by_keyboard(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Luis", *SAID, at=NOW - timedelta(minutes=5))
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    page = await open_page("/conversaciones", width=1280)
    await enter(page, "/conversaciones")

    await press(page, "j")
    await press(page, "Enter")
    await page.wait_for_url(f"**/conversaciones/{ana}#estado")
    await press(page, "4")
    await expect(page.get_by_role("button", name="4 de 5")).to_have_attribute(
        "aria-pressed", "true"
    )
    await press(page, "n")
    await expect(page.get_by_label("Solo la ve tu equipo")).to_be_focused()
    await page.keyboard.type("paga al contado")
    await press(page, "Control+Enter")
    await expect(page.locator(".noted")).to_contain_text("paga al contado")
    await press(page, "v")
    await expect(page.get_by_text("Sí, venta")).to_be_visible()
    await press(page, "l")
    await expect(page.get_by_label("Tu respuesta", exact=True)).to_be_focused()
    await page.keyboard.type("Hola")
    await press(page, "Control+Enter")
    await expect(page.get_by_text("Enviado")).to_be_visible()
    await press(page, "Escape")
    await press(page, "w")
    await expect(page.get_by_role("heading", name="¿Por qué respondió eso?")).to_be_visible()
    await press(page, "m")
    await expect(page.get_by_label("La respuesta mejorada")).to_be_focused()
    await page.keyboard.type(" y hay stock")
    await expect(page.locator("ins")).to_contain_text("stock")
    await page.goto(f"/conversaciones/{ana}")
    await press(page, "z")
    await expect(page.get_by_role("button", name="1 hora")).to_be_focused()
    await press(page, "Enter")
    await expect(page.locator("#estado")).to_contain_text("Pospuesta")
    await press(page, "e")
    await expect(page.locator("#estado")).not_to_contain_text("Pospuesta")
    await press(page, "e")
    await expect(page.locator("#estado")).to_contain_text("Resuelta")
    await press(page, "?")
    await expect(page.locator("#atajos")).to_contain_text("Resolver y pasar a la siguiente")


async def test_without_scripts_every_task_can_be_done(
    open_page: Open, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    await hand_over(store, shop, ana, at=NOW)
    page = await open_page("/hoy", scripts=False)
    await enter(page, "/hoy")

    await page.get_by_role("button", name="Atender a Ana").click()
    await page.wait_for_url(re.compile(f"/conversaciones/{ana}.*#final$"))
    await page.get_by_role("button", name="5 de 5").click()
    await expect(page.get_by_role("button", name="5 de 5")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.locator("#nota-privada summary").click()
    await page.get_by_label("Solo la ve tu equipo").fill("vuelve mañana")
    await page.get_by_role("button", name="Guardar nota").click()
    await expect(page.locator(".noted")).to_contain_text("vuelve mañana")
    await page.get_by_label("Tu respuesta", exact=True).fill("Hola Ana")
    await page.get_by_role("button", name="Enviar y atender yo").click()
    await expect(page.get_by_text("Enviado")).to_be_visible()
    await page.get_by_role("button", name="Resolver", exact=True).click()
    await expect(page.locator("#estado")).to_contain_text("Resuelta")
    await page.goto("/hoy")
    await page.get_by_text("Pausar bot").click()
    await page.get_by_role("button", name="Pausar ahora").click()
    await expect(page.get_by_text("Bot en pausa")).to_be_visible()


async def test_what_happens_appears_while_a_text_is_being_typed(
    open_page: Open, store: Store, shop: UUID, parts: WebParts
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    page = await open_page(f"/conversaciones/{ana}", width=1280)
    await enter(page, f"/conversaciones/{ana}")
    await page.get_by_label("Tu respuesta", exact=True).fill("Estoy escrib")
    await page.locator("#posponer summary").click()

    await add_order(store, shop, ana, at=NOW, state="receipt")
    luis = await add_talk(store, shop, "Luis", *SAID, at=NOW)
    news = News(parts.wire, key_of(parts.channel.prefix, shop))
    await news.tell("message", conversations=luis)

    await expect(page.locator("#lista")).to_contain_text("Luis")
    await expect(page.locator("#hilo")).to_contain_text("Comprobante por revisar")
    await expect(page.get_by_label("Tu respuesta", exact=True)).to_have_value("Estoy escrib")
    await expect(page.locator("#posponer .choices")).to_be_visible()


async def test_what_was_unfolded_and_fetched_stays_when_something_happens(
    open_page: Open, store: Store, shop: UUID, parts: WebParts
) -> None:
    """Of two orders the one whose payment is being confirmed stays the one that is unfolded."""
    ana = await add_talk(store, shop, "Ana", *SAID * 20, at=NOW - timedelta(hours=1))
    order = await add_order(store, shop, ana, at=NOW - timedelta(hours=1), state="receipt")
    page = await open_page(f"/conversaciones/{ana}", width=1280)
    await enter(page, f"/conversaciones/{ana}")
    told = await page.locator("#hilo .turn").count()
    await page.get_by_text("Ver mensajes anteriores").click()
    await expect(page.locator("#hilo .turn")).not_to_have_count(told)
    whole = await page.locator("#hilo .turn").count()
    await page.locator("#filtros summary").click()
    await page.locator(f"#pagado-{order} summary").click()

    later = await add_order(store, shop, ana, at=NOW, state="receipt", total=9990)
    news = News(parts.wire, key_of(parts.channel.prefix, shop))
    await news.tell("message", conversations=ana)

    await expect(page.locator(f"#pedido-{later}")).to_be_visible()
    await expect(page.locator("#hilo .turn")).to_have_count(whole)
    await expect(page.locator("#filtros .filterform")).to_be_visible()
    await expect(page.locator(f"#pagado-{order} form")).to_be_visible()
    await expect(page.locator(f"#pagado-{later} form")).not_to_be_visible()
    await page.locator("#hilo .turn").first.scroll_into_view_if_needed()
    await page.get_by_role("button", name="4 de 5").first.click()
    await expect(page.get_by_role("button", name="4 de 5").first).to_have_attribute(
        "aria-pressed", "true"
    )
    await expect(page.locator("#hilo .turn")).to_have_count(whole)


async def test_a_phone_opens_a_long_chat_at_its_end(
    open_page: Open, store: Store, shop: UUID
) -> None:
    """Also for who reads English, whose times are said in English."""
    await add_talk(store, shop, "Ana", *SAID * 8, at=NOW - timedelta(minutes=5))
    page = await open_page("/conversaciones", width=390)
    await enter(page, "/conversaciones")
    await page.goto("/mas")
    await page.get_by_role("button", name="EN", exact=True).click()
    await page.goto("/conversaciones")
    await expect(page.get_by_text("minutes ago")).to_be_visible()

    await page.get_by_role("link", name="Ana").click()

    await expect(page.get_by_text("gracias").last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Take over", exact=True)).to_be_in_viewport()
    await page.get_by_label("Your answer").fill("Ya te ayudo")
    await page.get_by_role("button", name="Send and take over").click()
    await expect(page.get_by_text("it appears above in a moment")).to_be_in_viewport()
    await expect(page.get_by_text("gracias").last).to_be_in_viewport()


async def test_a_quick_reply_is_written_by_its_name(
    open_page: Open, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    page = await open_page(f"/conversaciones/{ana}", width=1280)
    await enter(page, f"/conversaciones/{ana}")
    await page.locator("#rapidas summary").click()
    await page.get_by_label("Nombre").fill("horario")
    await page.get_by_label("Texto", exact=True).fill("Abrimos a las 9")
    await page.get_by_role("button", name="Guardar", exact=True).first.click()
    await page.wait_for_url("**#rapidas")

    await press(page, "l")
    await page.keyboard.type("/hor")
    await press(page, "Tab")

    await expect(page.get_by_label("Tu respuesta", exact=True)).to_have_value("Abrimos a las 9")
