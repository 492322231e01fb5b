"""What the shop's own people may ask of any client of their shop, from their own chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from config.packs import Pack
from handlers.books import Books
from handlers.lending import labels_of
from handlers.owed import Teller
from services.clock import Clock, now
from store.identity import named_clients
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

    async def about(self, shop: UUID, words: Sequence[str]) -> Said:
        """Whom a name, a phone or a client's number means."""
        asked = fold(" ".join(words)).strip()
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
        today = self.clock().astimezone(self.zone).date()
        everything = await self.books.standing(shop, client, today)
        teller = Teller(self.pack, labels_of(self.pack), self.pack.identity.language)
        return "staff_client", {
            "name": name,
            "number": number,
            "lines": teller.for_staff(everything),
        }
