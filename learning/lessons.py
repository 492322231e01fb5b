"""What a person does with a shop's library: takes turns in, leaves them out, writes their own.

LessonRefused      nothing was changed; the message says why
├── NoSuchTurn     the shop has none of them
└── NothingToUndo  it is undone already, or somebody else did it
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from events.happened import named
from learning.grading import teach
from nlu.parse import Parser
from store import acts
from store.audit import Actor, record_by
from store.batches import Row
from store.corrections import revert
from store.examples import PER_SHOP, forget
from store.grading import cache
from store.session import BatchConnection, Store
from text.folding import clean
from text.privacy import Recogniser, Tags, scrub

ALLOW: Final = "allow"
ADD: Final = "add"
CORRECT: Final = "correct"
QUEUE: Final = "queue"
AT_ONCE: Final = 500
TOLD: Final = {
    ALLOW: "example.allowed",
    ADD: "example.added",
    QUEUE: "review.added",
    "question": "question.decided",
    "sale": "example.sold",
}
"""What the audit calls an act; a correction stands there as what was accepted."""
PERSON: Final = "person"
"""Who answered what nobody chatted."""


class LessonRefused(Exception): ...


class NoSuchTurn(LessonRefused): ...


class NothingToUndo(LessonRefused): ...


@dataclass(frozen=True, slots=True)
class Taught:
    """`act` is what undoes it; `rows` are those that changed."""

    act: UUID
    rows: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """`context` is what else was known, for people: it is kept and shown, and not learned."""

    question: str
    answer: str
    intent: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Teacher:
    """One person of a shop, at one moment; `parser` says what a question means,
    `names` are of people who are spoken of. Where the `actor` is known, the audit tells each act
    that teaches, in its own transaction."""

    store: Store
    shop: UUID
    by: str
    at: datetime
    parser: Parser
    own: tuple[Recogniser, ...] = field(default=())
    names: tuple[str, ...] = ()
    actor: Actor | None = None

    def naming(self, names: Iterable[str]) -> "Teacher":
        return replace(self, names=tuple(names))

    async def allow(self, rows: Sequence[UUID], *, accepted: bool) -> Taught:
        """Whether they may be learned from. Raises NoSuchTurn."""
        async with self.store.batch() as connection:
            before = await acts.allowed(connection, self.shop, list(rows)[:AT_ONCE])
            if not before:
                raise NoSuchTurn("the shop has no such turn")
            await self._say(connection, dict.fromkeys(before, accepted))
            told = [[str(row), was] for row, was in before.items()]
            return Taught(await self.keep(connection, ALLOW, told), tuple(before))

    async def add(
        self, lessons: Sequence[Lesson], *, origin: str, accepted: bool, whose: str = ""
    ) -> Taught:
        """Masked; the same lesson again is the same row. What was not `accepted` waits for
        somebody to say so. `whose` tells the chats of an import apart."""
        nobody = named("library", str(self.shop), whose)
        rows = [self._row(nobody, one, origin) for one in lessons]
        async with self.store.batch() as connection:
            fresh = await acts.add(connection, self.shop, nobody, rows)
            if accepted:
                await self._say(connection, dict.fromkeys(fresh, True))
            told = [str(row) for row in fresh]
            return Taught(await self.keep(connection, ADD, told), tuple(fresh))

    async def undo_allow(self, connection: BatchConnection, before: Iterable[Any]) -> None:
        await self._say(connection, {UUID(row): was for row, was in before})

    async def undo_add(self, connection: BatchConnection, rows: Sequence[str]) -> None:
        """What a dataset used already is left out from now on."""
        ids = [UUID(row) for row in rows]
        gone = set(await acts.remove(connection, self.shop, ids))
        await self._say(connection, {row: False for row in ids if row not in gone})

    async def corrected(self, row: UUID, correction: UUID) -> UUID:
        """The act of somebody who accepted a better answer."""
        async with self.store.batch() as connection:
            return await self.keep(connection, CORRECT, [str(row), str(correction)])

    async def undo_correct(self, connection: BatchConnection, before: Sequence[str]) -> None:
        row, correction = (UUID(one) for one in before)
        await revert(connection, self.shop, (row, correction), self.by, self.at)
        await cache(connection, self.shop, row)
        await teach(connection, self.shop, row, PER_SHOP)

    async def keep(self, connection: BatchConnection, kind: str, before: object) -> UUID:
        act = uuid4()
        await acts.keep(connection, self.shop, act, (self.by, kind, before, self.at))
        if kind in TOLD:
            await self.note(connection, TOLD[kind], act)
        return act

    async def note(self, connection: BatchConnection, action: str, act: UUID) -> None:
        if self.actor is not None:
            deed = (action, f"act:{act}", None, None)
            await record_by(connection, self.shop, self.at, self.actor, deed)

    async def _say(self, connection: BatchConnection, allowed: Mapping[UUID, bool | None]) -> None:
        await acts.allow(connection, self.shop, list(allowed.items()), self.by, self.at)
        for row, said in allowed.items():
            if said is False:
                await forget(connection, [(self.shop, row)])
            else:
                await teach(connection, self.shop, row, PER_SHOP)

    def _row(self, nobody: UUID, one: Lesson, origin: str) -> Row:
        question, answer, besides = self.masked(one.question, one.answer, one.context)
        parsed = self.parser.parse(question)
        intent = one.intent or parsed.intent
        row = named("lesson", str(self.shop), question, answer)
        return (
            self.shop, row, nobody, nobody, row, 0, "human", question, answer, 0.5, "neutral",
            parsed.locale, intent, "{}", parsed.confidence, _noted(besides), parsed.category,
            PERSON, "", "", 0, 0, 0, self.at, origin,
        )  # fmt: skip

    def masked(self, *texts: str) -> tuple[str, ...]:
        """The same person has the same tag in all."""
        tags = Tags({})
        return tuple(
            scrub(clean(text.strip()), tags, extra=self.own, names=self.names).text
            for text in texts
        )


def _noted(besides: str) -> str:
    return json.dumps({"note": besides} if besides else {}, ensure_ascii=False)
