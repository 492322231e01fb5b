"""What a key unfolds, closes and finds, on each of the pages that list it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Page, expect

from learning.questions import gather
from services.clock import now
from store.app import Product
from store.session import Store
from tests.browser.conftest import Open, press
from tests.fixtures.store import add_shop
from tests.learning.teachers import UNKNOWN
from tests.web.conftest import KEY
from tests.web.rows import add_conversation, add_row
from tests.web.talks import add_order, add_talk, hand_over

NOW = datetime.now(UTC)
SAID = [
    ("customer", "¿cuánto cuesta la mochila?"),
    ("bot", "La mochila cuesta $24.990"),
    ("customer", "gracias"),
]


@pytest.fixture
async def shop(store: Store) -> UUID:
    return await add_shop(store)


async def enter(page: Page, path: str) -> None:
    await page.get_by_label("Clave").fill(KEY)
    await press(page, "Enter")
    await page.wait_for_url(lambda url: "/entrar" not in url and url.endswith(path))


async def offered(page: Page) -> Sequence[str]:
    """The keys that the help lists there, opened and closed again."""
    await press(page, "?")
    keys = await page.locator("#atajos dl div:visible dt").all_inner_texts()
    await press(page, "Escape")
    await expect(page.locator("#atajos")).not_to_be_visible()
    return [" ".join(key.split()) for key in keys]


async def test_what_a_key_unfolds_is_typed_in_and_escape_closes_it(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_conversation(store, shop)
    at = now() - timedelta(hours=1)
    for number, text in enumerate(("¿venden paraguas?", "¿reparan relojes?")):
        await add_row(
            store, shop, f"u{number}", at=at, minutes=number, user_message=text, context=UNKNOWN
        )
    await gather(store, shop, now())
    page = await open_page("/sin-respuesta", width=1280)
    await enter(page, "/sin-respuesta")
    cards = page.locator(".rows > li")
    await expect(cards).to_have_count(2)

    await press(page, "j")
    await press(page, "r")
    await page.keyboard.type("desde el lunes")
    answer = cards.first.get_by_label("Tu respuesta")
    await expect(answer).to_have_value("desde el lunes")
    await expect(cards).to_have_count(2)

    await press(page, "Tab")
    await expect(answer).not_to_be_focused()
    await press(page, "d")
    await expect(answer).to_be_visible()
    await press(page, "Escape")
    await expect(answer).not_to_be_visible()
    await expect(cards.first.locator("summary[data-key=r]")).to_be_focused()
    await press(page, "d")
    await expect(cards).to_have_count(1)


async def test_a_better_answer_is_typed_where_its_key_unfolds_it(
    open_page: Open, store: Store, shop: UUID
) -> None:
    await add_conversation(store, shop)
    at = now() - timedelta(hours=1)
    await add_row(store, shop, "mala", at=at, context=UNKNOWN)
    page = await open_page("/revisar", width=1280)
    await enter(page, "/revisar")

    await press(page, "m")
    better = page.get_by_label("Una respuesta mejor")
    await expect(better).to_be_focused()
    await page.keyboard.type("ss")

    await expect(better).to_have_value("respuesta malass")


async def test_the_inbox_closes_with_escape_what_it_unfolded(
    open_page: Open, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    page = await open_page(f"/conversaciones/{ana}", width=1280)
    await enter(page, f"/conversaciones/{ana}")
    for key, fold in (("z", "#posponer"), ("n", "#nota-privada")):
        await press(page, key)
        await expect(page.locator(fold)).to_have_attribute("open", "")
        await press(page, "Escape")
        await expect(page.locator(fold)).not_to_have_attribute("open", "")
        await expect(page.locator(f"{fold} > summary")).to_be_focused()


async def test_the_help_lists_what_a_page_has_and_all_of_it_works(
    open_page: Open, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    await add_order(store, shop, ana, at=NOW, state="receipt")
    await hand_over(store, shop, ana, at=NOW)
    page = await open_page("/hoy", width=1280)
    await enter(page, "/hoy")
    assert {"j k", "a", "r", "p", "g h"} <= set(await offered(page))
    assert "/" not in await offered(page)
    await press(page, "j")
    await expect(page.get_by_role("link", name=re.compile(r"\bAna\b")).first).to_be_focused()
    await press(page, "p")
    await page.wait_for_url("**/probar")

    await page.goto("/informes")
    assert {"/", "j k"}.isdisjoint(await offered(page))
    await page.goto("/pedidos?estado=revisar")
    assert "j k" in await offered(page)
    await page.goto("/clientes")
    assert {"/", "j k"} <= set(await offered(page))
    await press(page, "j")
    await press(page, "Enter")
    await page.wait_for_url(f"**/clientes/{ana}")


async def test_a_message_that_could_not_be_sent_stays_and_says_so(
    open_page: Open, store: Store, shop: UUID
) -> None:
    """The same words leave once the way is free."""
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    refused = ("ERR_CONNECTION_REFUSED", "Failed to fetch", "htmx:error")
    page = await open_page(f"/conversaciones/{ana}", width=1280, besides=refused)
    await enter(page, f"/conversaciones/{ana}")
    field = page.get_by_label("Tu respuesta", exact=True)
    await field.fill("Ya te ayudo")
    await page.route("**/mensaje", lambda route: route.abort("connectionrefused"))
    await page.get_by_role("button", name="Enviar y atender yo").click()
    await expect(page.get_by_text("No se envió")).to_be_visible()
    await expect(field).to_have_value("Ya te ayudo")

    await page.unroute("**/mensaje")
    await page.get_by_role("button", name="Enviar y atender yo").click()
    await expect(page.get_by_text("Enviado:")).to_be_visible()
    await expect(page.get_by_text("No se envió")).not_to_be_visible()
    await expect(field).to_have_value("")


async def test_the_keys_of_another_inbox_work_while_somebody_writes(
    open_page: Open, store: Store, shop: UUID
) -> None:
    ana = await add_talk(store, shop, "Ana", *SAID, at=NOW)
    page = await open_page(f"/conversaciones/{ana}", width=1280)
    await enter(page, f"/conversaciones/{ana}")
    await press(page, "Alt+l")
    await expect(page.get_by_label("Tu respuesta", exact=True)).to_be_focused()
    await press(page, "Alt+p")
    await expect(page.get_by_label("Solo la ve tu equipo")).to_be_focused()
    await press(page, "Alt+m")
    await expect(page.get_by_role("button", name="1 hora")).to_be_focused()
    await press(page, "Alt+j")
    await expect(page.locator("#lista").get_by_role("link", name="Ana")).to_be_focused()
    await press(page, "Alt+e")
    await expect(page.locator("#estado")).to_contain_text("Resuelta")
    await expect(page.locator(".toast")).to_contain_text("Resuelta.")
    await press(page, "u")
    await expect(page.locator("#estado")).not_to_contain_text("Resuelta")


PASTED = """(text) => {
  const held = new DataTransfer();
  held.setData("text/plain", text);
  document.body.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


async def test_the_catalogue_changes_what_is_selected_and_takes_a_pasted_table(
    open_page: Open, store: Store, shop: UUID
) -> None:
    async with store.transaction() as session:
        for number in range(2):
            session.add(
                Product(shop_id=shop, id=uuid4(), sku=f"G-{number}", name=f"Gorro {number}",
                        price=7990, stock=3)
            )  # fmt: skip
    page = await open_page("/catalogo", width=1280)
    await enter(page, "/catalogo")
    keys = await offered(page)
    assert "e" in keys
    assert "Ctrl V" in keys

    for key in ("j", "j", "e"):
        await press(page, key)
    price = page.get_by_label("Precio (CLP)").nth(1)
    await expect(price).to_be_focused()
    await price.fill("8490")
    await press(page, "Enter")
    await expect(page.locator(".ware").nth(1)).to_contain_text("$8.490")
    await page.evaluate(PASTED, "nada que importar")
    await page.evaluate(PASTED, "SKU\tNombre\tPrecio\tStock\nG-0\tGorro 0\t5990\t1\n")
    await page.wait_for_url("**/catalogo/importar")
    await expect(page.locator("main")).to_contain_text("$5.990")
