"""A Bot API on this machine, and our channel in front of it."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import telegram
from bot.channels.telegram_channel import TelegramChannel
from tests.contracts.networks import SHOP, settings
from tests.servers.telegram import BotApi, serving


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[TelegramChannel]:
    channel = telegram(settings(api), SHOP)
    yield channel
    await channel.close()
