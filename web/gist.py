"""What a conversation came to, in a line: what was wanted, of which products, and what was bought.

It is put together when somebody resolves the conversation, of what is stored without personal data;
a list that is opened reads it and looks nothing through.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.base import NOW, SHOP
from store.dealings import Order
from store.ml import TrainingData

TALK: Final = bindparam("talk", type_=TrainingData.conversation_id.type)
LOOKED: Final = 200
"""Answers that are looked through, the newest: a talk of years is about what was said last."""
MOST: Final = 2
MANNERS: Final = frozenset({
    "", "saludo", "despedida", "gracias", "general", "no_entiende", "afirmacion", "negacion",
})  # fmt: skip
"""What is said in every conversation says nothing of this one."""


async def made(session: AsyncSession, shop: UUID, talk: UUID) -> dict[str, Any] | None:
    """None where there is nothing to tell."""
    given = {"shop": shop, "talk": talk}
    rows = (await session.execute(_said(), given)).all()
    since = {"since": rows[-1].at if rows else None}
    sale = (await session.execute(_paid(), given | since)).first() if rows else None
    products = dict.fromkeys(row.product_name for row in rows if row.product_name)
    told: dict[str, Any] = {
        "intents": topics(row.intent for row in rows),
        "products": list(products)[:MOST],
    }
    if sale is not None:
        told |= {"total": sale.total, "currency": sale.currency}
    return told if any(told.values()) else None


def topics(intents: Iterable[str]) -> Sequence[str]:
    """The most frequent first; of two that are, the newer."""
    counted = Counter(one for one in intents if one not in MANNERS)
    return [name for name, _ in counted.most_common(MOST)]


@cache
def _said() -> Select[str, str | None, datetime]:
    row = TrainingData
    return (
        select(row.intent, row.product_name, row.created_at.label("at"))
        .where(row.shop_id == SHOP, row.conversation_id == TALK)
        .order_by(row.position.desc())
        .limit(LOOKED)
    )


@cache
def _paid() -> Select[int, str]:
    """The line stays as it is: what is only ordered may yet come to nothing."""
    mine = Order.shop_id == SHOP, Order.conversation_id == TALK, Order.state == "paid"
    since = Order.paid_at >= bindparam("since", type_=NOW.type)
    newest = Order.created_at.desc()
    return select(Order.total, Order.currency).where(*mine, since).order_by(newest).limit(1)
