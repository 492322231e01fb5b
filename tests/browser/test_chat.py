"""The customer's chat in a real browser."""

import asyncio
from datetime import timedelta

import msgspec
from playwright.async_api import Browser, Page, Route, expect

from bot.channels.web import Line, WebChannel
from services.clock import milliseconds, now
from tests.browser.conftest import Open, watched
from tests.contracts.network import until
from tests.web.conftest import Inbox, served
from web.app import WebParts
from web.chatting import chat_of


async def chat_on(page: Page) -> str:
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    return chat_of(cookies["chat"])


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Tu mensaje").fill(text)
    await page.get_by_role("button", name="Enviar").click()


async def test_a_question_and_its_answer_appear_without_a_reload(
    open_page: Open, channel: WebChannel, inbox: Inbox
) -> None:
    page = await open_page("/chat")
    await say(page, "¿Cuánto cuesta la mochila?")
    await expect(page.locator(".line.customer .said")).to_have_text("¿Cuánto cuesta la mochila?")
    await expect(page.get_by_label("Tu mensaje")).to_have_value("")
    await expect(page.locator(".typing")).to_be_visible()

    await channel.show(await chat_on(page), "r1", "bot", "Cuesta $24.990.")

    await expect(page.locator(".line.bot .said")).to_have_text("Cuesta $24.990.")
    await expect(page.locator(".line.bot .said")).to_be_in_viewport()
    await expect(page.locator(".typing")).to_be_hidden()
    assert inbox.texts == ["¿Cuánto cuesta la mochila?"]


async def test_whoever_writes_is_told_of_once_in_a_while_and_when_they_stop(
    open_page: Open, inbox: Inbox
) -> None:
    page = await open_page("/chat")

    await page.get_by_label("Tu mensaje").press_sequentially("quiero", delay=20)
    await until(lambda: len(inbox.signs) == 1)
    await page.get_by_label("Tu mensaje").fill("")
    await until(lambda: len(inbox.signs) == 2)

    assert [sign.lasts_ms > 0 for sign in inbox.signs] == [True, False]


async def test_the_same_words_twice_are_two_messages(open_page: Open, inbox: Inbox) -> None:
    page = await open_page("/chat")

    for count in (1, 2):
        await say(page, "hola?")
        await expect(page.locator(".line.customer")).to_have_count(count)

    assert inbox.texts == ["hola?", "hola?"]


async def test_the_keyboard_is_enough(open_page: Open, inbox: Inbox) -> None:
    page = await open_page("/chat", width=1280)
    await expect(page.get_by_label("Tu mensaje")).to_be_focused()

    await page.keyboard.type("una línea")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("y otra")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.customer")).to_have_count(1)
    await page.keyboard.type("y seguimos")
    await page.keyboard.press("Enter")

    await expect(page.locator(".line.customer")).to_have_count(2)
    assert inbox.texts == ["una línea\ny otra", "y seguimos"]


async def test_a_fast_writer_on_a_slow_network_loses_no_word(open_page: Open, inbox: Inbox) -> None:
    page = await open_page("/chat", width=1280)

    async def late(route: Route) -> None:
        await asyncio.sleep(0.3)
        await route.continue_()

    await page.route("**/chat/messages", late)
    for line in ("uno", "dos"):
        await page.keyboard.type(line)
        await page.keyboard.press("Enter")
    await expect(page.locator(".line.customer")).to_have_count(2)
    assert inbox.texts == ["uno", "dos"]

    await page.keyboard.type("tres")
    await page.keyboard.press("Enter")
    await page.keyboard.type("a medias")
    await expect(page.locator(".line.customer")).to_have_count(3)
    await expect(page.get_by_label("Tu mensaje")).to_have_value("a medias")
    assert inbox.texts[2:] == ["tres"]


async def test_the_first_stop_of_the_keyboard_skips_to_the_conversation(open_page: Open) -> None:
    page = await open_page("/chat", width=1280)
    await say(page, "hola")
    await expect(page.locator(".line")).to_have_count(1)
    await page.reload()

    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Saltar al contenido")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.locator("#contenido")).to_be_focused()


async def test_a_suggestion_is_one_tap(open_page: Open, inbox: Inbox) -> None:
    page = await open_page("/chat")

    await page.get_by_role("button", name="¿Cómo puedo pagar?").click()

    await expect(page.locator(".line.customer .said")).to_have_text("¿Cómo puedo pagar?")
    await expect(page.get_by_role("button", name="¿Cómo puedo pagar?")).to_be_hidden()
    assert inbox.texts == ["¿Cómo puedo pagar?"]


