"""Thumbs below the answers of the web chat, in a real browser."""

from playwright.async_api import expect

from bot.channels.web import WebChannel
from tests.browser.conftest import Open, press
from tests.browser.test_chat import chat_on
from tests.web.conftest import Inbox
from text.verdicts import DOWN, UP


async def test_a_thumb_is_put_changed_and_taken_back_without_leaving_the_keyboard(
    open_page: Open, channel: WebChannel, inbox: Inbox
) -> None:
    page = await open_page("/chat")
    await channel.show(await chat_on(page), "r1", "bot", "Cuesta $24.990.")
    up = page.get_by_role("button", name="Me sirvió", exact=True)
    down = page.get_by_role("button", name="No me sirvió")

    for button, state in ((up, "true"), (down, "true"), (down, "false")):
        await button.focus()
        await press(page, "Enter")
        await expect(button).to_have_attribute("aria-pressed", state)
        await expect(button).to_be_focused()
    await expect(up).to_have_attribute("aria-pressed", "false")
    assert [one.emoji for one in inbox.reactions] == [UP, DOWN, None]

    inbox.closed = True
    await up.click()
    await expect(page.get_by_role("alert")).to_contain_text("No pudimos guardar tu calificación")
    await expect(up).to_have_attribute("aria-pressed", "false")
    inbox.closed = False
    await up.click()
    await expect(up).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("alert")).to_be_empty()
