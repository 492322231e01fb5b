"""Judges replies by what followed beside words: signs, thumbs, edits, silence, a return, a call.

A walk over the rows of the last days, page by page, beside the stream: nothing of it stands on the
way of a reply, and a walk that is repeated changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from evaluation.caching import Judged, follow, keep
from evaluation.combining import EDIT, HAND_OVER, REACTION, RECONTACT, SILENCE
from evaluation.exemplars import learn
from evaluation.scoring import Judgement
from evaluation.signs import SILENT, asked_again, called, edited, reacted
from events.happened import caused_by
from store import signals
from store.scoring import NOBODY, START, Place, move, place_of
from store.session import BatchConnection, Store
from store.signals import Answered, Put
from text.verdicts import DOWN, UP

VERSION: Final = 1
THUMBS: Final = {1: UP, -1: DOWN}
TASK: Final = "signals"
PAGE: Final = 1_000
SILENT_AFTER: Final = timedelta(hours=24)
RETURN_WITHIN: Final = timedelta(hours=72)
LOOK_BACK: Final = RETURN_WITHIN + timedelta(hours=8)
"""How old a row may be for something still to happen to it."""
CALLED_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a walk found: replies looked at, and those of which something new is known."""

    looked_at: int = 0
    changed: int = 0


def newest(reply: UUID, put: Iterable[Put], said: Mapping[UUID, tuple[int, int]]) -> Iterator[str]:
    """Of somebody who reacted to a reply and gave it a thumb too, only the later word."""
    left = dict(said)
    for sender, emoji, place in put:
        which = caused_by(reply, f"said:{sender}")
        if which in left and left[which][1] > place:
            continue
        left.pop(which, None)
        yield emoji
    yield from (THUMBS[thumb] for thumb, _ in left.values())


@dataclass(frozen=True, slots=True)
class Signs:
    """One shop's walk; `step` is told how many replies have been looked at."""

    store: Store
    shop: UUID
    moment: datetime
    step: Callable[[int], None] = lambda _: None

    async def walk(self) -> Seen:
        """The place moves at the end: a walk that is cut off begins again, and finds the same."""
        seen = Seen(changed=await self._edits())
        async with self.store.batch() as connection:
            place = await place_of(connection, self.shop, TASK, VERSION)
        at = Place()
        if place.at > START:
            at = Place(place.at - LOOK_BACK)
            late = await self._late(at.at)
            seen = Seen(seen.looked_at + late.looked_at, seen.changed + late.changed)
        while True:
            at, looked_at, changed = await self._page(at)
            seen = Seen(seen.looked_at + looked_at, seen.changed + changed)
            self.step(seen.looked_at)
            if looked_at < PAGE:
                break
        async with self.store.batch() as connection:
            there = replace(place, at=self.moment, id=NOBODY, done=place.done + seen.looked_at)
            await move(connection, self.shop, TASK, VERSION, there)
        return seen

    async def _page(self, after: Place) -> tuple[Place, int, int]:
        async with self.store.batch() as connection:
            rows = await signals.answered(connection, self.shop, after, self.moment, PAGE)
            if not rows:
                return after, 0, 0
            found = await self._found(connection, rows)
            changed = await follow(connection, found, self.moment)
            changed |= await keep(connection, self._silent(rows), self.moment)
            await learn(connection, list(changed))
        return Place(rows[-1].created_at, rows[-1].id), len(rows), len(changed)

    async def _found(self, connection: BatchConnection, rows: Sequence[Answered]) -> list[Judged]:
        calls = await signals.calls(connection, self.shop, rows, CALLED_WITHIN)
        later = await signals.later_questions(connection, self.shop, rows, RETURN_WITHIN)
        again = [
            (row.id, asked_again(row.question, later.get(row.id, ())))
            for row in rows
            if not row.bought
        ]
        return [
            *await self._reacted(connection, rows),
            *(self._judged(id_, HAND_OVER, called(why)) for id_, why in calls.items()),
            *(self._judged(id_, RECONTACT, one) for id_, one in again if one.score),
        ]

    async def _reacted(self, connection: BatchConnection, rows: Sequence[Answered]) -> list[Judged]:
        put = await signals.reactions(connection, self.shop, rows)
        said = await signals.thumbs(connection, self.shop, rows)
        return [
            self._judged(id_, REACTION, reacted(newest(id_, put.get(id_, ()), said.get(id_, {}))))
            for id_ in sorted(put.keys() | said.keys())
        ]

    async def _late(self, since: datetime) -> Seen:
        """Thumbs that came to replies of before the walk."""
        async with self.store.batch() as connection:
            rows = await signals.rated(connection, self.shop, since)
        changed = 0
        for first in range(0, len(rows), PAGE):
            async with self.store.batch() as connection:
                judged = await self._reacted(connection, rows[first : first + PAGE])
                found = await follow(connection, judged, self.moment)
                await learn(connection, list(found))
            changed += len(found)
        return Seen(len(rows), changed)

    def _silent(self, rows: Sequence[Answered]) -> list[Judged]:
        since = self.moment - SILENT_AFTER
        return [
            self._judged(row.id, SILENCE, SILENT)
            for row in rows
            if not row.followed and row.dispatched_at <= since
        ]

    async def _edits(self) -> int:
        async with self.store.batch() as connection:
            judged = [
                self._judged(id_, EDIT, edited(corrected=corrected, rejected=rejected))
                for id_, corrected, rejected in await signals.edits(connection, self.shop)
            ]
            changed = await follow(connection, judged, self.moment)
            await learn(connection, list(changed))
        return len(changed)

    def _judged(self, training: UUID, scorer: str, judgement: Judgement) -> Judged:
        return Judged(self.shop, training, scorer, VERSION, judgement)
