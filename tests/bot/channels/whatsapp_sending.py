"""Parts to send through WhatsApp, and messages to wait for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from bot.channels.base import (
    Part,
)
from events.contents import Extra
from events.happened import Happened
from events.vocabulary import ChannelChanged
from tests.contracts.network import Ledger, until
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
