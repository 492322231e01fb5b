"""The job that groups the questions which nobody could answer."""

from config.settings import Settings
from jobs.attempts import Attempt
from learning.questions import gather
from services.clock import now


async def group_questions(attempt: Attempt, _settings: Settings) -> None:
    """It keeps its own place, so another attempt goes on where this one ended."""
    count = await gather(attempt.store, attempt.run.shop, now())
    async with attempt.store.transaction() as session:
        await attempt.end(session, {"questions": count})
