"""Kill -9 between receiving a message and storing it loses nothing."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.contracts.network import until
from tests.servers.telegram import BotApi, serving

pytestmark = pytest.mark.chaos
MESSAGES = 20


@asynccontextmanager
async def running(*arguments: object) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "tests.bot.channels.telegram_process", *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def stored(ledger: Path) -> list[str]:
    return [line.split()[1] for line in ledger.read_text().splitlines()] if ledger.exists() else []


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_process_that_dies_in_the_middle_loses_no_message(
    mode: str, tmp_path: Path
) -> None:
    ledger, port = tmp_path / "ledger", a_free_port()
    async with serving(BotApi()) as api:
        for number in range(MESSAGES):
            await api.customer_says(f"{number}", chat=1 + number % 4)

        async with running(mode, api.url, ledger, 0.1, port):
            await until(lambda: len(stored(ledger)) >= 3, 50)
        assert len(stored(ledger)) < MESSAGES
        assert len(api.unconfirmed) >= MESSAGES - len(stored(ledger))

        async with running(mode, api.url, ledger, 0, port):
            await until(lambda: not api.unconfirmed, 50)

    found = stored(ledger)
    assert sorted(found, key=int) == [f"{number}" for number in range(MESSAGES)]
    assert all(
        [text for text in found if int(text) % 4 == chat]
        == [f"{n}" for n in range(chat, MESSAGES, 4)]
        for chat in range(4)
    )
