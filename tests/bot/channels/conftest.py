"""A Bot API on this machine, and our channel in front of it, through either client."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from bot.channels.telegram import telegram
from bot.channels.telegram_channel import TelegramChannel
from tests.contracts.network import SHOP
from tests.contracts.telegram import CLIENTS, Client, settings
from tests.servers.telegram import BotApi, serving


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    return cast("Client", request.param)


@pytest.fixture
async def channel(api: BotApi, client: Client) -> AsyncIterator[TelegramChannel]:
    channel = telegram(settings(api, client=client), SHOP)
    yield channel
    await channel.close()
