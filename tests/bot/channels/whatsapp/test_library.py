"""The library itself: absent, without a network, with its session in Postgres, or dying."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channels.base import ChannelRefused
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.channel import whatsapp as by_settings
from bot.channels.whatsapp.health import unreached
from bot.channels.whatsapp.journal import Journal
from bot.channels.whatsapp.people import Account
from bot.channels.whatsapp.protocol import Begin
from config.networks import WhatsAppSettings
from services.wire import Wire
from store.session import open_connection
from tests.bot.channels.whatsapp.sending import News
from tests.contracts.network import SHOP, Ledger, listening, until
from tests.contracts.whatsapp import ACCOUNT
from tests.servers.protobufs import MESSAGE, message
from tests.servers.whatsapp import WhatsApp


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go and all; its way out leads to a port where nobody listens."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


async def test_the_real_library_without_a_network_says_so(
    tmp_path: Path, wire: Wire, prefix: str, offline: None
) -> None:
    settings, news = WhatsAppSettings(enabled=True), News()
    channel = by_settings(settings, SHOP, ACCOUNT, wire, prefix, tmp_path)

    async with listening(channel, news.ingest):
        await until(news.has(state="unwell"))

    assert "cannot reach WhatsApp: failed to dial" in news.told[0].detail
    with closing(sqlite3.connect(tmp_path / "whatsapp-main.session")) as session:
        assert session.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_what_a_crash_left_in_the_journal_is_told_before_the_session_is_back(
    tmp_path: Path, wire: Wire, prefix: str, ledger: Ledger, offline: None
) -> None:
    """Asked too early who hides behind a number, the Go half would take the process down."""
    with closing(Journal(tmp_path / "whatsapp-main.journal")) as journal:
        journal.append(MESSAGE, "A", message("A", "222@lid", "hola"))
    channel = by_settings(WhatsAppSettings(), SHOP, ACCOUNT, wire, prefix, tmp_path)

    async with listening(channel, ledger.ingest):
        await until(lambda: len(ledger.stored) == 1)

    assert ledger.texts() == ["hola"]


async def test_a_session_may_lie_in_postgres(
    tmp_path: Path,
    wire: Wire,
    prefix: str,
    empty_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = WhatsAppSettings(enabled=True, session=SecretStr(empty_database_url))
    channel, news = by_settings(settings, SHOP, ACCOUNT, wire, prefix, tmp_path), News()

    async with listening(channel, news.ingest):
        await until(news.has(state="unwell"))

    connection = await open_connection(empty_database_url)
    assert await connection.fetchval("SELECT count(*) FROM whatsmeow_device") == 0
    await connection.close()


def test_what_a_library_complains_of_holds_no_secret() -> None:
    said = 'failed to upgrade database: parse "postgresql://u:s3cr%zz@h/x": to 56911111111'

    told = unreached(said)

    assert told.detail == (
        'cannot open the session: failed to upgrade database: parse "postgresql://…@h/x": to …'
    )


async def test_without_its_library_the_channel_says_what_to_install(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    absent = "import sys; sys.modules['neonize'] = None"
    run = "from bot.channels.whatsapp.process import main; main()"
    async with scripted(whatsapp.folder, wire, prefix, f"{absent}; {run}") as channel:
        with pytest.raises(ChannelRefused, match=r"requirements-whatsapp\.txt \(unofficial"):
            async with asyncio.timeout(120):
                await channel.receive(News().ingest)


@asynccontextmanager
async def scripted(
    folder: Path, wire: Wire, prefix: str, script: str
) -> AsyncIterator[WhatsAppChannel]:
    begin = Begin(account=ACCOUNT, folder=str(folder))
    command = (sys.executable, "-c", script)
    yield WhatsAppChannel(Account(SHOP, ACCOUNT), begin, wire, prefix, command=command)


async def test_a_bug_over_there_is_in_the_log_here(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    """So is what a process printed last, without anybody's number."""
    script = """
import asyncio, socket, sys
from bot.channels.whatsapp.protocol import Complained, linked
async def main():
    link = await linked(socket.socket(fileno=int(sys.argv[-1])))
    link.put(Complained(text="KeyError('x')"))
    await link.drained()
    print("panic: 56911111111 wrote", file=sys.stderr)
asyncio.run(main())
"""
    news = News()
    with capture_logs() as logs:
        async with (
            scripted(whatsapp.folder, wire, prefix, script) as channel,
            listening(channel, news.ingest),
        ):
            await until(news.has(state="unwell"))

    assert {"account": ACCOUNT, "reason": "KeyError('x')"}.items() <= next(
        line.items() for line in logs if line["event"] == "whatsapp.bug"
    )
    assert news.told[0].detail.endswith("panic: … wrote")
