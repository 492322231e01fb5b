"""The cases that people look at, one at a time: gathered, handed out to one person, decided.

ReviewRefused
└── Taken     somebody else is at it, or decided it
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from events.happened import caused_by, named
from learning.correcting import Editor, Proposed
from learning.grading import Grade, Grader, known, teach
from learning.labels import same
from learning.lessons import Teacher
from learning.sampling import ADDED, DIFFERS, DISLIKED, DRAWN, LOW, UNANSWERED, disagree, drawn
from store import grading, reviews, scoring
from store.corrections import revert
from store.reviews import Decision, Source
from store.session import BatchConnection, Store

REVIEW: Final = "review"
REASONS: Final[Mapping[int, str]] = {
    ADDED: "added",
    UNANSWERED: "unanswered",
    DISLIKED: "disliked",
    LOW: "low",
    DIFFERS: "differs",
    DRAWN: "drawn",
}
HELD: Final = timedelta(minutes=10)
SETTLED: Final = timedelta(minutes=2)
"""What is written takes a moment until everybody sees it."""
BACK: Final = timedelta(days=30)
PAGE: Final = 500
PAGES: Final = 10
SOURCES: Final[tuple[Source, ...]] = ("new", "thumbs", "low", "differs")


class ReviewRefused(Exception): ...


class Taken(ReviewRefused): ...


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer says of a case. `better` is an answer of theirs; `sure` vouches for it."""

    intent: str | None = None
    stars: int | None = None
    better: str = ""
    sure: bool = False


async def gather(store: Store, shop: UUID, now: datetime) -> None:
    """What there is to look at since last time: at most some thousand turns at once."""
    left = SOURCES
    for _ in range(PAGES):
        async with store.batch() as connection:
            await scoring.unhurried(connection)
            left = tuple([one for one in left if await _walk(connection, shop, one, now)])
        if not left:
            break


async def _walk(connection: BatchConnection, shop: UUID, source: Source, now: datetime) -> bool:
    """Whether there is more."""
    task = f"review:{source}"
    place = await scoring.place_of(connection, shop, task, 1)
    after = place.at if place.at != scoring.START else now - BACK
    rows = await reviews.found(connection, shop, source, (after, place.id), PAGE)
    await reviews.add(connection, shop, [case for row in rows if (case := _case(source, row))])
    full = len(rows) == PAGE
    if full:
        place = replace(place, at=rows[-1]["at"], id=rows[-1]["id"])
    else:
        place = replace(place, at=max(after, now - SETTLED), id=scoring.NOBODY)
    await scoring.move(connection, shop, task, 1, place)
    return full


