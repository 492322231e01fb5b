"""Trains a shop's scorer when there is enough to learn from, and uses it only if it is better."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from evaluation.scoring import Signal, score_follow_up
from evaluation.signs import labelled
from evaluation.trained import unpacked_scorer
from evaluation.training import (
    LEAST_FROZEN,
    Gain,
    Marked,
    TooFewLabels,
    compared,
    fit_scorer,
    without_copies,
)
from evaluation.words import Learned
from store.labels import Label, Opinion, count_labels, labels, opinions
from store.scoring import keep_scorer, newest_scorer
from store.session import Store

AGAIN_AFTER: Final = timedelta(days=7)
SURE: Final = 0.7
"""From here on the judge's opinion is a label."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A new scorer; `active` is whether it is in use, `why` says what decided that."""

    version: int
    active: bool
    labels: int
    gain: Gain
    why: str
    metrics: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lessons:
    taught: list[Marked]
    frozen: list[Marked]


@dataclass(frozen=True, slots=True)
class School:
    """One shop's. `learned` is the scorer that a new one would replace."""

    store: Store
    shop: UUID
    least: int
    signals: Sequence[Signal] = ()
    learned: Learned | None = None

    async def due(self, moment: datetime) -> bool:
        """Weekly, once there are enough labels."""
        async with self.store.reading() as session:
            last = await newest_scorer(session, self.shop)
        if last is not None and last > moment - AGAIN_AFTER:
            return False
        async with self.store.batch() as connection:
            return await count_labels(connection, self.shop) >= self.least

    async def train(self) -> Taught:
        """Raises TooFewLabels."""
        lessons = await self.lessons()
        if len(lessons.taught) < self.least:
            missing = self.least - len(lessons.taught)
            raise TooFewLabels(f"not enough labels: {missing} more, of any score")
        data, gain = await asyncio.to_thread(self._fitted, lessons)
        scorer = unpacked_scorer(data)
        metrics = {**scorer.metrics, "frozen": asdict(gain)}
        async with self.store.transaction() as session:
            version = await keep_scorer(session, self.shop, data, metrics, active=gain.proved)
        return Taught(version, gain.proved, len(lessons.taught), gain, _why(gain), metrics)

    async def lessons(self) -> Lessons:
        """People's word before the judge's; copies of what is measured on are left out."""
        async with self.store.batch() as connection:
            said = await labels(connection, self.shop)
            thought = await opinions(connection, self.shop, SURE)
        return await asyncio.to_thread(self._lessons, said, thought)

    def _lessons(self, said: Sequence[Label], thought: Sequence[Opinion]) -> Lessons:
        by_text: dict[tuple[str, str], list[Label]] = {}
        for one in said:
            by_text.setdefault((one.reply, one.next), []).append(one)
        frozen, taught = list[Marked](), list[Marked]()
        for (reply, text), mine in by_text.items():
            score = labelled([one.score for one in mine]).score
            kept = frozen if any(one.frozen for one in mine) else taught
            kept.append(self.marked(reply, text, score))
        taught += [
            self.marked(one.reply, one.next, one.score)
            for one in thought
            if (one.reply, one.next) not in by_text
        ]
        return Lessons(without_copies(taught, frozen) if frozen else taught, frozen)

    def marked(self, reply: str, text: str, score: int | None) -> Marked:
        return Marked(text, score, score_follow_up(text, reply=reply, extra=self.signals))

    def now(self, one: Marked) -> int | None:
        """What would be said of it without the new scorer."""
        if self.learned is None:
            return one.lexicon.score
        return self.learned.scorer.judge(one.text, one.lexicon).score

    def _fitted(self, lessons: Lessons) -> tuple[bytes, Gain]:
        data = fit_scorer(lessons.taught)
        scorer = unpacked_scorer(data)
        return data, compared(lessons.frozen, self.now, scorer)


def _why(gain: Gain) -> str:
    if gain.cases < LEAST_FROZEN:
        missing = LEAST_FROZEN - gain.cases
        return f"not enough frozen labels to prove anything: {missing} more"
    if gain.proved:
        return f"macro-F1 rose by {gain.after - gain.before:.3f}, by {gain.low:.3f} at least"
    return f"no proof that it is better: macro-F1 {gain.before:.3f} before, {gain.after:.3f} after"
