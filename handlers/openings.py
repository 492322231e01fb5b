"""When people are there, in memory: what a shop's owner chose, else what the settings say."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from config.manners import HoursSettings
from handlers.hours import Hours, hours_of
from knowledge.shelves import Shelves
from store import choices
from store.base import StoreUnavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Openings(Shelves[HoursSettings, Hours]):
    settings: HoursSettings

    async def read(self, shop: UUID) -> tuple[HoursSettings, ...]:
        async with self.store.reading() as session:
            return (await choices.hours(session, shop, self.settings),)

    def made(self, rows: tuple[HoursSettings, ...]) -> Hours:
        return hours_of(rows[0])

    async def of(self, shop: UUID) -> Hours:
        """Nobody waits for a database that is down to be told when the shop opens."""
        try:
            return await Shelves.of(self, shop)
        except StoreUnavailable as error:
            log.warning("hours.unknown", shop=str(shop), reason=str(error))
            return hours_of(self.settings)
