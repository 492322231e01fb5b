"""What the shop's own people may ask of any client of their shop, from their own chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from config.packs import Pack
from events.vocabulary import MessageReceived
from handlers.books import Books
from handlers.lending import labels_of
from handlers.owed import Teller
from services.clock import Clock, now
from store.identity import named_clients, note_inquiry
from store.lending import ClientInquiry
from text.folding import fold
from text.phones import matching_key

Said: TypeAlias = tuple[str, dict[str, object]]
"""An answer's name and its slots."""


@dataclass(frozen=True, slots=True)
class Clients:
    books: Books
    pack: Pack
    zone: ZoneInfo
    clock: Clock = now

    async def about(self, message: MessageReceived, words: Sequence[str]) -> Said:
        """Whom a name, a phone or a client's number means. Who was told of whom is written down.

        Raises DanglingReference while the conversation is still being written down.
        """
        shop, asked = message.shop, fold(" ".join(words)).strip()
        if not asked:
            return "staff_client_none", {}
        async with self.books.store.reading() as session:
            found = await named_clients(session, shop, asked, matching_key(asked))
        if not found:
            return "staff_client_none", {}
        if len(found) > 1:
            lines = "\n".join(f"• {number} {name}" for _, number, name in found)
            return "staff_client_which", {"lines": lines}
        client, number, name = found[0]
        await self._noted(message, client)
        today = self.clock().astimezone(self.zone).date()
        everything = await self.books.standing(shop, client, today)
        teller = Teller(self.pack, labels_of(self.pack), self.pack.identity.language)
        return "staff_client", {
            "name": name,
            "number": number,
            "lines": teller.for_staff(everything),
        }

    async def _noted(self, message: MessageReceived, client: UUID) -> None:
        one = ClientInquiry(
            shop_id=message.shop,
            id=message.id,
            conversation_id=message.conversation,
            client_id=client,
            by=message.sender.name or message.sender.id,
            at=message.received_at,
        )
        async with self.books.store.transaction() as session:
            await note_inquiry(session, one)
