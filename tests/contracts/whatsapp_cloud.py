"""The Cloud API, which calls our address and takes our messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from pydantic import SecretStr

from bot.channels.base import Call, Ingest
from bot.channels.whatsapp_cloud.channel import WhatsAppCloudChannel, whatsapp_cloud
from config.networks import WhatsAppCloudSettings
from services.wire import Wire
from tests.contracts.network import CHAT, SHOP, Ledger, Network
from tests.servers.graph import GraphApi, serving
from tests.servers.graph_customers import Customer
from tests.servers.pages import Routes, mounted


@dataclass
class WhatsAppCloud:
    channel: WhatsAppCloudChannel
    api: GraphApi

    async def says(self, text: str) -> None:
        self.api.customer_says(text, Customer(wa_id=CHAT, bsuid=None))

    def unacknowledged(self) -> int:
        assert self.api.hook is not None
        return self.api.hook.waiting

    async def delivered(self) -> list[str]:
        return self.api.texts()


def settings(api: GraphApi, **fields: object) -> WhatsAppCloudSettings:
    values = {
        "token": SecretStr(api.token),
        "phone_id": api.number.phone_id,
        "app_secret": SecretStr(api.app_secret),
        "verify_token": SecretStr(api.verify_token),
        "base_url": api.url,
        **fields,
    }
    return WhatsAppCloudSettings.model_validate(values)


def mount(routes: Routes, channel: WhatsAppCloudChannel, ingest: Ingest) -> str:
    """The path where Meta may call the channel, as the web app would serve it."""
    hook = channel.webhook(ingest)

    async def handle(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(request.method, await request.read(), headers, dict(request.query))
        answer = await hook(call)
        return web.Response(status=answer.status, text=answer.text)

    assert channel.path is not None
    routes[channel.path] = handle
    return channel.path


@asynccontextmanager
async def opened(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    async with serving(GraphApi()) as api, mounted() as (base, routes):
        channel = whatsapp_cloud(settings(api), SHOP, wire, prefix)
        await api.subscribe(base + mount(routes, channel, ledger.ingest))
        yield WhatsAppCloud(channel, api)
        await channel.close()
        assert api.wrong == []
