"""One event of a WhatsApp session, with what is known around it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.fields import dumped, kept, moment, table, whole, words
from bot.channels.whatsapp.people import Account, Place
from events.happened import named


@dataclass(frozen=True, slots=True)
class News:
    """One event of a session. `person` is the name the directory gave the customer; `ours` are the
    ids of messages we have sent, with the part of a reply that each is."""

    account: Account
    number: int
    body: dict[str, Any]
    person: str
    ours: dict[str, str]
    heard_at: datetime
    now: datetime
    offline: bool = False

    def envelope(self, place: Place | None, *parts: str, at: datetime) -> dict[str, Any]:
        root = place.root(self.person) if place else ("",)
        identity = named(self.account.key, *root, *parts)
        return {
            "id": identity,
            "shop": self.account.shop,
            "account": self.account.key,
            "conversation": self.account.conversation(*root),
            "request_id": identity,
            "at": at,
            "received_at": self.heard_at,
            "raw": kept(dumped(self.body)),
        }

    @property
    def at(self) -> datetime:
        ms = whole(table(self.body.get("Info")).get("Timestamp"))
        if ms is None:
            return self.heard_at
        return moment(ms // 1000, self.heard_at).replace(microsecond=ms % 1000 * 1000)

    @property
    def id(self) -> str | None:
        return words(table(self.body.get("Info")).get("ID"))
