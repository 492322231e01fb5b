"""Backups, as the audit tells of them: they leave no other trace in what they are of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from store.audit import Wanted, events

SCHEMAS: Final = ("app", "ml", "analytics")
"""All that is ours."""
MADE: Final = "backup.made"
RESTORED: Final = "backup.restored"


@dataclass(frozen=True, slots=True)
class Backup:
    at: datetime
    file: str
    bytes: int
    sha256: str


async def last(session: AsyncSession, shop: UUID) -> Backup | None:
    """The newest one that was made by this bot."""
    found = await events(session, shop, Wanted(action=MADE), limit=1)
    if not found or found[0].after is None:
        return None
    told = found[0].after
    return Backup(found[0].at, told["name"], told["bytes"], told["sha256"])
