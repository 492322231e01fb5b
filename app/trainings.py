"""`train`: a dataset becomes a model, when a person says so."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, cast
from uuid import UUID

from rich.progress import Progress

from app.backing import backing
from app.console import FAILED, USAGE, emit, refuse, result, said_once, say, somebody, talk
from app.guessing import unknown
from app.training_views import every, one, record, tell, watched
from config.settings import Settings
from jobs.asking import offer
from jobs.queue import Queue
from jobs.schedule import hurry
from jobs.training import follower_of, go_on, training_of
from learning.dataset import Steps
from learning.ordering import Office, Wanted, dollars
from learning.readiness import find
from learning.trainers.base import Method
from learning.trainers.bases import BASES, fitting, trainers_of
from learning.trainers.opening import usual_base
from store.session import Store, open_store
from store.shops import find_shop
from store.trainings import ENDED
from store.versions import TrainingJob


@dataclass(frozen=True, slots=True)
class School:
    settings: Settings
    store: Store
    shop: UUID
    key: str
    redis_url: str

    @property
    def office(self) -> Office:
        return Office(self.store, self.settings.training)

    async def offer(self, job: TrainingJob) -> None:
        """To the worker of a running bot; where none can be told, the schedule tells it later."""
        own = self.settings.jobs.redis_url
        url = own.get_secret_value() if own else self.redis_url
        run = training_of(self.shop, job.id)
        await offer(self.store, Queue(url, self.settings.redis.prefix), run)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose of a training; the settings choose the rest."""

    trainer: str = ""
    base: str = ""
    dataset: str = ""
    method: str = "supervised"
    options: Sequence[str] = ()


@asynccontextmanager
async def school(settings: Settings, shop: str) -> AsyncIterator[School]:
    """Refuses a shop that nobody ever set up."""
    key = shop or settings.app.shop
    async with backing(settings, said_once()) as here:
        store = open_store(here.database_url, role="pipeline", pool=3)
        try:
            async with store.reading() as session:
                found = await find_shop(session, key)
            if found is None:
                refuse(f"there is no shop {key!r}", "no bot ever ran for it", "main.py run")
            yield School(settings, store, found.id, key, here.redis_url)
        finally:
            await store.close()


async def prepare(settings: Settings, shop: str, *, as_json: bool) -> None:
    out = settings.jobs.datasets or settings.app.var / "datasets"
    async with school(settings, shop) as at:
        with Progress(console=talk, transient=True) as bar:
            task = bar.add_task("reading rows", total=None)
            steps = Steps(
                progress=lambda stage, count: bar.update(task, description=stage, completed=count)
            )
            built = await at.office.prepare(at.shop, out, steps, settings=settings.curation)
    if as_json:
        emit(built.summary())
        return
    result.print(f"{built.rows} rows are prepared as dataset {built.id}", markup=False)
    result.print(built.explanation, markup=False)
    talk.print("next: main.py train start --trainer examples, or --trainer openai --base MODEL")


async def start(settings: Settings, shop: str, choice: Choice, *, here: bool, as_json: bool) -> int:
    """The exit code: 1 when it was done here and failed."""
    wanted = _wanted(settings, choice)
    async with school(settings, shop) as at:
        if choice.dataset:
            wanted = replace(wanted, dataset=(await find(at.store, at.shop, choice.dataset)).id)
        job, new = await at.office.begin(at.shop, wanted)
        if not new:
            talk.print(f"this training was asked for before; it is {job.state}", markup=False)
        return await _taken_up(at, job, here=here, as_json=as_json)


async def retry(settings: Settings, shop: str, which: str, *, here: bool, as_json: bool) -> int:
    async with school(settings, shop) as at:
        failed = await at.office.find(at.shop, which)
        job, _ = await at.office.retry(at.shop, failed, somebody())
        return await _taken_up(at, job, here=here, as_json=as_json)


