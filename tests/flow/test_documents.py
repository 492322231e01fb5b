"""What a document says is told to who asks, with its source, until it is switched off."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from app.backing import Backing
from app.parts import build as built
from app.pipeline import pipeline
from app.plugins import App, ChannelFactory
from bot.channels.memory import MemoryChannel
from bot.channels.web import WebChannel
from config.settings import Settings
from knowledge.extraction import opened_reader
from knowledge.ingest import Ingest
from services.files import Files
from services.state import Endpoints
from store.session import open_connection
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.pages import pages_of
from tests.knowledge.shelf import Shelf
from tests.servers.models import model_server, says
from tests.web.chatting import key_in, say
from tests.web.chatting import said as bubbles
from web.app import build

WARRANTY = """# Garantía de mochilas

Las costuras de las mochilas tienen garantía de dieciocho meses. Para usarla se presenta el
comprobante de compra en la tienda de Valdivia."""
QUESTION = "¿cuántos meses de garantía tienen las costuras?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@asynccontextmanager
async def shelf_of(shop: Bot, folder: Path) -> AsyncIterator[Shelf]:
    async with opened_reader() as reader:
        yield Shelf(Ingest(shop.parts.store, reader, files=Files(folder)), shop.parts.shop)


@asynccontextmanager
async def web_bot(backing: Backing, settings: Settings) -> AsyncIterator[Bot]:
    factories: dict[str, ChannelFactory] = {
        "web:main": lambda at: WebChannel(at.wire, at.shop, at.account, at.prefix),
        "memory:main": lambda at: MemoryChannel(at.shop, at.account),
    }
    async with (
        built(settings, backing, App(), factories) as parts,
        pipeline(parts, backing.redis_url, App()) as running,
    ):
        memory = parts.channels["memory:main"]
        assert isinstance(memory, MemoryChannel)
        yield Bot(running, memory)


async def asked(client: httpx2.AsyncClient, text: str) -> str:
    """The answer in the bubbles of the page."""
    page = (await client.get("/chat")).text
    before = len(bubbles(page))
    await say(client, text, key_in(page))

    async def answered() -> bool:
        return len(bubbles((await client.get("/chat")).text)) >= before + 2

    await until(answered)
    return re.sub(r"<[^>]+>", "", bubbles((await client.get("/chat")).text)[-1])


async def test_a_customer_of_the_web_chat_is_answered_from_a_document_until_it_is_off(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    settings = knobs(prefix, shop="papers", app={"var": tmp_path})
    async with web_bot(backing, settings) as shop, shelf_of(shop, tmp_path) as books:
        headers = {"Sec-Fetch-Site": "same-origin"}
        transport = httpx2.ASGITransport(build(pages_of(shop, prefix)))
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        ) as client:
            assert "dieciocho" not in await asked(client, QUESTION)
            await books.put("garantia.md", WARRANTY)
            told = await asked(client, QUESTION)
            assert "dieciocho meses" in told
            assert "Garantía de mochilas" in told
            await books.switch("garantia.md", active=False)
            assert "dieciocho" not in await asked(client, QUESTION)
            await books.switch("garantia.md", active=True)
            client.cookies.clear()
            assert "dieciocho meses" in await asked(client, QUESTION)


async def test_the_model_reads_the_chunk_and_its_source(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    async with model_server() as server:
        server.will(says("Las costuras tienen garantía de dieciocho meses."))
        settings = knobs(
            prefix,
            shop="models",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, settings) as shop, shelf_of(shop, tmp_path) as books:
            await books.put("garantia.md", WARRANTY)
            answer = await shop.ask("ana", QUESTION)
            prompt = json.dumps(server.asked[-1], ensure_ascii=False)
    assert "dieciocho meses" in answer
    assert "tienda de Valdivia" in prompt
    assert "Garantía de mochilas" in prompt


async def test_two_shops_on_one_bot_s_database_tell_only_their_own(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    async with (
        bot(backing, knobs(f"{prefix}-a", shop="first")) as first,
        bot(backing, knobs(f"{prefix}-b", shop="second")) as second,
    ):
        async with shelf_of(first, tmp_path) as books:
            await books.put("garantia.md", WARRANTY)
        assert "dieciocho" in await first.ask("ana", QUESTION)
        assert "dieciocho" not in await second.ask("ana", QUESTION)


async def test_while_documents_cannot_be_searched_the_reply_goes_on_without_them(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    async with bot(backing, knobs(prefix, shop="broken")) as shop:
        async with shelf_of(shop, tmp_path) as books:
            await books.put("garantia.md", WARRANTY)
        connection = await open_connection(backing.database_url)
        await connection.execute("ALTER TABLE ml.corpus RENAME TO gone")
        await connection.close()
        told = await shop.ask("ana", QUESTION)
        price = await shop.ask("ana", "¿y cuánto cuesta la mochila urbana azul?")
    assert "garantía" in told
    assert "dieciocho" not in told
    assert "$24.990" in price


async def test_who_asks_what_the_document_says_hears_the_document(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    """The pack has an answer of its own about shipping, which is what else would be told."""
    boxes = "# Envíos\n\nLos envíos viajan en cajas de cartón reciclado."
    async with bot(backing, knobs(prefix, shop="named")) as shop, shelf_of(shop, tmp_path) as books:
        await books.put("envios.md", boxes)
        plain = await shop.ask("ana", "¿cómo son los envíos?")
        named = await shop.ask("ana", "¿qué dice el documento sobre los envíos?")
    assert "cartón reciclado" not in plain
    assert "cartón reciclado" in named
