"""An owner connects a network on the page of a running bot; its process dies, and all is there."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from services.state import Endpoints
from tests.conftest import ROOT
from tests.fixtures.bots import until
from tests.servers import graph
from tests.servers.graph import APP_SECRET, GraphApi
from tests.servers.graph_customers import Customer
from tests.servers.telegram import BotApi, serving

TOKEN = "42:AAF-loopback-token-of-the-tests-000000000"
KEY = "llave-de-prueba"
QUESTION = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_EVENTS__PARTITIONS": "4",
        "APRENDIZ_EVENTS__LEASE_MS": "1000",
        "APRENDIZ_TELEGRAM__CLIENT": "ptb",
        "APRENDIZ_WEB__PORT": "0",
        "APRENDIZ_WEB__KEY": KEY,
        "APRENDIZ_APP__VAR": str(tmp_path / "var"),
    }


@asynccontextmanager
async def running(
    env: dict[str, str], log: list[str]
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process and its address; whatever it says is kept."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "main.py", "run", "--no-jobs", cwd=ROOT, env=env,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(120):
            while (found := re.search(r"chat (http\S+)/chat", "".join(log))) is None:
                line = await process.stderr.readline()
                assert line, "the bot ended before it ran"
                log.append(line.decode())
        yield process, found[1]
    finally:
        if process.returncode is None:
            process.kill()
        log.append((await process.stderr.read()).decode())
        await process.wait()


@asynccontextmanager
async def owner(address: str) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=address, headers=headers, timeout=90) as client:
        await client.post("/entrar", data={"clave": KEY})
        yield client


async def test_a_killed_bot_has_its_token_and_its_messages_when_it_is_back(
    env: dict[str, str], tmp_path: Path
) -> None:
    said: list[str] = []
    async with serving(BotApi(token=TOKEN)) as api:
        env["APRENDIZ_TELEGRAM__BASE_URL"] = api.url

        async def answered(count: int) -> bool:
            return len({call["chat_id"] for call in api.called("sendMessage")}) >= count

        async with running(env, said) as (process, address), owner(address) as client:
            done = await client.post("/ajustes/canales/conectar", data={"token": TOKEN})
            assert done.headers["location"] == "/ajustes/canales?hecho=conectado"
            page = (await client.get("/ajustes/canales")).text
            assert "telegram:main" in page
            assert "Atendiendo" in page
            await api.customer_says(QUESTION, chat=1)
            await until(lambda: answered(1))
            for chat in (2, 3, 4):
                await api.customer_says(QUESTION, chat=chat)
            process.kill()
            await process.wait()
        key = tmp_path / "var" / "secret.key"
        assert key.stat().st_mode & 0o777 == 0o600
        await api.customer_says(QUESTION, chat=5)

        again: list[str] = []
        async with running(env, again) as (_, address), owner(address) as client:
            await until(lambda: answered(5))
            chats = {call["chat_id"] for call in api.called("sendMessage")}
            assert chats == {"1", "2", "3", "4", "5"}
            page += (await client.get("/ajustes/canales")).text
    told = "".join((*said, *again, page))
    assert TOKEN.partition(":")[2] not in told


async def test_a_killed_bot_has_its_whatsapp_number_and_its_messages_when_it_is_back(
    env: dict[str, str],
) -> None:
    said: list[str] = []
    async with graph.serving(GraphApi()) as api:
        env["APRENDIZ_WHATSAPP_CLOUD__BASE_URL"] = api.url
        given = {
            "red": "whatsapp_cloud", "numero": api.number.phone_id,
            "token": api.token, "secreto": APP_SECRET,
        }  # fmt: skip

        async def answered(count: int) -> bool:
            return len({body.get("to") for body in api.sent}) >= count

        async with running(env, said) as (process, address), owner(address) as client:
            done = await client.post("/ajustes/canales/conectar", data=given)
            page = done.text
            hook, verify = told_once(page)
            assert hook.startswith(f"{address}/whatsapp/")
            api.verify_token = verify
            calls = await api.subscribe(hook)
            page += (await client.get("/ajustes/canales")).text
            assert page.count(verify) == 1
            api.customer_says(QUESTION, Customer("56911110001"))
            await until(lambda: answered(1))
            process.kill()
            await process.wait()
        api.customer_says(QUESTION, Customer("56911110002"))

        again: list[str] = []
        async with running(env, again) as (_, address), owner(address) as client:
            calls.url = address + hook[hook.index("/whatsapp/") :]
            await until(lambda: answered(2))
            page += (await client.get("/ajustes/canales")).text
    told = "".join((*said, *again, page))
    assert api.token not in told
    assert APP_SECRET not in told


def told_once(page: str) -> tuple[str, str]:
    """Where Meta is told to call, and the word that it then shows."""
    found = dict(re.findall(r'id="meta-(\w+)" readonly value="([^"]+)"', page))
    return found["direccion"], found["verificacion"]