def _case(source: Source, row: Mapping[str, Any]) -> tuple[UUID, int, bool] | None:
    turn = row["id"]
    is_drawn = drawn(turn)
    if source == "thumbs":
        return turn, DISLIKED, is_drawn
    if source == "low":
        return turn, LOW, is_drawn
    if source == "differs":
        pair = (row["given"], row["stood"]), (row["answer"], row["verdict"])
        return (turn, DIFFERS, is_drawn) if disagree(*pair) else None
    if row["unknown"]:
        return turn, UNANSWERED, is_drawn
    return (turn, DRAWN, True) if is_drawn else None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One person of a shop, at one moment."""

    teacher: Teacher
    editor: Editor
    grader: Grader

    async def next(self, wanted: UUID | None = None) -> UUID | None:
        """A case that nobody else has for some minutes: the wanted one, else the most urgent."""
        who, until = self.teacher, self.teacher.at + HELD
        async with who.store.batch() as connection:
            await scoring.unhurried(connection)
            if wanted is not None:
                mine = await reviews.claim(connection, who.shop, wanted, who.by, until, who.at)
                return wanted if mine else None
            return await reviews.next_case(connection, who.shop, who.by, until, who.at)

    async def save(self, case: UUID, said: Said) -> UUID:
        """The act that undoes all of it. Raises ReviewRefused, CorrectionRefused and
        ReplyUnknown; a better answer that code objects to leaves everything as it was."""
        await self._mine(case)
        correction = await self._better(case, said)
        async with self.teacher.store.batch() as connection:
            row = await known(connection, self.teacher.shop, case)
            rating = await reviews.rated(connection, self.teacher.shop, self._rating(case))
            meant = await self._mean(connection, row, said.intent)
        if said.stars is not None:
            await self.grader.give(case, Grade(stars=said.stars))
        await self.grader.process(case, improved=correction is not None)
        before = [str(case), rating, meant, str(correction) if correction else None]
        decision = Decision("done", self.teacher.by, self.teacher.at, said.intent, said.stars)
        return await self._decide(case, decision, before)

    async def draft(self, case: UUID, said: Said) -> UUID:
        await self._mine(case)
        decision = Decision(
            "draft", self.teacher.by, self.teacher.at, said.intent, said.stars, said.better or None
        )
        return await self._decide(case, decision, [str(case), [], None, None])

    async def discard(self, case: UUID) -> UUID:
        """It teaches nothing either way."""
        await self._mine(case)
        async with self.teacher.store.batch() as connection:
            rating = await reviews.rated(connection, self.teacher.shop, self._rating(case))
        await self.grader.process(case, improved=False)
        decision = Decision("discarded", self.teacher.by, self.teacher.at)
        return await self._decide(case, decision, [str(case), rating, None, None])

    async def skip(self, case: UUID) -> None:
        async with self.teacher.store.batch() as connection:
            await reviews.skip(connection, self.teacher.shop, case, self.teacher.by)

    async def pass_over(self, case: UUID) -> None:
        """Skipped without having been handed out. Raises Taken."""
        await self._mine(case)
        await self.skip(case)

    async def _mine(self, case: UUID) -> None:
        if await self.next(case) is None:
            raise Taken(f"somebody else is at {case}")

    async def _better(self, case: UUID, said: Said) -> UUID | None:
        if not said.better.strip():
            return None
        proposed = Proposed(said.better, self.editor.by)
        one = await self.editor.propose(case, proposed)
        await self.editor.accept(one["id"], sure=said.sure)
        return UUID(str(one["id"]))

    async def _mean(
        self, connection: BatchConnection, row: Mapping[str, Any], intent: str | None
    ) -> list[Any] | None:
        """What stood there before, by its id."""
        if intent is None or not row["user_message"].strip():
            return None
        shop, text = self.teacher.shop, row["user_message"]
        annotation = named("annotation", str(shop), same(text))
        before = await reviews.meant(connection, shop, annotation)
        told = (row["id"], text, intent, self.teacher.by)
        await reviews.mean(connection, shop, annotation, told)
        return [str(annotation), before]

    async def _decide(self, case: UUID, decision: Decision, before: object) -> UUID:
        async with self.teacher.store.batch() as connection:
            if not await reviews.decide(connection, self.teacher.shop, case, decision):
                raise Taken(f"somebody else decided {case}")
            act = await self.teacher.keep(connection, REVIEW, before)
            await self.teacher.note(connection, f"review.{decision.state}", act)
            return act

    def _rating(self, case: UUID) -> UUID:
        return caused_by(case, f"staff:{self.teacher.by}")


async def undo(teacher: Teacher, connection: BatchConnection, before: list[Any]) -> None:
    """As if nobody had looked at the case. `before` is what Reviewer keeps of it."""
    case, rating, meant, correction = UUID(before[0]), *before[1:]
    shop, by = teacher.shop, teacher.by
    await known(connection, shop, case)
    await reviews.reopen(connection, shop, case)
    if correction:
        await revert(connection, shop, (case, UUID(correction)), by, teacher.at)
    if meant is not None:
        await reviews.mean_back(connection, shop, UUID(meant[0]), meant[1])
    if rating != []:
        await reviews.unprocess(connection, shop, case, by)
        await reviews.rate_back(connection, shop, caused_by(case, f"staff:{by}"), rating)
    await grading.cache(connection, shop, case)
    await teach(connection, shop, case)
