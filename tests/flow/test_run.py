"""`main.py run` as it is deployed: its own process, Telegram and a model on loopback, a SIGTERM."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.state import Endpoints
from tests.conftest import ROOT
from tests.fixtures.bots import until
from tests.servers.models import model_server, refuses, says
from tests.servers.telegram import BotApi, serving

TOKEN = "42:AAF-loopback-token-of-the-tests-000000000"


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str) -> dict[str, str]:
    return {
        **os.environ,
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_EVENTS__PARTITIONS": "4",
        "TELEGRAM_BOT_TOKEN": TOKEN,
    }


@asynccontextmanager
async def bot(env: dict[str, str], *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "main.py", "run", *words, cwd=ROOT, env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def texts(api: BotApi) -> list[str]:
    return [call["text"] for call in api.called("sendMessage")]


async def test_a_telegram_customer_is_answered_and_a_sigterm_ends_it_cleanly(
    env: dict[str, str],
) -> None:
    async with serving(BotApi(token=TOKEN)) as api:
        env["APRENDIZ_TELEGRAM__BASE_URL"] = api.url
        async with bot(env, "--no-web", "--no-jobs") as process:
            await api.customer_says("¿cuánto cuesta la mochila urbana azul?")
            await until(lambda: _count(texts(api), 1))
            assert "24.990" in texts(api)[0]
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            said = await process.stderr.read()
            assert await process.wait() == 0
    assert TOKEN.encode() not in said


async def test_the_pages_are_read_before_anything_is_begun(
    env: dict[str, str], tmp_path: Path
) -> None:
    """It takes seconds, in which the database ends whatever transaction waits."""
    told = "import sys\n\n\ndef register(app):\n    sys.exit('app.pages' not in sys.modules)\n"
    (tmp_path / "early.py").write_text(told)
    env |= {"PYTHONPATH": str(tmp_path), "APRENDIZ_APP__PLUGINS": '["early"]'}
    async with bot(env) as process:
        assert await process.wait() == 0


async def test_a_model_with_a_key_answers_and_when_it_fails_the_offline_one_does(
    env: dict[str, str],
) -> None:
    async with serving(BotApi(token=TOKEN)) as api, model_server() as model:
        model.will(says("Hola, soy el modelo."), refuses(500))
        env |= {
            "APRENDIZ_TELEGRAM__BASE_URL": api.url,
            "OPENAI_API_KEY": "sk-loopback",
            "APRENDIZ_OPENAI__BASE_URL": f"{model.url}/v1",
        }
        async with bot(env, "--no-web", "--no-jobs"):
            await api.customer_says("cuéntame de la tienda, soy 12.345.678-5", chat=1)
            await until(lambda: _count(texts(api), 1))
            await api.customer_says("¿cuánto cuesta la mochila urbana azul?", chat=2)
            await until(lambda: _count(texts(api), 2))
    assert texts(api)[0] == "Hola, soy el modelo."
    assert "24.990" in texts(api)[1]
    assert "12.345.678" not in str(model.asked)
    assert model.keys[0] == "Bearer sk-loopback"


async def test_a_start_that_waits_for_redis_can_be_stopped(env: dict[str, str]) -> None:
    env |= {"APRENDIZ_REDIS_URL": "unix:///tmp/no-redis-listens-here.sock"}
    async with bot(env, "--no-jobs") as process:
        assert process.stderr is not None
        async with asyncio.timeout(120):
            assert b"redis.waiting" in await process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0


async def _count(found: list[str], wanted: int) -> bool:
    return len(found) == wanted
