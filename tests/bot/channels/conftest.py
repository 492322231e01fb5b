"""A Bot API on this machine, and our channel in front of it, through either client."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from tests.contracts import whatsapp as by_qr
from tests.contracts.network import SHOP, Ledger
from tests.contracts.telegram import CLIENTS, Client, settings
from tests.servers.telegram import BotApi, serving
from tests.servers.whatsapp import WhatsApp


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


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsApp]:
    async with by_qr.network() as loopback:
        yield loopback


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
