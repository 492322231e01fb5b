"""Parts to send through WhatsApp, and messages to wait for."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from bot.channels.base import (
    Part,
)
from bot.channels.whatsapp.channel import WhatsAppChannel
from events.contents import Extra
from events.happened import Happened
from events.vocabulary import ChannelChanged, DeliveryUpdated, MessageDeleted
from services.wire import Wire, connect
from tests.contracts.network import Ledger, listening, until
from tests.contracts.whatsapp import channel_of, network
from tests.servers.whatsapp import WhatsApp

ANA = "56911111111@s.whatsapp.net"
REPLY = UUID(int=9)


def a_part(
    text: str = "", *, number: int = 0, reply_to: str | None = None, extra: Extra | None = None
) -> Part:
    key = f"{REPLY}:{number}"
    return Part(key, UUID(int=2), ANA, text, reply_to=reply_to, extra=extra)


async def heard(whatsapp: WhatsApp, ledger: Ledger, contents: object, chat: str = ANA) -> str:
    before = len(ledger.stored)
    id_ = whatsapp.says(contents, chat)
    await until(lambda: len(ledger.stored) > before)
    return id_


@dataclass
class News:
    told: list[ChannelChanged] = field(default_factory=list)

    async def ingest(self, event: Happened) -> bool:
        assert isinstance(event, ChannelChanged)
        self.told.append(event)
        return True

    def has(self, **fields: str) -> Callable[[], bool]:
        return lambda: any(
            all(getattr(event, name) == value for name, value in fields.items())
            for event in self.told
        )


@dataclass
class Heard(Ledger):
    receipts: list[DeliveryUpdated] = field(default_factory=list)

    async def ingest(self, event: Happened) -> bool:
        if isinstance(event, DeliveryUpdated):
            self.receipts.append(event)
            return True
        if isinstance(event, MessageDeleted):
            return True
        return await super().ingest(event)


@dataclass(frozen=True)
class Held:
    """A session that several tests share: each takes a second to start."""

    channel: WhatsAppChannel
    network: WhatsApp
    ledger: Heard
    wire: Wire
    prefix: str

    async def fresh(self) -> None:
        """Every test sends under the same keys."""
        wishes = await self.wire.command("KEYS", f"{self.prefix}:whatsapp:*:wish:*")
        for wish in wishes:
            await self.wire.command("DEL", wish)
        self.network.sent.clear()
        self.network.calls.clear()
        self.network.failing.clear()
        self.ledger.stored.clear()


@asynccontextmanager
async def held(redis_url: str) -> AsyncIterator[Held]:
    wire, prefix, ledger = Wire(connect(redis_url)), f"test-{uuid4().hex[:8]}", Heard()
    async with network() as loopback:
        channel = channel_of(loopback, wire, prefix)
        async with listening(channel, ledger.ingest):
            yield Held(channel, loopback, ledger, wire, prefix)
    await wire.close()
