"""Telegram by polling and by webhook, through either of its two clients."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aiohttp import web
from pydantic import SecretStr

from bot.channels.base import Call, Hook
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
from services.wire import Wire
from tests.contracts.network import CHAT, SHOP, Ledger, Network, Opened
from tests.servers.pages import mounted
from tests.servers.telegram import TOKEN, BotApi, serving

Client: TypeAlias = Literal["aiogram", "ptb"]
CLIENTS: tuple[Client, ...] = ("aiogram", "ptb")


@dataclass
class Telegram:
    channel: TelegramChannel
    api: BotApi

    async def says(self, text: str) -> None:
        await self.api.customer_says(text, chat=int(CHAT))

    def unacknowledged(self) -> int:
        return len(self.api.unconfirmed)

    async def delivered(self) -> list[str]:
        return [message["text"] for message in self.api.sent]


def settings(api: BotApi, **fields: object) -> TelegramSettings:
    values = {"token": SecretStr(TOKEN), "base_url": api.url, "poll_s": 1, **fields}
    return TelegramSettings.model_validate(values)


async def answered(hook: Hook, request: web.Request) -> web.Response:
    """As the web app does it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(request.method, await request.read(), headers, dict(request.query))
    answer = await hook(call)
    return web.Response(status=answer.status, text=answer.text)


def polling(client: Client) -> Opened:
    @asynccontextmanager
    async def opened(_: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
        async with serving(BotApi()) as api:
            channel = telegram(settings(api, client=client), SHOP, wire, prefix)
            yield Telegram(channel, api)
            await channel.close()

    return opened


def called(
    client: Client,
) -> Callable[[Ledger, Wire, str], AbstractAsyncContextManager[Telegram]]:
    @asynccontextmanager
    async def opened(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Telegram]:
        async with serving(BotApi()) as api, mounted() as (base, routes):
            wanted = settings(api, client=client, mode="webhook", webhook_url=base)
            channel = telegram(wanted, SHOP, wire, prefix)
            hook = channel.webhook(ledger.ingest)
            routes[channel.path or ""] = lambda request: answered(hook, request)
            yield Telegram(channel, api)
            await channel.close()

    return opened