async def test_what_is_typed_is_shown_as_typed(open_page: Open, channel: WebChannel) -> None:
    page = await open_page("/chat")
    text = '<img src=x onerror="alert(1)"> <b hx-get="/ejemplos" hx-trigger="load">x</b>'

    await say(page, text)
    await channel.show(await chat_on(page), "r1", "bot", text)

    await expect(page.locator(".line.customer .said")).to_have_text(text)
    await expect(page.locator(".line.bot .said")).to_have_text(text)
    await expect(page.locator(".said img, .said b")).to_have_count(0)


async def test_a_photo_is_shown_as_a_photo(open_page: Open, channel: WebChannel) -> None:
    page = await open_page("/chat")
    told = "Aquí puedes ver Mochila Urbana Azul: http://tienda.cl/photos/MOC-001.svg"

    await channel.show(await chat_on(page), "r1", "bot", told)

    photo = page.get_by_alt_text("Foto de Mochila Urbana Azul")
    await expect(photo).to_be_visible()
    assert await photo.evaluate("image => image.decode().then(() => image.naturalWidth)")


async def test_a_reload_shows_the_past_and_hears_the_future(
    open_page: Open, channel: WebChannel
) -> None:
    page = await open_page("/chat")
    await say(page, "hola")
    await expect(page.locator(".line.customer")).to_have_count(1)

    await page.reload()
    await channel.show(await chat_on(page), "r1", "bot", "¡Hola!")

    await expect(page.locator(".said")).to_have_text(["hola", "¡Hola!"])


async def test_a_refused_message_stays_and_can_be_sent_again(open_page: Open, inbox: Inbox) -> None:
    page = await open_page("/chat")
    inbox.closed = True
    await say(page, "¿me escuchan?")
    await expect(page.get_by_role("alert")).to_contain_text("No pudimos guardar tu mensaje")
    await expect(page.get_by_label("Tu mensaje")).to_have_value("¿me escuchan?")

    inbox.closed = False
    await page.get_by_role("button", name="Enviar").click()

    await expect(page.get_by_role("alert")).to_be_empty()
    await expect(page.locator(".line.customer")).to_have_count(1)
    assert inbox.texts == ["¿me escuchan?"]


async def test_an_answer_that_is_late_is_not_promised_for_ever(
    open_page: Open, channel: WebChannel
) -> None:
    page = await open_page("/chat")
    said = milliseconds(now() - timedelta(seconds=8))
    line = msgspec.json.encode(Line("customer", "hola?", said))
    await channel.wire.command("XADD", channel.lines(await chat_on(page)), "*", "line", line)
    await page.reload()
    await expect(page.locator(".typing")).to_be_visible()

    await expect(page.get_by_text("La respuesta está tardando")).to_be_visible()

    await expect(page.locator(".typing")).to_be_hidden()


async def test_without_scripts_the_chat_works(
    open_page: Open, channel: WebChannel, inbox: Inbox
) -> None:
    page = await open_page("/chat", scripts=False)
    await say(page, "hola")
    await expect(page.locator(".line.customer .said")).to_have_text("hola")

    await channel.show(await chat_on(page), "r1", "bot", "¡Hola! ¿Qué buscas?")

    await expect(page.locator(".line.bot .said")).to_have_text("¡Hola! ¿Qué buscas?")
    await page.get_by_role("button", name="Empezar otra conversación").click()
    await expect(page.get_by_text("¿Qué estás buscando?")).to_be_visible()
    assert inbox.texts == ["hola"]


async def test_the_theme_can_be_chosen(open_page: Open) -> None:
    page = await open_page("/chat", scheme="light")
    light = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    await page.get_by_role("button", name="cambiar a oscuro").click()
    await page.wait_for_load_state()

    dark = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert light != dark
    await expect(page.get_by_role("button", name="Tema oscuro")).to_be_visible()


async def test_after_a_restart_nothing_is_lost(
    browser: Browser, parts: WebParts, channel: WebChannel
) -> None:
    context = await browser.new_context(locale="es-CL")
    async with watched(context, besides=("ERR_", "htmx:sse:error")) as page:
        async with served(parts) as base:
            await page.goto(f"{base}/chat")
            await say(page, "hola")
            await expect(page.locator(".line.customer")).to_have_count(1)
            chat = await chat_on(page)
        await expect(page.get_by_text("Sin conexión en vivo")).to_be_visible()
        await channel.show(chat, "r1", "bot", "Aquí estoy.")
        async with served(parts, int(base.rpartition(":")[2])):
            await expect(page.locator(".line.bot .said")).to_have_text("Aquí estoy.")
            await expect(page.get_by_text("Sin conexión en vivo")).to_be_hidden()
            await context.close()


async def test_every_page_listens_however_fast_it_loads(open_page: Open) -> None:
    """An extension that arrives after htmx has looked at the page would leave it deaf."""
    page = await open_page("/chat")

    for _ in range(8):
        async with page.expect_request("**/chat/stream?*"):
            await page.reload(wait_until="commit")
