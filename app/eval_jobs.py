"""`eval run --queue`: leaves an evaluation to the worker of a running bot."""

from app.candidates import chosen
from app.console import emit, result
from app.evaluating import Wanted, note
from app.library import library
from config.settings import Settings
from jobs.asking import offer
from jobs.evaluating import Asked
from jobs.queue import Queue
from learning.answerable import answerable
from services.clock import now


async def leave(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    """A queue that is out of reach gets it later, from the schedule of a running bot."""
    async with library(settings, wanted.shop) as at:
        version = await chosen(at.store, at.shop, wanted.version)
        if version is not None:
            await answerable(settings, version)
        asked = Asked(wanted.split, wanted.pack, wanted.version)
        run = asked.run(at.shop, now(), by=wanted.by)
        async with at.store.transaction() as session:
            await note(session, at.shop, wanted, run.period)
        own = settings.jobs.redis_url
        url = own.get_secret_value() if own else at.redis_url
        await offer(at.store, Queue(url, settings.redis.prefix), run)
    if as_json:
        emit({"queued": True, "period": run.period})
        return
    result.print("a running bot evaluates it; main.py eval list shows what came of it")
