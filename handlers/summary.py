"""What a person has to know to go on where the bot stopped: a line each, for the shop's own."""

import asyncio
from collections.abc import Sequence
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
        before = last_lines(reading.said)
        if before:
            found.append(self.say("staff_before", {"said": before}))
        return tuple(found)

    def say(self, name: str, slots: dict[str, str]) -> str:
        return self.pack.answers[name].say(self.pack.identity.language, slots)

    def _priced(self, products: Sequence[Product]) -> str:
        currency = self.pack.identity.currency
        return ", ".join(f"{one.name} ({written(one.price, currency)})" for one in products)


def called(account: str, chat: str, name: str | None) -> dict[str, str]:
    """By their name, and the number that a person could dial; else by what the pages call them."""
    who = {"account": account}
    if name:
        dials = account.startswith("whatsapp")
        return who | {"name": name} | ({"chat": chat} if dials else {})
    return who | ({"visit": visitor(chat)} if visitor(chat) else {"chat": chat})


def spoken_of(asked: Asked) -> tuple[Product, ...]:
    """Those of this turn, or else those that were spoken of last."""
    reading = asked.reading
    found = reading.found.products or last_named(reading.said, reading.index)
    return tuple(found)[:SHOWN]


def last_lines(said: Sequence[Message]) -> str:
    """The last thing each of the two said, in order."""
    lines = [f"{'<' if one.role == 'user' else '>'} {short(one.content, 120)}" for one in said[-2:]]
    return " ".join(lines)


def short(text: str, longest: int = LONGEST) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"
