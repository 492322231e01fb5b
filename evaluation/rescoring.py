"""Judges a shop's history again, by the rules, signals and scorer of now.

Page by page, each in one transaction with the place it ends at: a walk that was cut off anywhere
goes on there, unless other signals are heard meanwhile. A row has one judgement of each version,
and changes only where that says something else now.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from evaluation.caching import Judged, follow
from evaluation.combining import LEXICON, TRAINED
from evaluation.exemplars import learn
from evaluation.scoring import Signal
from evaluation.words import LEXICON_VERSION, Learned, Said, fingerprint, voices
from store.scoring import Place, move, place_of
from store.session import Store
from store.spoken import Followed, count_followed, followed

PAGE: Final = 500
Wanted: TypeAlias = Literal["lexicon", "trained"]
Step: TypeAlias = Callable[[int, int], None]


def _nobody(_done: int, _of: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Rescored:
    """`rows` were looked at in this run, `fresh` of them got a judgement, or another one;
    `resumed` is how many an earlier run that did not end had done."""

    rows: int
    fresh: int
    resumed: int


@dataclass(frozen=True, slots=True)
class History:
    """One shop's rows. `learned` is its scorer in use; `step` is told how far it is."""

    store: Store
    shop: UUID
    signals: Sequence[Signal] = ()
    learned: Learned | None = None
    step: Step = _nobody

    def version(self, wanted: Wanted) -> int | None:
        """None where the shop has no trained scorer in use."""
        if wanted == LEXICON:
            return LEXICON_VERSION
        return self.learned.version if self.learned is not None else None

    async def rescore(self, wanted: Wanted, moment: datetime) -> Rescored:
        """A walk that ended begins anew; it finds nothing to do where nothing is new."""
        version = self.version(wanted)
        if version is None:
            return Rescored(0, 0, 0)
        task = f"rescore.{wanted}.{fingerprint(self.signals)}"
        async with self.store.batch() as connection:
            place = await place_of(connection, self.shop, task, version)
            of = await count_followed(connection, self.shop, moment)
        place = Place() if place.finished else place
        resumed, fresh = place.done, 0
        while not place.finished:
            self.step(place.done, of)
            place, found = await self._page((task, wanted, version), place, moment)
            fresh += found
        self.step(place.done, of)
        return Rescored(place.done - resumed, fresh, resumed)

    async def _page(
        self, walk: tuple[str, Wanted, int], place: Place, moment: datetime
    ) -> tuple[Place, int]:
        task, wanted, version = walk
        async with self.store.batch() as connection:
            rows = await followed(connection, self.shop, place, moment, PAGE)
        judged = await asyncio.to_thread(self._judged, rows, wanted)
        there = replace(place, done=place.done + len(rows), finished=len(rows) < PAGE)
        if rows:
            there = replace(there, at=rows[-1].at, id=rows[-1].id)
        async with self.store.batch() as connection:
            changed = await follow(connection, judged, moment)
            await learn(connection, list(changed))
            await move(connection, self.shop, task, version, there)
        return there, len(changed)

    def _judged(self, rows: Sequence[Followed], wanted: Wanted) -> list[Judged]:
        learned = self.learned if wanted == TRAINED else None
        return [
            Judged(self.shop, row.id, one.scorer, one.version, one.judgement)
            for row in rows
            for one in voices(Said(row.next, row.reply, row.content), self.signals, learned)
            if one.scorer == wanted
        ]
