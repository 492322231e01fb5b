"""Networks call the pages of a bot that runs, for accounts that were added meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.backing import Backing
from app.pages import serve_pages
from app.pipeline import Pipeline
from bot.channels.base import Called
from bot.channels.web import WebChannel
from services.state import Endpoints
from tests.fixtures.accounts import Following, following, sealed_settings
from tests.fixtures.bots import until
from tests.servers import graph
from tests.servers.graph import GraphApi
from tests.servers.graph_webhook import SIGNATURE
from tests.servers.telegram import TOKEN, BotApi, serving

PRICE = "¿cuánto cuesta la mochila urbana azul?"


@asynccontextmanager
async def pages(running: Pipeline) -> AsyncIterator[str]:
    """Their address."""
    at: asyncio.Queue[str] = asyncio.Queue()
    serving_them = asyncio.create_task(serve_pages(running, SecretStr("llave"), at.put_nowait))
    try:
        yield await asyncio.wait_for(at.get(), 10)
    finally:
        serving_them.cancel()
        await asyncio.wait([serving_them])


@pytest.fixture
async def bot(
    prefix: str, tmp_path: Path, database_url: str, endpoints: Endpoints
) -> AsyncIterator[Following]:
    here = Backing(database_url, endpoints.redis_url, embedded=True)
    wanted = sealed_settings(prefix, tmp_path / "var", web={"port": 0}, telegram={"client": "ptb"})
    web = {"web:main": lambda at: WebChannel(at.wire, at.shop, at.account, at.prefix)}
    async with following(wanted, here, web) as bot:
        yield bot


async def test_telegram_calls_an_account_that_was_added_and_then_nobody(bot: Following) -> None:
    async def answered() -> bool:
        return any("24.990" in call["text"] for call in api.called("sendMessage"))

    async with serving(BotApi()) as api, pages(bot.running) as base:
        given = {"token": TOKEN, "base_url": api.url, "mode": "webhook", "webhook_url": base}
        await bot.add("telegram:tienda", given)
        await until(lambda: _registered(api))
        assert api.webhook is not None
        address = api.webhook.url
        await api.customer_says(PRICE)
        await until(answered)
        assert api.webhook.statuses[-1] == 200

        await bot.remove("telegram:tienda")
        await until(lambda: bot.lacks("telegram:tienda"))
        async with httpx.AsyncClient() as network:
            assert (await network.post(address, json={})).status_code == 404


async def _registered(api: BotApi) -> bool:
    return api.webhook is not None


async def test_two_numbers_of_one_app_share_a_path_and_each_takes_its_own(
    bot: Following,
) -> None:
    async with graph.serving(GraphApi()) as api, pages(bot.running) as base:
        given = {
            "token": api.token,
            "phone_id": api.number.phone_id,
            "app_secret": api.app_secret,
            "verify_token": api.verify_token,
            "base_url": api.url,
        }
        await bot.add("whatsapp_cloud:tienda", given)
        await bot.add("whatsapp_cloud:taller", given | {"phone_id": "999"})
        await until(lambda: bot.has("whatsapp_cloud:tienda"))
        await until(lambda: bot.has("whatsapp_cloud:taller"))
        channel = bot.parts.channels["whatsapp_cloud:tienda"]
        assert isinstance(channel, Called)
        hook = await api.subscribe(f"{base}{channel.path}")

        async def answered() -> bool:
            return len(api.texts()) == 1

        assert await hook.post(b"{}", {SIGNATURE: "sha256=00"}) == 403
        api.customer_says(PRICE)
        await until(answered)
        assert "24.990" in api.texts()[0]
        assert api.wrong == []
