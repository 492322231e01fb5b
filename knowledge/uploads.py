"""How many files people and programs may send a shop within a day, of documents and of products,
counted from the lines of the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from knowledge.extraction import TooManyFiles
from store import passages, waiting
from store.audit import Actor, record_by
from store.session import BatchConnection, Store

DAY: Final = timedelta(days=1)


async def counted(connection: BatchConnection, shop: UUID, a_day: int | None, at: datetime) -> None:
    """Raises TooManyFiles; to be sure of it, the caller holds the shop. None is any number."""
    first = await waiting.uploaded(connection, shop, a_day) if a_day is not None else None
    if first is not None and (left := first + DAY - at) > timedelta():
        raise TooManyFiles(ceil(left.total_seconds()))


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files of products: each is written down when it was read, whatever becomes of it."""

    store: Store
    shop: UUID
    a_day: int | None = None

    async def look(self, at: datetime) -> None:
        """Nothing is read for what is not taken. Raises TooManyFiles."""
        async with self.store.lookup() as connection:
            await counted(connection, self.shop, self.a_day, at)

    async def note(self, name: str, digest: str, by: Actor, at: datetime) -> None:
        """Raises TooManyFiles, where others were faster."""
        deed = ("catalogue.uploaded", f"file:{digest}", None, {"name": name})
        async with self.store.batch() as connection:
            await passages.hold(connection, self.shop)
            await counted(connection, self.shop, self.a_day, at)
            await record_by(connection, self.shop, at, by, deed)
