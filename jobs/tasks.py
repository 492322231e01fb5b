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
from jobs.cadences import (
    DATASET,
    EXPIRY,
    FACTS,
    REPORT,
    RETENTION,
    RISK,
    RISK_DRIFT,
    WEEKLY,
)  # fmt: skip
from jobs.deploying import deploy, sweep_away
from jobs.documents import build_index, change_vectors, read_document
from jobs.drifting import watch_drift
from jobs.erasing import erase
from jobs.evaluating import evaluate
from jobs.exporting import export
from jobs.facts import take_facts, write_report, write_week
from jobs.predicting import foretell, learn_risks
from jobs.preparing import prepare
from jobs.proposing import put_forward
from jobs.questions import group_questions
from jobs.retention import retain
from jobs.rollups import count
from jobs.schedule import (
    DEPLOYMENT,
    DOCUMENT,
    ERASURE,
    EVALUATION,
    EXPORT,
    NEIGHBOURS,
    PREPARATION,
    PROPOSAL,
    PUT_FORWARD,
    QUESTIONS,
    RESCORE,
    RISK_TRAINING,
    ROLLUPS,
    SCORES,
    SWEEPING,
    TRAINING,
    VECTORS,
    Run,
    Terms,
)
from jobs.scoring import rescore, score
from jobs.training import propose, train, watch_expiry
from learning.dataset import Built, Steps, build_dataset
from services.lineage import end_with
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
    EVALUATION: evaluate,
    TRAINING: train, PROPOSAL: propose, EXPIRY: watch_expiry,
    DEPLOYMENT: deploy, SWEEPING: sweep_away, PUT_FORWARD: put_forward,
    SCORES: score, RESCORE: rescore,
    FACTS: take_facts, REPORT: write_report, WEEKLY: write_week, ROLLUPS: count,
    EXPORT: export, ERASURE: erase, RETENTION: retain,
    PREPARATION: prepare,
    QUESTIONS: group_questions,
    RISK: foretell, RISK_TRAINING: learn_risks, RISK_DRIFT: watch_drift,
}  # fmt: skip
