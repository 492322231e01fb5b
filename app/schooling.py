"""What two weeks of a sample shop taught, as a worker would make it of them: questions in groups, a
dataset, a version that shows its best answers as examples, and what an examination says of it."""

from typing import Final
from uuid import UUID

import structlog

from app.backing import Backing
from app.console import talk
from app.evaluating import Wanted as Examined
from app.evaluating import bench_at, concluded, given_of
from config.settings import Settings
from events.happened import named
from jobs.schedule import ask
from jobs.training import go_on, training_of
from learning.dataset import Steps
from learning.ordering import Office, Wanted
from learning.questions import gather
from learning.refusals import NothingToLearn
from learning.trainers.opening import usual_base
from llm.offline import OFFLINE, RULES
from services.clock import now
from store import trainings
from store.session import Store, open_store

LOOK_S: Final = 0.1
BY: Final = "Ada (demo)"
SPLIT: Final = "test"
"""What nobody tuned anything on, and short enough to be waited for."""

log = structlog.get_logger()


async def school(settings: Settings, here: Backing) -> None:
    """The version is examined beside what answers without it."""
    shop = named("shop", settings.app.shop)
    store = open_store(here.database_url, role="pipeline", pool=3)
    try:
        await gather(store, shop, now())
        with talk.status("what they taught"):
            versions = await _trained(store, shop, settings)
    finally:
        await store.close()
    for version in ("", *versions):
        wanted = Examined(settings.app.shop, version, SPLIT, by=BY)
        async with bench_at(settings, here, wanted) as at:
            await concluded(at, wanted, await given_of(at, SPLIT))


async def _trained(store: Store, shop: UUID, settings: Settings) -> list[str]:
    """Names of versions; none where nobody said anything worth learning."""
    knobs = settings.training.model_copy(update={"poll_s": LOOK_S})
    hasty = settings.model_copy(update={"training": knobs})
    office, out = Office(store, knobs), settings.jobs.datasets or settings.app.var / "datasets"
    try:
        built = await office.prepare(shop, out, Steps(), settings=settings.curation)
    except NothingToLearn as nothing:
        log.info("sample.untaught", reason=str(nothing))
        return []
    base = usual_base("examples", settings) or f"{OFFLINE}:{RULES}"
    job, _ = await office.begin(shop, Wanted("examples", base, BY, built.id))
    run = training_of(shop, job.id)
    await ask(store, run)
    await go_on(store, hasty, run)
    async with store.reading() as session:
        return [one.name for one in await trainings.versions(session, shop)]
