"""Conversations by what was said in them, and by whose they are.

Asked inside the shop's own transaction, where row-level security binds it.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from store import app

LATELY: Final = 2_000
FOUND: Final = 500
BACK: Final = timedelta(days=400)
STARTS: Final = re.compile(r"(?<![\w¿¡-])\w")
REFUSED: Final = re.compile(r'(?<!\S)-("[^"]*"|[^\s"]+)')
"""A word or a phrase behind a minus."""
MOST: Final = 8
"""Words of either kind that are looked for with those marks."""
SAID: Final = sql("SELECT DISTINCT conversation_id FROM app.said(:words, :since, :most)")


def opened(words: str) -> str:
    """A database whose locale is C takes ¿ and ¡ for letters of the word that follows; so each word
    is looked for with them, too, as if a sentence began with it, and refused with them."""
    refused = [found[1] for found in REFUSED.finditer(words)]
    begun = [STARTS.sub(rf"{mark}\g<0>", one, count=1) for one in refused[:MOST] for mark in "¿¡"]
    without = "".join(f" -{one}" for one in [*refused, *begun])
    wanted = REFUSED.sub("", words)
    starts = [found.start() for found in islice(STARTS.finditer(wanted), MOST)]
    ways = [f"{wanted[:place]}{mark}{wanted[place:]}" for place in starts for mark in "¿¡"]
    return " or ".join(f"{way}{without}" for way in [wanted, *ways])


async def found_by(
    session: AsyncSession, shop: UUID, words: str, now: datetime
) -> Collection[UUID]:
    """By what was said, and by the names of those who spoke last."""
    given = {"words": opened(words), "since": now - BACK, "most": FOUND}
    said = await session.scalars(SAID, given)
    talk = app.Conversation
    newest = (
        select(talk.id, talk.customer_id)
        .where(talk.shop_id == shop)
        .order_by(talk.last_at.desc())
        .limit(LATELY)
        .subquery()
    )
    named = select(newest.c.id).join(
        app.Customer,
        and_(
            app.Customer.shop_id == shop,
            app.Customer.id == newest.c.customer_id,
            app.Customer.name.icontains(words, autoescape=True),
        ),
    )
    return set(said) | set(await session.scalars(named.limit(FOUND)))
