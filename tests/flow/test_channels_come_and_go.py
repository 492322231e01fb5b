"""Accounts are added to a bot that runs, in its own process, and taken away from it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.receiver import lease_key
from services.state import Endpoints
from services.wire import Wire
from tests.conftest import ROOT
from tests.fixtures.bots import until
from tests.servers.telegram import BotApi, serving

TOKEN = "42:AAF-loopback-token-of-the-tests-000000000"
ACCOUNT = "telegram:tienda"


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_EVENTS__PARTITIONS": "4",
        "APRENDIZ_EVENTS__LEASE_MS": "1000",
        "APRENDIZ_WEB__PORT": "0",
        "APRENDIZ_APP__VAR": str(tmp_path / "var"),
    }


@asynccontextmanager
async def running(env: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot with its pages and no account at all; whoever is left over is killed."""
    process = await main(env, "run", "--no-jobs")
    assert process.stderr is not None
    try:
        async with asyncio.timeout(120):
            while b"running: chat" not in (said := await process.stderr.readline()):
                assert said, "the bot ended before it ran"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def main(env: dict[str, str], *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "main.py", *words, cwd=ROOT, env=env, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def done(env: dict[str, str], *words: str) -> str:
    process = await main(env, *words)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return (out + err).decode()


def answers(api: BotApi) -> list[str]:
    return [call["text"] for call in api.called("sendMessage")]


async def test_an_account_that_is_added_answers_without_a_restart_and_a_removed_one_is_silent(
    env: dict[str, str], wire: Wire, prefix: str
) -> None:
    async def served() -> bool:
        return bool(await wire.command("EXISTS", lease_key(prefix, ACCOUNT)))

    async def answered() -> bool:
        return any("24.990" in text for text in answers(api))

    async with serving(BotApi(token=TOKEN)) as api, running(env) as process:
        given = ["--name", "tienda", "--option", f"base_url={api.url}", "--option", "client=ptb"]
        told = await done(
            env | {"TELEGRAM_BOT_TOKEN": TOKEN}, "channels", "add", "telegram", *given
        )
        await api.customer_says("¿cuánto cuesta la mochila urbana azul?")
        await until(answered)
        listed = await done(env, "channels", "list", "--json")
        assert '"state": "ready"' in listed

        told += await done(env, "channels", "remove", ACCOUNT)
        assert not await served()
        before = len(answers(api))
        await api.customer_says("¿sigues ahí?")
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        log = (await process.stderr.read()).decode()
        assert await process.wait() == 0
        assert (len(answers(api)), len(api.unconfirmed)) == (before, 1)
    assert '"channel.added"' in log
    assert '"channel.removed"' in log
    assert TOKEN not in log + told + listed
