"""The jobs of a running bot: a worker process, and the schedule that offers it what is due."""

import asyncio

from app.backing import Backing
from app.parts import Parts
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.worker import WorkerProcess


async def attend(parts: Parts, here: Backing) -> None:
    """Until cancelled; both wait out outages by themselves."""
    settings = parts.settings
    own = settings.jobs.redis_url
    url = own.get_secret_value() if own else here.redis_url
    environment = {
        "APRENDIZ_DATABASE__URL": here.database_url,
        "APRENDIZ_REDIS__URL": here.redis_url,
        "APRENDIZ_JOBS__REDIS_URL": url,
        "APRENDIZ_REDIS__PREFIX": settings.redis.prefix,
        "APRENDIZ_APP__VAR": str(settings.app.var),
    }
    cron = Cron(parts.store, Queue(url, settings.redis.prefix), settings.jobs)
    async with asyncio.TaskGroup() as both:
        both.create_task(WorkerProcess(environment).run())
        both.create_task(cron.run())
