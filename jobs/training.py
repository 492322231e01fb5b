"""The jobs about trainings: a step of one, whether the week is worth one, which models end."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog

from config.settings import Settings
from jobs.asking import TERMS
from jobs.attempts import Attempt
from jobs.deploying import begin, deploy, deployment_of
from jobs.schedule import TRAINING, Run, Terms, others_wait
from jobs.telling import told_of
from learning.dataset import find_dataset
from learning.expiring import ends_at, expiring
from learning.following import Follower
from learning.ollama import DeploymentError
from learning.ordering import AUTOMATIC, Office, Wanted
from learning.refusals import TrainingRefused
from learning.trainers.base import Trainer
from learning.trainers.opening import open_trainer, usual_base
from llm.base import ModelMisconfigured
from services.clock import now
from store import trainings
from store.session import Store

log = structlog.get_logger()
LOOK_S: Final = 1.0
LOOKS: Final = 6


def training_of(shop: UUID, job: UUID) -> Run:
    return Run(TRAINING, shop, str(job))


def follower_of(store: Store, settings: Settings) -> Follower:
    return Follower(
        store,
        partial(_opened, settings, store),
        settings.app.var / "trainings",
        settings.training.poll_s,
        registered=partial(begin, settings),
    )


async def train(attempt: Attempt, settings: Settings) -> None:
    """A few looks at a time, one where somebody else waits: a worker costs seconds to begin, and
    has others to serve."""
    run = attempt.run
    follower = replace(follower_of(attempt.store, settings), guard=attempt.hold)
    async with told_of(settings, run.shop) as tell:
        again = await follower.step(run.shop, UUID(run.period))
        await tell("job", id=run.period)
        for _ in range(LOOKS - 1):
            if again is None or again > follower.poll_s or await others_wait(attempt.store):
                break
            await asyncio.sleep(again)
            again = await follower.step(run.shop, UUID(run.period))
            await tell("job", id=run.period)
    async with attempt.store.transaction() as session:
        if again is None:
            await attempt.end(session, {"training": run.period})
        else:
            await attempt.rest(session, again)


async def propose(attempt: Attempt, settings: Settings) -> None:
    """After a week's dataset: a training, where enough of it is new and there is money for it."""
    result = await _proposed(attempt, settings)
    log.info("training.proposed", run=str(attempt.run), **result)
    async with attempt.store.transaction() as session:
        await attempt.end(session, result)


async def watch_expiry(attempt: Attempt, settings: Settings) -> None:
    result = await _watched(attempt, settings)
    async with attempt.store.transaction() as session:
        await attempt.end(session, result)


def _opened(settings: Settings, store: Store, name: str, base_model: str) -> Trainer:
    return open_trainer(name, settings, store, base_model)


async def _proposed(attempt: Attempt, settings: Settings) -> dict[str, Any]:
    knobs, shop, store = settings.training, attempt.run.shop, attempt.store
    base = usual_base(knobs.trainer, settings)
    if not knobs.automatic or base is None:
        return {"outcome": "off" if base else "no base model"}
    dataset = await find_dataset(store, shop, attempt.run.period)
    async with store.reading() as session:
        new = await trainings.untrained(session, shop, dataset.id) if dataset else 0
    if dataset is None or new < knobs.threshold:
        return {"outcome": "too few", "new": new, "of": knobs.threshold}
    wanted = Wanted(knobs.trainer, base, AUTOMATIC, dataset.id, approved=not knobs.approval)
    try:
        job, _ = await Office(store, knobs).begin(shop, wanted)
    except TrainingRefused as error:
        return {"outcome": "refused", "new": new, "why": str(error)}
    return {"outcome": "proposed" if knobs.approval else "begun", "new": new, "job": str(job.id)}


async def _watched(attempt: Attempt, settings: Settings) -> dict[str, Any]:
    from llm.ending import endings, named  # noqa: PLC0415  a second of imports, for one job of many

    shop, moment = attempt.run.shop, now()
    try:
        ends = await endings(settings.openai)
    except ModelMisconfigured as error:
        return {"outcome": "not asked", "why": str(error)}
    async with attempt.store.transaction() as session:
        ours = [
            one
            for one in await trainings.versions(session, shop)
            if one.provider == "openai" and one.state in trainings.IN_USE
        ]
        for one in ours:
            one.expires_at = ends_at(one.model, one.base_model, ends)
    models = [(one.model, one.base_model) for one in ours]
    models += [(model, model) for model in named(settings)]
    found = expiring(models, ends, moment, settings.training.warn_days)
    soon = [end for end in found if end.soon]
    for end in soon:
        log.warning("model.ends", shop=str(shop), model=end.model, at=str(end.at), days=end.days)
    return {"outcome": "asked", "soon": [end.model for end in soon]}


async def go_on(store: Store, settings: Settings, run: Run, terms: Terms = TERMS) -> None:
    """Every step of one training, in this process, until it has ended and its model is deployed; a
    worker that takes a step meanwhile is waited for."""
    async with store.reading() as session:
        job = await trainings.job(session, run.shop, UUID(run.period))
    while job is not None and job.state in trainings.OPEN:
        attempt = await Attempt.claim(store, run, terms)
        if attempt is not None:
            async with attempt, asyncio.timeout(terms.timeout_s):
                await train(attempt, settings)
        await asyncio.sleep(min(settings.training.poll_s, LOOK_S))
        async with store.reading() as session:
            job = await trainings.job(session, run.shop, UUID(run.period))
    await _put_on(store, settings, run, terms)


async def _put_on(store: Store, settings: Settings, run: Run, terms: Terms) -> None:
    """What is wrong stands in the row, and the adapter stays."""
    async with store.reading() as session:
        version = await trainings.version_of(session, run.shop, UUID(run.period))
    wanted = deployment_of(run.shop, version.id) if version else None
    attempt = await Attempt.claim(store, wanted, terms) if wanted else None
    if attempt is not None:
        with suppress(DeploymentError):
            async with attempt, asyncio.timeout(terms.timeout_s):
                await deploy(attempt, settings)
