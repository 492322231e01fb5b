"""What a person has to know to go on where the bot stopped: a line each, for the shop's own."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from config.packs import Pack
from events.manners import HandOverReason
from handlers.steps import Asked
from knowledge.products import Product
from knowledge.recall import last_named
from llm.base import Message
from store.base import StoreError
from store.session import Store
from text.labels import label
from text.prices import written
from text.visitors import visitor

log = structlog.get_logger()

LONGEST: Final = 200
SHOWN: Final = 3
NETWORKS: Final[Mapping[str, str]] = {
    "telegram": "Telegram", "telegram_ptb": "Telegram", "whatsapp": "WhatsApp",
    "whatsapp_cloud": "WhatsApp", "web": "chat web",
}  # fmt: skip
MAIN: Final = "main"
"""What an account is called that needs no name, for it is the only one of its network."""
_SEAM: Final = re.compile(r"(?<![.,:;!?…])\n")
PATIENCE_S: Final = 1.0
"""A customer waits no longer for what the staff would like to know."""
ABOUT: Final = """
SELECT c.name, open.state, open.total, open.currency, open.lines
FROM app.customer c LEFT JOIN LATERAL (
  SELECT o.state, o.total, o.currency,
         (SELECT string_agg(l.quantity || ' × ' || l.name, ', ' ORDER BY l.sku)
          FROM app.order_line l WHERE l.shop_id = o.shop_id AND l.order_id = o.id) AS lines
  FROM app.orders o
  WHERE o.shop_id = c.shop_id AND o.conversation_id = $3
    AND o.state IN ('draft', 'confirmed', 'receipt', 'rejected')
  ORDER BY o.created_at DESC LIMIT 1
) open ON true
WHERE c.shop_id = $1 AND c.id = $2
"""


@dataclass(frozen=True, slots=True)
class About:
    """A customer's name and open order, as far as they are known."""

    name: str | None = None
    state: str | None = None
    total: int = 0
    currency: str = ""
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Asked only when a person is needed; without Postgres the hand-over goes on without it."""

    store: Store

    async def about(self, shop: UUID, customer: UUID, conversation: UUID) -> About:
        try:
            async with asyncio.timeout(PATIENCE_S), self.store.lookup() as connection:
                row = await connection.fetchrow(ABOUT, shop, customer, conversation)
        except (StoreError, TimeoutError) as error:
            log.warning("handover.unknown_customer", customer=str(customer), error=str(error))
            return About()
        if row is None:
            return About()
        return About(
            label(row["name"]) if row["name"] else None,
            row["state"],
            row["total"] or 0,
            row["currency"] or "",
            row["lines"] or "",
        )


@dataclass(frozen=True, slots=True)
class Summary:
    pack: Pack

    def lines(
        self, asked: Asked, reason: HandOverReason, topic: str, about: About
    ) -> tuple[str, ...]:
        """Three to six."""
        turn, reading = asked.turn, asked.reading
        who = called(turn.account, turn.chat, about.name)
        found = [
            self.say("staff_who", who),
            self.say(f"staff_{reason}", {"topic": topic} if topic else {}),
            self.say("staff_question", {"question": short(reading.text)}),
        ]
        products = spoken_of(asked)
        if products:
            found.append(self.say("staff_products", {"products": self._priced(products)}))
        if about.state:
            total = written(about.total, about.currency)
            order = {"lines": short(about.lines), "total": total, "state": about.state}
            found.append(self.say("staff_order", order))
        before = self.last_lines(reading.said)
        if before:
            found.append(self.say("staff_before", {"said": before}))
        return tuple(found)

    def say(self, name: str, slots: dict[str, str]) -> str:
        return self.pack.answers[name].say(self.pack.identity.language, slots)

    def last_lines(self, said: Sequence[Message]) -> str:
        """The last thing each of the two said, in order."""
        by = {"user": "staff_by_customer"}
        return " · ".join(
            self.say(by.get(one.role, "staff_by_bot"), {"said": short(one.content, 120)})
            for one in said[-2:]
        )

    def _priced(self, products: Sequence[Product]) -> str:
        currency = self.pack.identity.currency
        return ", ".join(f"{one.name} ({written(one.price, currency)})" for one in products)


def called(account: str, chat: str, name: str | None) -> dict[str, str]:
    """By their name, and the number that a person could dial; else by what the pages call them."""
    who = {"account": spoken(account)}
    if name:
        dials = account.startswith("whatsapp")
        return who | {"name": name} | ({"chat": chat} if dials else {})
    return who | ({"visit": visitor(chat)} if visitor(chat) else {"chat": chat})


def spoken(account: str) -> str:
    """As people call the network it is of, and itself where there are several."""
    network, _, name = account.partition(":")
    told = NETWORKS.get(network, network)
    return told if name in {"", MAIN} else f"{told} ({name})"


def spoken_of(asked: Asked) -> tuple[Product, ...]:
    """Those of this turn, or else those that were spoken of last."""
    reading = asked.reading
    found = reading.found.products or last_named(reading.said, reading.index)
    return tuple(found)[:SHOWN]


def short(text: str, longest: int = LONGEST) -> str:
    """One line of several; what was listed is told one after the other."""
    lines = (line.strip().lstrip("•*-").strip() for line in text.splitlines())
    flat = " ".join(_SEAM.sub(", ", "\n".join(filter(None, lines))).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"
