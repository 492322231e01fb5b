"""Thumbs of customers, from the network to the rating and back, on Telegram and in memory."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from msgspec import structs
from pydantic import SecretStr
from sqlalchemy import select

from app.backing import Backing
from app.plugins import App
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
from services.state import Endpoints
from store.ratings import Rating
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.people import learned
from tests.servers.telegram import TOKEN, BotApi, serving

PRICE = "¿cuánto cuesta la mochila urbana azul?"
BUTTONS = {"ratings": {"buttons": True}}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana"}
CHAT = {"id": 7, "type": "private"}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


async def thumbs(shop: Bot) -> list[tuple[str, int | None]]:
    await shop.settled()
    async with shop.parts.store.reading() as session:
        found: Sequence[Rating] = (await session.scalars(select(Rating))).all()
    return sorted((one.via, one.thumb) for one in found)


async def rated(shop: Bot, *expected: tuple[str, int]) -> None:
    async def so() -> bool:
        return await thumbs(shop) == sorted(expected)

    await until(so)


def reaction(message: int, *, old: Sequence[str] = (), new: Sequence[str] = ()) -> dict[str, Any]:
    def listed(emojis: Sequence[str]) -> list[dict[str, str]]:
        return [{"type": "emoji", "emoji": one} for one in emojis]

    return {
        "chat": CHAT, "user": ANA, "message_id": message, "date": 1_800_000_000,
        "old_reaction": listed(old), "new_reaction": listed(new),
    }  # fmt: skip


async def test_on_telegram_a_tap_and_a_reaction_are_ratings_until_they_are_taken_back(
    backing: Backing, prefix: str, api: BotApi
) -> None:
    knob = TelegramSettings(token=SecretStr(TOKEN), base_url=api.url, poll_s=1)
    extension = App()
    extension.channel("telegram", lambda at: telegram(knob, at.shop, at.wire, at.prefix))
    async with bot(backing, knobs(prefix, "thumbs", **BUTTONS), extension) as shop:
        await api.customer_says(PRICE)

        async def answered() -> bool:
            return bool(api.sent)

        await until(answered)
        reply = api.sent[-1]
        [row] = json.loads(json.dumps(reply["reply_markup"]["inline_keyboard"]))
        assert [button["text"] for button in row] == ["👍", "👎"]

        for place, button in enumerate((row[0], row[1])):
            query = {
                "id": str(place), "from": ANA, "data": button["callback_data"],
                "chat_instance": "x", "message": reply,
            }  # fmt: skip
            await api.push("callback_query", query)
        await rated(shop, ("button", -1))

        number = reply["message_id"]
        await api.push("message_reaction", reaction(number, new=["👍"]))
        await rated(shop, ("button", -1), ("reaction", 1))
        await api.push("message_reaction", reaction(number, old=["👍"]))
        await rated(shop, ("button", -1))
        assert len(api.sent) == 1, "a thumb is no question"
        assert api.wrong == []


async def test_a_tap_is_no_turn_and_no_word_on_the_answer(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, "taps", **BUTTONS)) as shop:
        await shop.ask("ana", PRICE)
        up, _ = shop.channel.sent[-1].choices
        tap = shop.channel.message("ana", up.title, key="tap")
        await shop.channel.deliver(structs.replace(tap, content="action", action=up.id))
        await rated(shop, ("button", 1))
        assert len(shop.channel.replies("ana")) == 1
        assert "24.990" in await shop.ask("ana", PRICE)
        await shop.settled()
        rows = await learned(shop, "ana")
        assert len(rows) == 2
        assert rows[0].user_feedback == PRICE, "the tap is no word on the answer"


async def test_buttons_are_off_unless_somebody_wants_them(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, "plain")) as shop:
        await shop.ask("ana", PRICE)
        assert shop.channel.sent[-1].choices == ()
        await shop.ask("ana", "👍")
        await rated(shop, ("message", 1))


async def test_two_bots_of_two_shops_keep_their_ratings_apart(
    backing: Backing, prefix: str
) -> None:
    async with (
        bot(backing, knobs(prefix, "one", **BUTTONS)) as one,
        bot(backing, knobs(f"{prefix}-2", "two", **BUTTONS)) as two,
    ):
        for shop in (one, two):
            await shop.ask(f"ana of {shop.parts.shop}", PRICE)
        up, _ = one.channel.sent[-1].choices
        chat = f"ana of {two.parts.shop}"
        tap = two.channel.message(chat, up.title, key="tap")
        await two.channel.deliver(structs.replace(tap, content="action", action=up.id))
        await two.settled()
        assert await thumbs(one) == []
