"""The jobs about scores: a round over what is new, and a shop's whole history judged again."""

from typing import Final, get_args
from uuid import UUID

import structlog

from config.settings import Settings
from evaluation.learned import TrainedScorers
from evaluation.rescoring import History, Wanted
from evaluation.rounds import Rounds, wired
from evaluation.scoring import Signal
from jobs.attempts import Attempt
from jobs.plugins import find_pack, load, signals
from jobs.schedule import RESCORE, Run
from services.clock import now
from store.session import Store
from store.shops import shop_by_id

log = structlog.get_logger()
ALL: Final[tuple[Wanted, ...]] = get_args(Wanted)


class ScoringImpossible(Exception):
    """The job cannot be done here; the message says why."""


def rescoring_of(shop: UUID, wanted: Wanted) -> Run:
    return Run(RESCORE, shop, wanted)


async def score(attempt: Attempt, settings: Settings) -> None:
    store, shop = attempt.store, attempt.run.shop
    if settings.redis.url is None:
        raise ScoringImpossible("there is no Redis to count the day's money in")
    own = await _signals(store, shop, settings)
    async with wired(settings.redis.url.get_secret_value()) as wire:
        told = await Rounds(store, wire, settings, shop, own, _told).go()
    async with store.transaction() as session:
        await attempt.end(session, told)


async def rescore(attempt: Attempt, settings: Settings) -> None:
    """The walk keeps its own place, so another attempt goes on where this one ended."""
    store, shop = attempt.store, attempt.run.shop
    wanted = next((name for name in ALL if name == attempt.run.period), None)
    if wanted is None:
        raise ScoringImpossible(f"there is no scorer {attempt.run.period!r}")
    trained = TrainedScorers(store)
    held = await trained.of(shop)
    await trained.close()
    own = await _signals(store, shop, settings)
    history = History(store, shop, own, held.learned, lambda done, _: _told(RESCORE, done))
    done = await history.rescore(wanted, now())
    async with store.transaction() as session:
        await attempt.end(session, {"rows": done.rows, "fresh": done.fresh})


async def _signals(store: Store, shop: UUID, settings: Settings) -> list[Signal]:
    """The same as the bot hears, of the pack and of the plugins."""
    async with store.reading() as session:
        found = await shop_by_id(session, shop)
    if found is None:
        raise ScoringImpossible(f"there is no shop {shop}")
    extension = load(settings.app.plugins)
    return signals(find_pack(found.pack, extension), extension)


def _told(what: str, done: int) -> None:
    log.info("job.progress", what=what, done=done)
