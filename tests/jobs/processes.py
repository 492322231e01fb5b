"""Real schedulers and real workers as processes of their own, to be killed by tests."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from config.settings import ROOT, DatabaseSettings, JobSettings, RedisSettings, Settings
from jobs.cron import Cron
from jobs.queue import Queue
from jobs.schedule import Terms
from store.session import Store, open_store

BRISK = Terms(lease_s=1.5, again_s=3.0, backoff_s=0.3, deaths=1000, timeout_s=60)
"""Terms under which a test sees within seconds what takes minutes in life."""


def environment(database_url: str, redis_url: str, prefix: str, out: Path) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_JOBS__DATASETS": str(out),
        "APRENDIZ_CURATION__PER_CUSTOMER": "1.0",
        "APRENDIZ_CURATION__SETTLE_H": "0",
    }


def settings_of(environment: Mapping[str, str]) -> Settings:
    return Settings(
        database=DatabaseSettings(url=SecretStr(environment["APRENDIZ_DATABASE_URL"])),
        redis=RedisSettings(
            url=SecretStr(environment["APRENDIZ_REDIS_URL"]),
            prefix=environment["APRENDIZ_REDIS__PREFIX"],
        ),
        jobs=JobSettings(datasets=Path(environment["APRENDIZ_JOBS__DATASETS"]), every_s=1),
    )


def start(module: str, environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env={**os.environ, **environment}
    )


def start_worker(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return start("jobs.queue", environment, *arguments)


def start_scheduler(environment: Mapping[str, str], now: datetime) -> subprocess.Popen[bytes]:
    return start("tests.jobs.processes", environment, now.isoformat())


def children(parent: int) -> list[int]:
    """With RQ, the child of a worker is its horse."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


async def until(
    holds: Callable[[], Awaitable[bool]], *, every: float = 0.05, within: float = 200.0
) -> None:
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110  another process has no event of ours
            await asyncio.sleep(every)


@asynccontextmanager
async def held(store: Store, table: str) -> AsyncIterator[None]:
    """Whoever wants to write into `table` waits meanwhile, surely in the middle of its work."""
    async with store.transaction() as session:
        await session.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        yield


async def schedule(settings: Settings, moment: datetime) -> None:
    """A scheduler whose calendar stands still at `moment`."""
    database, redis = settings.database.url, settings.redis.url
    assert database is not None
    assert redis is not None
    store = open_store(database.get_secret_value(), role="pipeline", pool=2)
    queue = Queue(redis.get_secret_value(), settings.redis.prefix)
    await Cron(store, queue, JobSettings(every_s=0.3), BRISK, lambda: moment).run()


if __name__ == "__main__":
    asyncio.run(schedule(settings_of(os.environ), datetime.fromisoformat(sys.argv[1])))
