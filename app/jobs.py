"""The jobs of a running bot: a worker process, and the schedule that offers it what is due."""

import asyncio

from app.backing import Backing
from app.parts import Parts
from config.opening import zone_of
from config.settings import Settings
from jobs.cadences import daily_expiry, nightly_retention, of_settings
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.worker import WorkerProcess


def queue_at(settings: Settings, redis_url: str) -> Queue:
    """Jobs may have a Redis of their own."""
    own = settings.jobs.redis_url
    return Queue(own.get_secret_value() if own else redis_url, settings.redis.prefix)


async def attend(parts: Parts, here: Backing) -> None:
    """Until cancelled; both wait out outages by themselves."""
    settings = parts.settings
    queue = queue_at(settings, here.redis_url)
    environment = {
        "APRENDIZ_DATABASE__URL": here.database_url,
        "APRENDIZ_REDIS__URL": here.redis_url,
        "APRENDIZ_JOBS__REDIS_URL": queue.url,
        "APRENDIZ_REDIS__PREFIX": settings.redis.prefix,
        "APRENDIZ_APP__VAR": str(settings.app.var),
    }
    automatic = settings.training.automatic
    zone = zone_of(settings.hours.timezone)
    nights = nightly_retention(settings.privacy, zone)
    cadences = (*of_settings(settings.cadences, zone), *nights, *daily_expiry(settings.openai))
    cron = Cron(
        parts.store,
        queue,
        settings.jobs,
        automatic=automatic,
        cadences=cadences,
        rollups=settings.cadences.rollups_s > 0,
    )
    async with asyncio.TaskGroup() as both:
        both.create_task(WorkerProcess(environment).run())
        both.create_task(cron.run())
