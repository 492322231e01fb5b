"""The trained scorer of each shop in memory: a new one is in use within seconds."""

import asyncio
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import structlog

from evaluation.trained import ScorerInvalid, unpacked_scorer
from evaluation.words import Learned
from knowledge.shelves import Shelves
from store import scoring

log = structlog.get_logger()
Version: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Held:
    """None where a shop has no trained scorer, or one that cannot be used."""

    learned: Learned | None


@dataclass(frozen=True, slots=True)
class TrainedScorers(Shelves[Version, Held]):
    async def read(self, shop: UUID) -> tuple[Version, ...]:
        """What is in memory already is not fetched again."""
        shelf = self.shelves.get(shop)
        held = shelf.rows if shelf is not None else ()
        async with self.store.reading() as session:
            version = await scoring.active_scorer_version(session, shop)
            if version is None:
                return ()
            if held and held[0][0] == version:
                return held
            found = await scoring.active_scorer(session, shop)
        return (found,) if found is not None else ()

    def made(self, rows: tuple[Version, ...]) -> Held:
        if not rows:
            return Held(None)
        version, data = rows[0]
        try:
            return Held(Learned(version, unpacked_scorer(data)))
        except ScorerInvalid as error:
            log.warning("scorer.refused", version=version, reason=str(error))
            return Held(None)

    async def _ready(self, rows: tuple[Version, ...]) -> Held:
        """Beside the event loop: there are a million numbers in it."""
        return await asyncio.to_thread(self.made, rows)
