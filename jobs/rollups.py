"""What pages add up, counted every few minutes: one row per shop, which rests and never ends."""

from typing import Final

from config.opening import zone_of
from config.settings import Settings
from jobs import statements
from jobs.attempts import Attempt
from jobs.schedule import ROLLUPS
from learning.rollups import Rollups
from services.clock import now
from store.session import Store

ALWAYS: Final = "always"


async def stand(store: Store) -> None:
    """Each shop whose bot has answered, or spent something, has its row."""
    async with store.transaction() as session:
        await session.execute(statements.STANDING, {"name": ROLLUPS, "period": ALWAYS})


async def count(attempt: Attempt, settings: Settings) -> None:
    zone = zone_of(settings.hours.timezone)
    await Rollups(attempt.store, attempt.run.shop, zone, attempt.hold).refresh(now())
    async with attempt.store.transaction() as session:
        await attempt.rest(session, settings.cadences.rollups_s)