async def approve(settings: Settings, shop: str, which: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        found = await at.office.find(at.shop, which)
        job = await at.office.approve(at.shop, found, somebody())
        await at.offer(job)
        await _said(at, job, "is approved", as_json=as_json)


async def cancel(settings: Settings, shop: str, which: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        found = await at.office.find(at.shop, which)
        job = await at.office.cancel(at.shop, found)
        if job.state not in ENDED:
            await hurry(at.store, training_of(at.shop, job.id))
            await at.offer(job)
        said = "is cancelled" if job.state in ENDED else "will be cancelled within seconds"
        await _said(at, job, said, as_json=as_json)


async def turn(
    settings: Settings, shop: str, which: str, wish: Literal["pause", "resume"], *, as_json: bool
) -> None:
    async with school(settings, shop) as at:
        job = await at.office.find(at.shop, which)
        await follower_of(at.store, settings).turn(at.shop, job.id, wish)
    told = {"id": job.id, "wish": wish}
    say(f"training {job.id.hex[:8]} will {wish} within seconds", told, as_json=as_json)


async def follow(settings: Settings, shop: str, which: str, *, as_json: bool) -> int:
    """Until it has ended; the exit code is 1 when it did not succeed."""
    async with school(settings, shop) as at:
        job = await at.office.find(at.shop, which)
        if not job.approved_by and job.state not in ENDED:
            hint = f"main.py train approve {job.id.hex[:8]}"
            refuse("nobody has approved this training", "so nothing goes on", hint, code=FAILED)
        return await _followed(at, job, here=False, as_json=as_json)


async def show_all(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        await every(at.store, at.shop, as_json=as_json)


async def show(settings: Settings, shop: str, which: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        await one(at.store, at.shop, await at.office.find(at.shop, which), as_json=as_json)


async def _taken_up(at: School, job: TrainingJob, *, here: bool, as_json: bool) -> int:
    if job.state not in ENDED and job.approved_by:
        await at.offer(job)
    if here and job.approved_by:
        return await _followed(at, job, here=True, as_json=as_json)
    cost = f", for about {dollars(job.estimate_micros)}" if job.estimate_micros else ""
    await _said(at, job, f"is {job.state}{cost}", as_json=as_json)
    if job.state not in ENDED:
        talk.print(f"a running bot trains it: main.py train follow {job.id.hex[:8]}")
    return 0


async def _followed(at: School, job: TrainingJob, *, here: bool, as_json: bool) -> int:
    async with asyncio.TaskGroup() as both:
        if here:
            both.create_task(go_on(at.store, at.settings, training_of(at.shop, job.id)))
        watching = both.create_task(watched(at.store, at.shop, job.id))
    done = watching.result()
    what = "is cancelled" if done.state == "cancelled" else f"has {done.state}"
    await _said(at, done, what, as_json=as_json)
    return 0 if done.state == "succeeded" else FAILED


async def _said(at: School, job: TrainingJob, what: str, *, as_json: bool) -> None:
    told = await record(at.store, at.shop, job)
    if as_json:
        emit(told)
    else:
        tell(told, what)


def _wanted(settings: Settings, choice: Choice) -> Wanted:
    trainer = choice.trainer or settings.training.trainer
    if trainer not in trainers_of(settings):
        unknown("trainer", trainer, trainers_of(settings))
    base = choice.base or usual_base(trainer, settings)
    if not base:
        why = "nobody said what is trained from"
        refuse(
            "a training needs a base model",
            why,
            f"--base {BASES.get(trainer, 'MODEL')}",
            code=USAGE,
        )
    fitting(trainer, base, settings)
    if choice.method not in {"supervised", "dpo"}:
        unknown("method", choice.method, ("supervised", "dpo"))
    return Wanted(
        trainer, base, somebody(), None, cast("Method", choice.method),
        dict(_option(given) for given in choice.options),
    )  # fmt: skip


def _option(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not (name and equals and value):
        refuse(f"{given!r} is no option", hint="NAME=VALUE, as in epochs=3", code=USAGE)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
