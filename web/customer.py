"""A customer who came by a link of their own: known by what their browser keeps for an hour."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import Request

from store.privacy import links
from store.session import Store

COOKIE: Final = "mis_datos"


async def visitor_of(request: Request, store: Store, shop: UUID, at: datetime) -> UUID | None:
    """Whose rows they may see."""
    kept = request.cookies.get(COOKIE, "")
    if not kept:
        return None
    async with store.tenant(shop) as session:
        return await links.visitor(session, shop, kept, at)
