"""WhatsApp by QR: the process that holds the session is real, and so is neonize; Go is ours."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.people import Account
from bot.channels.whatsapp.protocol import Begin
from services.wire import Wire
from tests.contracts.network import CHAT, SHOP, Ledger, Network
from tests.servers.whatsapp import WhatsApp as Loopback
from tests.servers.whatsapp import serving

ACCOUNT = "whatsapp:main"


@dataclass
class WhatsApp:
    channel: WhatsAppChannel
    network: Loopback

    async def says(self, text: str) -> None:
        self.network.says(text, CHAT)

    def unacknowledged(self) -> int:
        """WhatsApp itself is answered at once; the journal keeps what we have not stored."""
        return self.network.waiting + len(journalled(self.network.folder))

    async def delivered(self) -> list[str]:
        return self.network.texts()


def journalled(folder: Path, account: str = ACCOUNT) -> list[int]:
    file = folder / f"{account.replace(':', '-')}.journal"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file, timeout=10)) as db:
        try:
            return [code for (code,) in db.execute("SELECT code FROM entry ORDER BY number")]
        except sqlite3.OperationalError:
            return []


def channel_of(
    network: Loopback,
    wire: Wire,
    prefix: str,
    account: str = ACCOUNT,
    *,
    phone: str = "",
    patience_s: float = 60.0,
) -> WhatsAppChannel:
    begin = Begin(account=account, folder=str(network.folder), phone=phone)
    us = Account(SHOP, account)
    command = network.command
    return WhatsAppChannel(us, begin, wire, prefix, command=command, patience_s=patience_s)


@asynccontextmanager
async def network() -> AsyncIterator[Loopback]:
    # Not pytest's own folder: the path of a socket may not be long.
    with tempfile.TemporaryDirectory(prefix="whatsapp-") as folder:
        async with serving(Path(folder)) as loopback:
            yield loopback


@asynccontextmanager
async def opened(ledger: Ledger, wire: Wire, prefix: str) -> AsyncIterator[Network]:
    async with network() as loopback:
        yield WhatsApp(channel_of(loopback, wire, prefix), loopback)
