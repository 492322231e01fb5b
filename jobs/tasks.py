"""What RQ calls in a forked child: open, claim, call one function."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias
from uuid import UUID

from config.settings import Settings
from jobs.attempts import Attempt
from jobs.documents import build_index, change_vectors, read_document
from jobs.lineage import end_with
from jobs.schedule import DATASET, DOCUMENT, NEIGHBOURS, VECTORS, Run, Terms
from learning.dataset import Built, Steps, build_dataset
from store.session import Store, WriteSession, open_store

Job: TypeAlias = Callable[[Attempt, Settings], Awaitable[None]]


class JobRefused(Exception):
    """This process cannot do the job; the message says why."""


def run(name: str, shop: str, period: str, terms: dict[str, Any]) -> str:
    end_with(os.getppid(), signal.SIGKILL)
    return asyncio.run(perform(Run(name, UUID(shop), period), Terms(**terms), Settings()))


async def perform(run: Run, terms: Terms, settings: Settings) -> str:
    """`done`, or why there was nothing to do."""
    job = JOBS.get(run.name)
    if job is None:
        raise JobRefused(f"There is no job {run.name!r}: this worker is older than its scheduler")
    async with opened_store(settings) as store:
        attempt = await Attempt.claim(store, run, terms)
        if attempt is None:
            return "not free"
        async with attempt, asyncio.timeout(terms.timeout_s):
            await job(attempt, settings)
    return "done"


async def build(attempt: Attempt, settings: Settings) -> None:
    async def settle(session: WriteSession, built: Built) -> None:
        await attempt.end(session, built.summary())

    await build_dataset(
        attempt.store,
        attempt.run.shop,
        period=attempt.run.period,
        out=settings.jobs.datasets or settings.app.var / "datasets",
        settings=settings.curation,
        steps=Steps(settle=settle),
    )


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    if settings.database.url is None:
        raise JobRefused("Jobs need a database: set APRENDIZ_DATABASE_URL")
    store = open_store(settings.database.url.get_secret_value(), role="pipeline", pool=2)
    try:
        yield store
    finally:
        await store.close()


JOBS: Final[dict[str, Job]] = {
    DATASET: build, DOCUMENT: read_document, VECTORS: change_vectors, NEIGHBOURS: build_index,
}  # fmt: skip
