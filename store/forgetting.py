"""Takes a whole shop out again: for the shops that evaluations set up and throw away.

Nobody acts in those, so there is no audit of them; a shop that has one stays, for nobody may
delete it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from store.app import Shop
from store.base import Base
from store.session import Store

AUDIT: Final = "app.audit_event"


async def forget_shop(store: Store, shop: UUID) -> None:
    """Every row of it, those that point to others first."""
    async with store.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if "shop_id" in table.c and table.fullname != AUDIT:
                await session.execute(delete(table).where(table.c.shop_id == shop))
        await session.execute(delete(Shop).where(Shop.id == shop))


async def shops_before(store: Store, prefix: str, moment: datetime) -> list[UUID]:
    """Shops whose keys begin so, and that are older."""
    query = select(Shop.id).where(Shop.key.startswith(prefix), Shop.created_at < moment)
    async with store.reading() as session:
        return list(await session.scalars(query))
