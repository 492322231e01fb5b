"""However a process ends between receiving a message and storing it, none is lost."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.contracts.network import until
from tests.contracts.telegram import CLIENTS
from tests.servers.telegram import BotApi, serving

pytestmark = pytest.mark.chaos
MESSAGES = 20


@asynccontextmanager
async def running(*arguments: object) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "tests.bot.channels.telegram.process", *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def stored(ledger: Path) -> list[str]:
    return [line.split()[1] for line in ledger.read_text().splitlines()] if ledger.exists() else []


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_order(found: list[str], count: int) -> bool:
    """Each customer's messages, that is: the four of them write by turns."""
    return all(
        [text for text in found if int(text) % 4 == chat]
        == [f"{number}" for number in range(chat, count, 4)]
        for chat in range(4)
    )


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_process_that_dies_in_the_middle_loses_no_message(
    client: str, mode: str, tmp_path: Path
) -> None:
    ledger, port = tmp_path / "ledger", a_free_port()
    async with serving(BotApi()) as api:
        for number in range(MESSAGES):
            await api.customer_says(f"{number}", chat=1 + number % 4)

        async with running(client, mode, api.url, ledger, 0.1, port):
            await until(lambda: len(stored(ledger)) >= 3)
        assert len(stored(ledger)) < MESSAGES
        assert len(api.unconfirmed) >= MESSAGES - len(stored(ledger))

        async with running(client, mode, api.url, ledger, 0, port):
            await until(lambda: not api.unconfirmed)

    found = stored(ledger)
    assert sorted(found, key=int) == [f"{number}" for number in range(MESSAGES)]
    assert in_order(found, MESSAGES)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_process_that_is_told_to_stop_with_ten_in_flight_loses_no_message(
    client: str, mode: str, tmp_path: Path
) -> None:
    ledger, port = tmp_path / "ledger", a_free_port()
    async with serving(BotApi()) as api:
        for number in range(10):
            await api.customer_says(f"{number}", chat=1 + number % 4)

        async with running(client, mode, api.url, ledger, 0.2, port) as process:
            await until(lambda: len(stored(ledger)) >= 1)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 90) == 0
        assert len(api.unconfirmed) >= 10 - len(stored(ledger)) > 0

        async with running(client, mode, api.url, ledger, 0, port):
            await until(lambda: not api.unconfirmed)

    found = stored(ledger)
    assert sorted(found, key=int) == [f"{number}" for number in range(10)]
    assert in_order(found, 10)
